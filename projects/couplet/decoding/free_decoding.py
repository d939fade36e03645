"""Second lines without any constraint: what a model has learned of the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.evaluation.choices import shape_of
from projects.couplet.evaluation.examiner import share
from projects.couplet.evaluation.systems import batches_by_length
from projects.couplet.lines.rules import repetition
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import END, NUM_SPECIAL, START, Tokens

LONGEST = 40  # characters, for a model that finds no end
STRANGE = "□"  # stands for a special id
_ROWS = 256


@dataclass(frozen=True)
class Obedience:
    """Shares of lines that keep rules nobody has enforced, from 0 to 1.

    Attributes:
        length: As long as the first line.
        punctuation: That, and punctuation at the same places.
        repetition: That, and characters repeated at the same places.
        nothing_shared: No character of the first line, of whatever length.
        structure: All four rules.
        ended: Ended before the longest length.
    """

    length: float
    punctuation: float
    repetition: float
    nothing_shared: float
    structure: float
    ended: float


def write_freely(
    translator: Translator, lines: Sequence[str], longest: int = LONGEST
) -> list[str]:
    """Write the most probable character at each step, until the model ends.

    Args:
        translator: Of a model that learned to end.
        lines: First lines.
        longest: Characters of an answer at most.
    """
    answers = [""] * len(lines)
    tokens = translator.tokens
    for numbers in batches_by_length(lines, _ROWS):
        sources = np.array([tokens.encode(lines[n]) for n in numbers], np.int32)
        for number, row in zip(numbers, _decode(translator, sources, longest)):  # noqa: B905
            answers[number] = _spell(row, tokens)
    return answers


def judge_freely(lines: Sequence[str], answers: Sequence[str]) -> Obedience:
    """Judge answers that may break every rule."""
    pairs = list(zip(lines, answers, strict=True))
    length = [len(first) == len(second) for first, second in pairs]
    marks = [shape_of(first) == shape_of(second) for first, second in pairs]
    repeated = [repetition(first) == repetition(second) for first, second in pairs]
    own = [not _shares(first, second) for first, second in pairs]
    every = [a and b and c for a, b, c in zip(marks, repeated, own, strict=True)]
    ended = (len(second) < LONGEST for second in answers)
    return Obedience(*map(share, (length, marks, repeated, own, every, ended)))


def _decode(translator: Translator, sources: np.ndarray, longest: int) -> np.ndarray:
    """Return ids, int64, (lines, at most `longest`); behind `END` they mean nothing."""
    memory, state = translator.begin(sources)
    previous = np.full(len(sources), START, np.int32)
    written: list[np.ndarray] = []
    open_ = np.ones(len(sources), bool)
    last = sources.shape[1] - 1
    while open_.any() and len(written) < longest:
        # Past the end nothing stands beside; such models are not fed it anyway.
        place = min(len(written), last)
        log_probs, state = translator.step(memory, state, previous, place)
        previous = log_probs.argmax(axis=1).astype(np.int32)
        written.append(previous)
        open_ &= previous != END
    return np.stack(written, axis=1)


def _spell(ids: np.ndarray, tokens: Tokens) -> str:
    ends = np.flatnonzero(ids == END)
    kept = ids[: ends[0]] if len(ends) else ids
    return "".join(
        STRANGE if number < NUM_SPECIAL else tokens.character(number)
        for number in kept.tolist()
    )


def _shares(first: str, second: str) -> bool:
    return any(char in second for char in first if char.isalnum())
