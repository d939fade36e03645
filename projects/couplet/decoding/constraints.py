"""What a second line may be, place by place: the rules and a user's wishes.

Four rules hold for every line that obeys these constraints: it is as long as the
first line, has its punctuation at the same places, repeats a character exactly
where the first line repeats one, and shares no character with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from common.errors import UserError
from projects.couplet.decoding.locks import find_locks
from projects.couplet.decoding.request import Request
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.rules import key_positions
from projects.couplet.lines.tones import LEVEL, OBLIQUE, Tones
from projects.couplet.tokens import Tokens


@dataclass(frozen=True, eq=False)
class Alphabet:
    """What lines are written with; made once, as looking up all tones takes long."""

    tokens: Tokens
    tones: Tones

    @cached_property
    def base(self) -> np.ndarray:
        """float32, shape (number of tokens,): 0 for characters, else -inf."""
        return _cost(self.tokens.han_mask, np.inf)

    @cached_property
    def readable(self) -> dict[str, np.ndarray]:
        """Which tokens may be read as `LEVEL`, and which as `OBLIQUE`: booleans."""
        characters = self.tokens.characters
        return {
            LEVEL: self.tones.level_mask(characters),
            OBLIQUE: self.tones.oblique_mask(characters),
        }


@dataclass(frozen=True, eq=False)
class Constraints:
    """The constraints of one second line.

    A position is fixed (punctuation, a lock), repeats an earlier one, or is open: a
    character is chosen there, among those that no earlier position has. At every
    open position more characters are possible than open ones come before it, so
    whatever was chosen before, one is left: no search ends without a line.

    Attributes:
        tokens: The ids.
        fixed: The characters that are decided in advance, by position.
        fixed_ids: int32, shape (length,): their ids, elsewhere -1.
        owners: int32, shape (length,): the first position with the same character
            in the first line.
        rows: int32, shape (length,): the row of `biases`, -1 where none is open.
        biases: float32, shape (open positions, number of tokens): what to add to
            log-probabilities: -inf for what must not stand there, penalties.
    """

    tokens: Tokens
    fixed: dict[int, str]
    fixed_ids: np.ndarray
    owners: np.ndarray
    rows: np.ndarray
    biases: np.ndarray

    @classmethod
    def for_line(cls, line: str, request: Request, alphabet: Alphabet) -> "Constraints":
        """Work out what may answer a line.

        Args:
            line: The first line, as `characters.check_line` returns it. It may have
                characters without an id.
            request: The user's wishes, in the characters of the alphabet.
            alphabet: The characters to choose from.

        Raises:
            UserError: The wishes contradict each other, the rules or the tones, or
                leave too few characters.
        """
        locks = find_locks(line, request)
        marks = {p: char for p, char in enumerate(line) if not is_han(char)}
        wanted = {} if request.tones == "off" else wanted_tones(line, alphabet.tones)
        if request.tones == "strict":
            _check_tones(line, locks, wanted, alphabet.tones)
        owners = [line.index(char) for char in line]
        fixed = marks | locks
        opened = [p for p, own in enumerate(owners) if p == own and p not in fixed]
        rows = np.full(len(line), -1, np.int32)
        rows[opened] = range(len(opened))
        used = request.forbidden_characters.union(line, locks.values())
        biases = np.tile(_forbid(alphabet, used), (len(opened), 1))
        price = np.inf if request.tones == "strict" else request.tone_penalty
        for position, side in wanted.items():
            if owners[position] in opened:
                cost = _cost(alphabet.readable[side], price)
                biases[rows[owners[position]]] += cost
        _check_enough(opened, biases, request)
        fixed_ids = np.full(len(line), -1, np.int32)
        fixed_ids[list(fixed)] = alphabet.tokens.encode("".join(fixed.values()))
        owning = np.array(owners, np.int32)
        return cls(alphabet.tokens, fixed, fixed_ids, owning, rows, biases)

    def __len__(self) -> int:
        """Return the length of the line."""
        return len(self.owners)

    @property
    def free(self) -> np.ndarray:
        """Booleans, shape (length,): where answers may differ."""
        return self.fixed_ids < 0

    def bias(self, position: int) -> np.ndarray:
        """Return what to add to the log-probabilities of an open position.

        Returns:
            float32, shape (number of tokens,); zeros where the position is not open.
        """
        row = self.rows[position]
        return self.biases[row] if row >= 0 else np.zeros(len(self.tokens), np.float32)

    def text(self, ids: Iterable[int]) -> str:
        """Return the line of some ids; what is fixed needs no id of its own."""
        return "".join(
            self.fixed.get(position) or self.tokens.character(number)
            for position, number in enumerate(ids)
        )


def wanted_tones(line: str, tones: Tones) -> dict[int, str]:
    """Return how the second line should be read, by position.

    Key positions are to be read in the tone that the first line has not; where that
    one has either, or none that is known, nothing is wanted. The last character is
    to be level whatever the first line ends on.
    """
    other = {LEVEL: OBLIQUE, OBLIQUE: LEVEL}
    wanted = {}
    for position in key_positions(line):
        readings = tones.of(line[position]).readings
        if len(readings) == 1:
            wanted[position] = other[next(iter(readings))]
    last = max(position for position, char in enumerate(line) if is_han(char))
    return wanted | {last: LEVEL}


def _cost(wanted: np.ndarray, price: float) -> np.ndarray:
    return np.where(wanted, np.float32(0), np.float32(-price))


def _forbid(alphabet: Alphabet, characters: Iterable[str]) -> np.ndarray:
    bias = alphabet.base.copy()
    bias[alphabet.tokens.encode("".join(characters))] = -np.inf
    return bias


def _check_tones(
    line: str, locks: dict[int, str], wanted: dict[int, str], tones: Tones
) -> None:
    for position, char in locks.items():
        side = wanted.get(position)
        readings = tones.of(char).readings
        if side and readings and side not in readings:
            raise UserError(
                f"Expected a {side} character at position {position + 1}, below"
                f" {line[position]}, as the tones are strict. Received: {char} fixed"
                f" there, which is {next(iter(readings))}. Fix another one, or take"
                " soft tones."
            )


def _check_enough(opened: list[int], biases: np.ndarray, request: Request) -> None:
    """Refuse an open position that earlier ones could leave without a character."""
    possible = np.isfinite(biases).sum(axis=1)
    for before, (position, left) in enumerate(zip(opened, possible, strict=True)):
        if left <= before:
            strict = request.tones == "strict"
            tones = "strict tones and " if strict else ""
            raise UserError(
                f"Expected more than {before} characters that may stand at position"
                f" {position + 1}. Received: {left}, after {tones}"
                f"{len(request.forbidden_characters)} forbidden characters."
                f" Forbid fewer{', or take soft tones' if strict else ''}."
            )
