"""How well two characters face each other, by how often they did in known pairs."""

import functools
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.files import atomic_write
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.traditional import to_simplified

SHIPPED = Path(__file__).parents[1] / "pretrained" / "antithesis.npz"

# Added to the observed and to the expected count, so that what was seen little
# says little.
_DOUBT = 1.0
_BROKEN: tuple[type[Exception], ...] = (OSError, ValueError, TypeError, KeyError)
_BROKEN += (EOFError, zlib.error, zipfile.BadZipFile)


@dataclass(frozen=True, eq=False)
class Antithesis:
    """Counts of characters that face each other, whichever line has which.

    Attributes:
        characters: All characters, in the order of their code points.
        totals: How often each faces any, uint32, shape (number of characters,).
        keys: Of each kept couple, low * number of characters + high, where low and
            high are positions in `characters`; int64, sorted.
        counts: How often these face each other, uint32, as long as `keys`.
    """

    characters: str
    totals: np.ndarray
    keys: np.ndarray
    counts: np.ndarray

    @classmethod
    def from_pairs(
        cls, pairs: Iterable[tuple[str, str]], *, min_count: int = 2
    ) -> "Antithesis":
        """Count the characters that face each other in pairs of lines.

        Args:
            pairs: First and second lines; pairs of unequal length are passed over.
            min_count: Couples seen less often are not kept, as if never seen.
        """
        low, high, characters = _facing([p for p in pairs if len(p[0]) == len(p[1])])
        size = len(characters)
        totals = np.bincount(low, minlength=size) + np.bincount(high, minlength=size)
        keys, counts = np.unique(low * size + high, return_counts=True)
        kept = counts >= min_count
        return cls(
            characters,
            totals.astype(np.uint32),
            keys[kept],
            counts[kept].astype(np.uint32),
        )

    def strength(self, a: str, b: str) -> float:
        """Return how much likelier than by chance two characters face each other.

        Returns:
            The natural logarithm of observed over expected count: 0 is chance, and
            also what an unknown character has; 2.3 is ten times as often.
        """
        numbers = sorted((self._numbers.get(a, -1), self._numbers.get(b, -1)))
        if numbers[0] < 0:
            return 0.0
        totals = self.totals[numbers].astype(float)
        ways = 1 if a == b else 2
        expected = ways * totals[0] * totals[1] / (2 * self.totals.sum(dtype=float))
        observed = self._count(numbers[0] * len(self.characters) + numbers[1])
        return float(np.log((observed + _DOUBT) / (expected + _DOUBT)))

    def strengths(self, first: str, second: str) -> list[float | None]:
        """Return the strength at each position, None at punctuation.

        Args:
            first: A line, simplified or traditional.
            second: The other; what stands beyond the shorter line is left out.
        """
        lines = zip(to_simplified(first), to_simplified(second), strict=False)
        return [
            self.strength(a, b) if is_han(a) and is_han(b) else None for a, b in lines
        ]

    def save(self, path: Path) -> None:
        """Write the counts, about two bytes for each couple."""
        size = len(self.characters)
        with atomic_write(Path(path)) as temporary:
            np.savez_compressed(
                temporary,
                characters=np.array(list(map(ord, self.characters)), np.uint32),
                totals=self.totals,
                row_lengths=np.bincount(self.keys // size, minlength=size),
                columns=(self.keys % size).astype(np.uint16),
                counts=self.counts,
            )

    @classmethod
    def load(cls, path: Path | None = None) -> "Antithesis":
        """Read what `save` wrote.

        Args:
            path: The file; None means the one that is shipped.

        Raises:
            UserError: The file is missing, broken or none of ours.
        """
        path = Path(path or SHIPPED)
        try:
            # NumPy would leave a broken file that it opened itself open.
            with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            characters = "".join(map(chr, arrays["characters"]))
            rows = np.repeat(np.arange(len(characters)), arrays["row_lengths"])
            keys = rows * len(characters) + arrays["columns"]
            made = cls(characters, arrays["totals"], keys, arrays["counts"])
            if len(made.totals) != len(characters) or len(keys) != len(made.counts):
                raise ValueError("lengths differ")
        except _BROKEN as error:
            raise UserError(
                f"Expected a table of antitheses at {path}. Received: {error!r}. Take"
                " the file anew from the repository."
            ) from error
        return made

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        return {char: number for number, char in enumerate(self.characters)}

    def _count(self, key: int) -> int:
        place = int(np.searchsorted(self.keys, key))
        found = place < len(self.keys) and self.keys[place] == key
        return int(self.counts[place]) if found else 0


def _facing(pairs: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray, str]:
    """Return the numbers of facing characters, the lower first, and all characters."""
    lines = ["".join(line) for line in zip(*pairs, strict=True)] or ["", ""]
    codes = [np.frombuffer(line.encode("utf-32-le"), np.uint32) for line in lines]
    used, numbers = np.unique(np.concatenate(codes), return_inverse=True)
    is_character = np.array([is_han(chr(code)) for code in used], bool)
    new_numbers = np.cumsum(is_character) - 1
    a, b = numbers.reshape(2, -1)
    both = is_character[a] & is_character[b]
    a, b = new_numbers[a[both]], new_numbers[b[both]]
    characters = "".join(map(chr, used[is_character]))
    return np.minimum(a, b), np.maximum(a, b), characters
