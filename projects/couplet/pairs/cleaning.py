"""Which raw pairs are fit for training, and why the others are not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from common.errors import UserError
from projects.couplet.lines.characters import LONGEST, PUNCTUATION, is_han, normalize
from projects.couplet.pairs.reading import read_lines

Pair = tuple[str, str]

# What stands where a collector's program did not know a character.
_LOST = frozenset("□■\ufffd")


@dataclass(frozen=True)
class Cleaner:
    """Judges pairs.

    Attributes:
        bad_words: A pair with one of them in a line is dropped.
        longest: Characters of a line, punctuation counted.
    """

    bad_words: frozenset[str] = frozenset()
    longest: int = LONGEST

    def find_fault(self, first: str, second: str) -> str:
        """Tell why a pair is not fit, in the words of a report; "" if it is.

        Args:
            first: The first line, normalized.
            second: The second line, normalized.
        """
        characters = set(first + second)
        if not first or not second:
            return "empty line"
        if characters & _LOST:
            return "lost character"
        if not all(map(_is_usual, characters)):
            return "neither character nor punctuation"
        if len(first) != len(second):
            return "unequal length"
        if len(first) > self.longest:
            return f"longer than {self.longest}"
        if not _fit_together(first, second):
            return "punctuation at other places, or nothing else"
        if first == second:
            return "the same line twice"
        if self._has_bad_word(first) or self._has_bad_word(second):
            return "bad word"
        return ""

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(word) for word in self.bad_words})

    def _has_bad_word(self, line: str) -> bool:
        return any(
            line[start : start + length] in self.bad_words
            for length in self._lengths
            for start in range(len(line) - length + 1)
        )


def clean_pairs(
    rows: Iterable[tuple[str, ...]], cleaner: Cleaner
) -> tuple[list[Pair], Counter[str]]:
    """Normalize pairs and keep the fit ones, each once, in their order.

    Args:
        rows: Cells of raw lines.
        cleaner: Judges them.

    Returns:
        The pairs, and how many rows were dropped for which reason.
    """
    kept: dict[tuple[str, ...], None] = {}
    dropped: Counter[str] = Counter()
    for row in rows:
        pair = tuple(map(normalize, row))
        fault = cleaner.find_fault(*pair) if len(pair) == 2 else "not two columns"
        if not fault and pair in kept:
            fault = "duplicate"
        if fault:
            dropped[fault] += 1
        else:
            kept[pair] = None
    return [(first, second) for first, second in kept], dropped


def read_words(path: Path) -> frozenset[str]:
    """Read a list of words, one a line; lines that begin with # are remarks.

    Raises:
        UserError: The file cannot be read, or has no word.
    """
    lines = (normalize(line) for line in read_lines(Path(path)) if line[0] != "#")
    words = frozenset(filter(None, lines))
    if not words:
        raise UserError(f"Words expected in {path}, one a line. Received: none.")
    return words


@lru_cache(maxsize=1 << 16)
def _is_usual(char: str) -> bool:
    return char in PUNCTUATION or is_han(char)


def _fit_together(first: str, second: str) -> bool:
    marks = [char in PUNCTUATION for char in first]
    return marks == [char in PUNCTUATION for char in second] and not all(marks)
