"""Many lines as one array of ids, so that counting them is a matter of sorting."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.tokens import UNKNOWN, Tokens

_CODE_POINTS = 0x110000


@dataclass(frozen=True, eq=False)
class LineIds:
    """Lines one after another.

    Attributes:
        ids: int32, shape (characters,).
        starts: int64, shape (lines + 1,): where each line begins; the last is the
            number of characters.
    """

    ids: np.ndarray
    starts: np.ndarray

    @classmethod
    def from_lists(cls, lines: Sequence[Sequence[int]]) -> "LineIds":
        """Join lines of ids."""
        starts = np.cumsum([0, *map(len, lines)])
        chained = itertools.chain.from_iterable(lines)
        return cls(np.fromiter(chained, np.int32, starts[-1]), starts)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.starts) - 1

    def previous(self, distance: int, filler: int) -> np.ndarray:
        """Return for each character the id of that `distance` places before it.

        Args:
            distance: 1 means the neighbor.
            filler: What stands before a line.

        Returns:
            int32, shape (characters,).
        """
        places = np.arange(len(self.ids))
        begin = np.repeat(self.starts[:-1], np.diff(self.starts))
        inside = places - distance >= begin
        return np.where(inside, np.roll(self.ids, distance), np.int32(filler))

    def closed_by(self, end: int) -> "LineIds":
        """Return the lines with one more id at the end of each."""
        return LineIds(
            np.insert(self.ids, self.starts[1:], end).astype(np.int32),
            self.starts + np.arange(len(self.starts)),
        )

    def sum_each(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of values, one for each character, over each line."""
        return np.diff(np.concatenate([[0], np.cumsum(values)])[self.starts])


def check_aligned(first: LineIds, second: LineIds) -> None:
    """Refuse pairs of lines of different lengths.

    Raises:
        ValueError: A character of one side would face none of the other.
    """
    if not np.array_equal(first.starts, second.starts):
        raise ValueError(
            "`first` and `second` must have lines of the same lengths. Received:"
            f" {len(first)} and {len(second)} lines of {len(first.ids)} and"
            f" {len(second.ids)} characters."
        )


def encode_lines(lines: Iterable[str], tokens: Tokens) -> LineIds:
    """Look up the ids of all characters of lines, `UNKNOWN` where there is none."""
    lines = list(lines)
    known = [(ord(c), i) for i, c in enumerate(tokens.characters) if len(c) == 1]
    table = np.full(_CODE_POINTS, UNKNOWN, np.int32)
    points, ids = np.array(known, np.int64).reshape(-1, 2).T
    table[points] = ids
    text = "".join(lines).encode("utf-32-le", "surrogatepass")
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return LineIds(table[np.frombuffer(text, "<u4")], starts)
