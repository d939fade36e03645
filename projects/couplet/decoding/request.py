"""What a user asks of the writer, beside the first line."""

import math
from dataclasses import dataclass
from typing import Any

from common.errors import UserError
from projects.couplet.lines.characters import PUNCTUATION, is_han

FREE = "_＿"  # in a pattern or an acrostic: any character
TONES = ("soft", "strict", "off")
_MOST_GROUPS = 4  # more of them cost the best line too many beams
_LONGEST = 64  # characters of a pattern or an acrostic
_MOST_FORBIDDEN = 10_000
_SEPARATORS = PUNCTUATION + ",;:.!?|/"


@dataclass(frozen=True)
class Request:
    """The options of one answer.

    Attributes:
        candidates: How many second lines are wanted, 1 to 50.
        beam: How many lines the search follows at once, 1 to 256.
        pattern: One sign for each character of the first line: `_` leaves the
            place free, a character is kept there. "" leaves all free.
        forbidden: Characters that must not be written; blanks and punctuation
            between them do not count.
        tones: "soft" prefers opposed tones, "strict" writes no others, "off"
            does not look at them.
        acrostic: Its k-th character begins the k-th clause; `_` skips one.
        diversity: What a character costs a group of beams for each other group
            that has chosen it for the same place, nats; 0 searches in one group.
        tone_penalty: What "soft" takes for each key position whose tones are not
            opposed, nats.
        seed: For everything that is drawn by chance; the search draws nothing.
    """

    candidates: int = 5
    beam: int = 16
    pattern: str = ""
    forbidden: str = ""
    tones: str = "soft"
    acrostic: str = ""
    diversity: float = 1.0
    tone_penalty: float = 1.0
    seed: int = 0

    def __post_init__(self):
        """Refuse what no line could satisfy, whatever it is.

        Raises:
            UserError: A value is of the wrong kind or out of range.
        """
        _check_whole("candidates", self.candidates, 1, 50)
        _check_whole("beam", self.beam, 1, 256)
        _check_whole("seed", self.seed, 0, 2**32 - 1)
        _check_number("diversity", self.diversity, 20)
        _check_number("tone_penalty", self.tone_penalty, 100)
        _check_text("pattern", self.pattern, _LONGEST)
        _check_text("acrostic", self.acrostic, _LONGEST)
        _check_text("forbidden", self.forbidden, _MOST_FORBIDDEN)
        if self.tones not in TONES:
            raise UserError(
                f"Expected tones to be one of {', '.join(TONES)}."
                f" Received: {_show(self.tones)}."
            )
        for char in self.acrostic:
            if not (is_han(char) or char in FREE):
                _refuse("acrostic", char, "Chinese characters, or _ to skip a clause")
        for char in self.forbidden:
            if not (is_han(char) or char.isspace() or char in _SEPARATORS):
                _refuse("forbidden", char, "Chinese characters")

    @property
    def width(self) -> int:
        """The lines to follow at once: enough for all candidates."""
        return max(self.beam, self.candidates)

    @property
    def groups(self) -> int:
        """The groups that share the beams; one is enough for one candidate."""
        return min(_MOST_GROUPS, self.candidates) if self.diversity else 1

    @property
    def forbidden_characters(self) -> frozenset[str]:
        """The characters that must not be written."""
        return frozenset(filter(is_han, self.forbidden))


def _check_whole(name: str, value: Any, least: int, most: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not (whole and least <= value <= most):
        raise UserError(
            f"Expected {name} to be a whole number from {least} to {most}."
            f" Received: {_show(value)}."
        )


def _check_number(name: str, value: Any, most: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and math.isfinite(value) and 0 <= value <= most):
        raise UserError(
            f"Expected {name} to be a number from 0 to {most}."
            f" Received: {_show(value)}."
        )


def _check_text(name: str, value: object, longest: int) -> None:
    if not isinstance(value, str):
        raise UserError(f"Expected {name} to be text. Received: {_show(value)}.")
    if len(value) > longest:
        raise UserError(
            f"Expected {name} to have at most {longest:,} characters."
            f" Received: {len(value):,}."
        )


def _refuse(name: str, char: str, expected: str) -> None:
    raise UserError(f"Expected {name} to have {expected}. Received: {_show(char)}.")


def _show(value: object) -> str:
    """Quote what was given: short, on one line, without control characters."""
    return repr(value) if len(repr(value)) <= 40 else repr(value)[:40] + "..."
