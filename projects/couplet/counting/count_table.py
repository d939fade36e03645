"""How often each outcome followed each context, in sorted arrays of whole numbers."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from common.errors import UserError
from common.files import atomic_write

_LARGEST = 2**63


class Rows(NamedTuple):
    """All outcomes that were seen after some contexts.

    Attributes:
        row: int64, shape (n,): which of the contexts.
        outcome: int64, shape (n,); within a row all differ.
        count: int64, shape (n,).
    """

    row: np.ndarray
    outcome: np.ndarray
    count: np.ndarray  # type: ignore[assignment]  # not the method of a tuple


@dataclass(frozen=True, eq=False)
class CountTable:
    """Counts of pairs of a context and an outcome.

    Attributes:
        num_outcomes: Outcomes are from 0 to this, excluded.
        keys: int64, shape (different pairs,), sorted: context * num_outcomes +
            outcome.
        counts: int32, shape (different pairs,), at least 1.
    """

    num_outcomes: int
    keys: np.ndarray
    counts: np.ndarray

    @classmethod
    def from_pairs(
        cls, contexts: np.ndarray, outcomes: np.ndarray, num_outcomes: int
    ) -> "CountTable":
        """Count pairs, given as two int64 arrays of shape (pairs,)."""
        keys = contexts * np.int64(num_outcomes) + outcomes
        keys, counts = np.unique(keys, return_counts=True)
        return cls(num_outcomes, keys, counts.astype(np.int32))

    @cached_property
    def _contexts(self) -> tuple[np.ndarray, np.ndarray]:
        """The different contexts, sorted, and where their keys begin."""
        contexts = self.keys // self.num_outcomes
        new = np.flatnonzero(np.diff(contexts, prepend=-1))
        return contexts[new], np.append(new, len(contexts))

    @cached_property
    def _totals(self) -> np.ndarray:
        return np.add.reduceat(self.counts, self._contexts[1][:-1], dtype=np.int64)

    def count(self, contexts: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
        """Return how often each pair was seen: int64, shape (n,)."""
        keys = np.asarray(contexts, np.int64) * self.num_outcomes + outcomes
        places, found = _look_up(self.keys, keys)
        return np.where(found, self.counts[places], 0).astype(np.int64)

    def total(self, contexts: np.ndarray) -> np.ndarray:
        """Return how often each context was seen: int64, shape (n,)."""
        places, found = _look_up(self._contexts[0], contexts)
        return np.where(found, self._totals[places], 0)

    def variety(self, contexts: np.ndarray) -> np.ndarray:
        """Return how many outcomes each context had: int64, shape (n,)."""
        places, found = _look_up(self._contexts[0], contexts)
        return np.where(found, np.diff(self._contexts[1])[places], 0)

    def rows(self, contexts: np.ndarray) -> Rows:
        """Return all that was seen after contexts, of shape (m,)."""
        places, found = _look_up(self._contexts[0], contexts)
        begin = self._contexts[1][places]
        lengths = np.where(found, self._contexts[1][places + 1] - begin, 0)
        row = np.repeat(np.arange(len(lengths)), lengths)
        within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        where = begin[row] + within
        count = self.counts[where].astype(np.int64)
        return Rows(row, self.keys[where] % self.num_outcomes, count)


def join_ids(ids: Sequence[np.ndarray], base: int) -> np.ndarray:
    """Write some ids as one whole number.

    Args:
        ids: Arrays of whole numbers from 0 to `base`, excluded, all of shape (n,).
        base: Number of ids; with one more id there must be less than 2^63 keys.

    Returns:
        int64, shape (n,); the last id counts least.

    Raises:
        ValueError: The numbers would be too large.
    """
    if base ** (len(ids) + 1) >= _LARGEST:
        raise ValueError(
            f"`ids` must be fewer with {base} of a kind. Received: {len(ids)}."
        )
    key = np.asarray(ids[0], np.int64)
    for more in ids[1:]:
        key = key * base + more
    return key


def save_tables(
    path: Path, tables: Mapping[str, CountTable], **arrays: np.ndarray
) -> None:
    """Write tables, and arrays beside them, into one compressed .npz."""
    for name, table in tables.items():
        # Differences of sorted numbers are small, and pack well byte by byte.
        steps = np.diff(table.keys, prepend=0).astype("<i8").view(np.uint8)
        arrays[f"{name}_keys"] = steps.reshape(-1, 8).T
        arrays[f"{name}_counts"] = table.counts
        arrays[f"{name}_outcomes"] = np.array(table.num_outcomes)
    with atomic_write(Path(path)) as temporary:
        np.savez_compressed(temporary, allow_pickle=False, **arrays)


def load_tables(path: Path) -> tuple[dict[str, CountTable], dict[str, np.ndarray]]:
    """Read what `save_tables` wrote.

    Raises:
        UserError: The file is missing, damaged or another.
    """
    try:
        # Opened here: numpy forgets to close what proves to be no archive.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = dict(archive)
        tables = {}
        for name in [key[:-5] for key in arrays if key.endswith("_keys")]:
            steps = np.ascontiguousarray(arrays.pop(f"{name}_keys").T)
            keys = np.cumsum(steps.view("<i8").ravel())
            counts = arrays.pop(f"{name}_counts")
            if keys.shape != counts.shape:
                raise ValueError("counts and keys differ in number")
            tables[name] = CountTable(int(arrays.pop(f"{name}_outcomes")), keys, counts)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(
            f"Tables of counts expected in {path}. Received: {error}. Restore the file"
            " or train again."
        ) from error
    return tables, arrays


def _look_up(known: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a place in a sorted array for each number, and whether it is there."""
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return places, known[places] == wanted
