"""What systems that answer first lines are asked: lines, and choices among lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.errors import UserError
from projects.couplet.evaluation.choices import make_choices
from projects.couplet.lines.characters import check_line
from projects.couplet.pairs.reading import Pairs

CHOICES = (10, 100)  # lines to pick the human one from


@dataclass(frozen=True, eq=False)
class Choices:
    """Tasks with a known answer, see `make_choices`.

    Attributes:
        asked: int64, shape (tasks,): numbers of pairs.
        options: int64, shape (tasks, choices): numbers of second lines; column 0 is
            the human one.
    """

    asked: np.ndarray
    options: np.ndarray


@dataclass(frozen=True, eq=False)
class Exam:
    """Questions from held-out pairs.

    Attributes:
        pairs: All held-out pairs, which choices are taken from.
        rows: Numbers of the pairs whose second lines are to be foreseen.
        lines: Different first lines to be answered; not those of `rows` that
            `check_line` refuses or changes.
        answers: What people answered to each, at least one line.
        choices: By how many there are to choose from.
    """

    pairs: Pairs
    rows: np.ndarray
    lines: list[str]
    answers: list[list[str]]
    choices: dict[int, Choices]

    @property
    def foreseen(self) -> tuple[list[str], list[str]]:
        """First and second lines of the pairs in `rows`."""
        rows = self.rows.tolist()
        return (
            [self.pairs.first[row] for row in rows],
            [self.pairs.second[row] for row in rows],
        )


def make_exam(
    pairs: Pairs,
    references: Sequence[tuple[str, list[str]]] = (),
    *,
    lines: int = 0,
    picks: Sequence[int] = (0, 0),
    seed: int = 0,
) -> Exam:
    """Make an exam.

    Args:
        pairs: Held out.
        references: First lines with all that people are known to have answered;
            those of `pairs` alone serve where this has none.
        lines: Draw so many pairs to be foreseen and answered; 0: all.
        picks: Draw so many tasks for each of `CHOICES`; 0: all.
        seed: Of all that is drawn.

    Raises:
        UserError: There is no line that can be answered.
    """
    generator = np.random.default_rng(seed)
    rows = _draw(np.arange(len(pairs)), lines, generator)
    known = defaultdict(list)
    for first, second in zip(pairs.first, pairs.second, strict=True):
        known[first].append(second)
    known |= dict(references)
    asked = list(dict.fromkeys(pairs.first[row] for row in rows))
    asked = list(filter(_is_line, asked))
    if not asked:
        raise UserError(
            f"Expected Chinese lines in {pairs.name}. Received: none that could be"
            " answered. Name other --data."
        )
    choices = {}
    for count, wanted in zip(CHOICES, picks, strict=True):
        who, options = make_choices(pairs.second, count, seed=seed)
        drawn = _draw(np.arange(len(who)), wanted, generator)
        choices[count] = Choices(who[drawn], options[drawn])
    return Exam(pairs, rows, asked, [known[line] for line in asked], choices)


def _is_line(text: str) -> bool:
    try:
        return check_line(text) == text
    except UserError:
        return False


def _draw(
    numbers: np.ndarray, count: int, generator: np.random.Generator
) -> np.ndarray:
    if not 0 < count < len(numbers):
        return numbers
    return np.sort(generator.choice(numbers, count, replace=False))
