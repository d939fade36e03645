"""Characters and their ids."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.couplet.lines.characters import is_han

PAD, UNKNOWN, START, START_REVERSED, END, BLANK = range(6)
# BLANK stands for a character of the source that is not told: a source of blanks
# leaves a language model of lines. START_REVERSED asks for the first line of a pair.
_SPECIAL = ("<pad>", "<unknown>", "<start>", "<start-reversed>", "<end>", "<blank>")
NUM_SPECIAL = len(_SPECIAL)
_NAME = "vocabulary.txt"


@dataclass(frozen=True, eq=False)
class Tokens:
    """The characters of a model by id: special ones first, then by falling count."""

    vocabulary: Vocabulary

    @classmethod
    def from_lines(cls, lines: Iterable[str], *, min_count: int = 5) -> "Tokens":
        """Count the characters of lines; rarer ones than `min_count` stay unknown."""
        counts: Counter[str] = Counter()
        for line in lines:
            counts.update(line)
        return cls(Vocabulary.from_counts(counts, min_count=min_count))

    def __len__(self) -> int:
        """Return the number of ids."""
        return NUM_SPECIAL + len(self.vocabulary)

    @cached_property
    def characters(self) -> tuple[str, ...]:
        """The character of each id; special ones are named as `<pad>`."""
        return _SPECIAL + self.vocabulary.tokens

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {char: number for number, char in enumerate(self.characters)}

    def id(self, char: str) -> int:
        """Return the id of a character, `UNKNOWN` where it has none."""
        return self._ids.get(char, UNKNOWN)

    def character(self, number: int) -> str:
        """Return the character of an id."""
        return self.characters[number]

    def encode(self, line: str) -> list[int]:
        """Return the ids of a line's characters."""
        return [self._ids.get(char, UNKNOWN) for char in line]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the line of some ids."""
        return "".join(self.characters[number] for number in ids)

    @cached_property
    def han_mask(self) -> np.ndarray:
        """Booleans, shape (number of ids,): True for characters, not punctuation."""
        known = map(is_han, self.vocabulary.tokens)
        return np.array([False] * NUM_SPECIAL + list(known))

    def save(self, folder: Path) -> None:
        """Write the vocabulary into a folder."""
        self.vocabulary.save(folder / _NAME)

    @classmethod
    def load(cls, folder: Path) -> "Tokens":
        """Read what `save` wrote.

        Raises:
            UserError: The file is missing or is none of ours.
        """
        if not (folder / _NAME).is_file():
            raise UserError(
                f"Expected a model with its {_NAME}. Received: {folder} without one."
                " Name the folder of a run of train.py."
            )
        return cls(Vocabulary.load(folder / _NAME))
