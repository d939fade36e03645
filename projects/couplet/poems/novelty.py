"""Which clauses stand in the training poems, without the poems (a Bloom filter).

Every clause sets some bits of a table. A clause all of whose bits are set is taken
for known: a known one always is, an unknown one rarely.
"""

import hashlib
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.files import atomic_write

_NUM_HASHES = 7  # the best number for a share of mistakes of about 1 %
_MISTAKES = 0.01


@dataclass(frozen=True, eq=False)
class KnownClauses:
    """A set of clauses.

    Attributes:
        bits: uint8, shape (bytes,).
    """

    bits: np.ndarray

    @classmethod
    def of(cls, clauses: Collection[str]) -> "KnownClauses":
        """Remember clauses; of others, about 1 in 100 is taken for one of them."""
        number = len(clauses) * -math.log(_MISTAKES) / math.log(2) ** 2
        bits = np.zeros(8 * (int(number) // 8 + 1), bool)
        bits[_places(clauses, len(bits))] = True
        return cls(np.packbits(bits))

    def __contains__(self, clause: str) -> bool:
        """Tell whether a clause is known, or by a rare mistake seems so."""
        places = _places([clause], 8 * len(self.bits))
        return bool((self.bits[places // 8] >> (7 - places % 8) & 1).all())

    def save(self, path: Path) -> None:
        """Write the set, .npy."""
        with atomic_write(path) as temporary:
            np.save(temporary, self.bits)

    @classmethod
    def load(cls, path: Path) -> "KnownClauses":
        """Read what `save` wrote.

        Raises:
            UserError: The file is missing or broken.
        """
        try:
            bits = np.load(path, allow_pickle=False)
        except FileNotFoundError:
            reason = "no such file"
        except (OSError, ValueError, EOFError):
            reason = "a broken file"
        else:
            if (
                getattr(bits, "dtype", None) == np.uint8
                and bits.ndim == 1
                and len(bits)
            ):
                return cls(bits)
            reason = "another file"
        raise UserError(
            f"Expected the known clauses in {path}. Received: {reason}. Restore the"
            " file, or train again."
        )


def _places(clauses: Iterable[str], size: int) -> np.ndarray:
    """Return the bits of clauses, joined, int64."""
    digests = (hashlib.blake2b(c.encode(), digest_size=16).digest() for c in clauses)
    halves = np.frombuffer(b"".join(digests), "<u8").reshape(-1, 2)
    steps = np.arange(_NUM_HASHES, dtype=np.uint64)
    # Two hashes serve as many (Kirsch and Mitzenmacher); they may overflow.
    places = (halves[:, :1] + steps * halves[:, 1:]) % np.uint64(size)
    return places.astype(np.int64).ravel()
