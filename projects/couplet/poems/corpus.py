"""Tang poems: reading them, setting some aside, and what stands above a character.

A poem is a string of clauses, each with its punctuation: 床前明月光，疑是地上霜。
Every character is predicted from those before it and from two of them that stand
out: the characters at the same place of the clause before (its partner, and what
tells where the clause ends) and of the one before that (the rhyme). They are handed
to the model, so that it need not count to find them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from projects.couplet.lines.characters import PUNCTUATION, is_han
from projects.couplet.pairs.reading import read_lines
from projects.couplet.tokens import BLANK, Tokens

NUM_ABOVE = 2  # clauses before, whose characters at the same place are inputs
_BLANKS = str.maketrans(dict.fromkeys(PUNCTUATION, " "))


def read_poems(path: Path) -> list[str]:
    """Read poems, one a line, from UTF-8 text, .xz and .gz too.

    Raises:
        UserError: See `read_lines`; or a line is no poem: it must consist of Chinese
            characters and full-width punctuation, and end with punctuation.
    """
    poems = [line.rstrip("\r\n") for line in read_lines(Path(path))]
    known = {char for char in set().union(*poems) if is_han(char)} | set(PUNCTUATION)
    for number, poem in enumerate(poems, start=1):
        wrong = (
            "" if known.issuperset(poem) else next(c for c in poem if c not in known)
        )
        if not poem or wrong or poem[-1] not in PUNCTUATION:
            received = ascii(wrong or poem[-1:]) if poem else "an empty line"
            raise UserError(
                f"Expected a poem in line {number} of {path}: Chinese characters,"
                f" ending with full-width punctuation. Received: {received}. Mend the"
                " line or take it out."
            )
    if not poems:
        raise UserError(f"Expected poems in {path}. Received: none. Name another file.")
    return poems


def clauses_of(poem: str) -> list[str]:
    """Return the clauses of a poem, without punctuation."""
    return poem.translate(_BLANKS).split()


@dataclass(frozen=True)
class PoemSplit:
    """Poems to learn from, to choose by, and to measure on; no clause in two of them.

    Attributes:
        train: Poems to learn from.
        valid: Poems that decide when to stop.
        test: Poems that nothing depends on.
        dropped: How many poems were left out, as they share a clause.
    """

    train: list[str]
    valid: list[str]
    test: list[str]
    dropped: int


def split_poems(poems: Iterable[str], held_out: int = 2000) -> PoemSplit:
    """Set poems aside by the hash of their text, whatever their order.

    Args:
        poems: Poems; the same one twice counts once.
        held_out: How many poems are in `valid`, and how many in `test`.

    Raises:
        UserError: There are too few poems.
    """
    ordered = sorted(
        set(poems), key=lambda poem: hashlib.sha256(poem.encode()).digest()
    )
    if len(ordered) <= 4 * held_out:
        raise UserError(
            f"Expected more than {4 * held_out} poems, so that {held_out} can be held"
            f" out twice. Received: {len(ordered)}. Give more, or lower --held-out."
        )
    test, rest = ordered[:held_out], ordered[held_out:]
    rest = _without_clauses_of(test, rest)
    valid, rest = rest[:held_out], rest[held_out:]
    train = sorted(_without_clauses_of(valid, rest))
    dropped = len(ordered) - len(train) - len(valid) - len(test)
    return PoemSplit(train, valid, test, dropped)


def _without_clauses_of(held_out, poems):
    taken = {clause for poem in held_out for clause in clauses_of(poem)}
    return [poem for poem in poems if taken.isdisjoint(clauses_of(poem))]


class Alignment:
    """Where a text stands: the clause that is being written, and those before it."""

    def __init__(self, ends: Iterable[int]):
        """Begin a text whose clauses end with one of the tokens `ends`."""
        self._ends = frozenset(ends)
        self._before: tuple[list[int], ...] = ([],) * NUM_ABOVE
        self.clause: list[int] = []

    def above(self) -> list[int]:
        """Return what stands above the next token: `NUM_ABOVE` ids, the nearest first.

        `BLANK` stands where the clause above has no such place.
        """
        place = len(self.clause)
        return [row[place] if place < len(row) else BLANK for row in self._before]

    def append(self, token: int) -> None:
        """Go on by one token."""
        self.clause.append(token)
        if token in self._ends:
            self._before = (self.clause, *self._before[:-1])
            self.clause = []


def clause_ends(tokens: Tokens) -> list[int]:
    """Return the ids of punctuation."""
    return [i for i, char in enumerate(tokens.characters) if char in PUNCTUATION]


def align(text: Sequence[int], ends: Iterable[int]) -> np.ndarray:
    """Return what stands above every token of a text and above the one after it.

    Args:
        text: Ids.
        ends: Ids that end a clause.

    Returns:
        int32, shape (tokens + 1, `NUM_ABOVE`).
    """
    alignment, rows = Alignment(ends), []
    for token in text:
        rows.append(alignment.above())
        alignment.append(token)
    return np.array([*rows, alignment.above()], "int32").reshape(-1, NUM_ABOVE)
