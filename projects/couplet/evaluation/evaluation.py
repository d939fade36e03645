"""The figures of one system under examination."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np

from common.errors import UserError
from projects.couplet.decoding.free_decoding import (
    Obedience,
    judge_freely,
    write_freely,
)
from projects.couplet.decoding.judges import Weights
from projects.couplet.decoding.request import TONES, Request
from projects.couplet.evaluation.exam import Choices, Exam
from projects.couplet.evaluation.examiner import Examiner, Worth
from projects.couplet.evaluation.systems import System
from projects.couplet.evaluation.trained import Found, Trained, mean_spread
from projects.couplet.metrics import perplexity, pick_rate

_TIMED = 30  # lines, each by itself
_TIMED_TOGETHER = 256

ALONE = "search alone"
JUDGED = "with judges"


@dataclass(frozen=True)
class Figures:
    """What was measured.

    Attributes:
        perplexity: Per Chinese character of second lines given the first ones.
        picks: How often the human line was picked, by the name of the score and
            the number of choices; the last score is the one that counts.
        answers: What people see: the best answer to each line.
        worth: Of these.
        by_tones: Of trained models: worth of answers by the option `tones`.
        by_judges: Of trained models: worth of the best of the same hypotheses by
            the judges' weights.
        spread: Share of places in which two candidates of a line differ.
        free: Of models that learned to end: what they do unconstrained.
        milliseconds: Median of lines answered one by one.
        lines_per_second: Of lines answered together.
    """

    perplexity: float
    picks: dict[str, dict[int, float]]
    answers: list[str]
    worth: Worth
    milliseconds: float
    lines_per_second: float
    by_tones: dict[str, Worth] = field(default_factory=dict)
    by_judges: dict[str, Worth] = field(default_factory=dict)
    spread: float | None = None
    free: Obedience | None = None


def examine(
    system: System,
    examiner: Examiner,
    weightings: Sequence[tuple[float, float]] = (),
    tell: Callable[[str], None] = lambda text: None,
) -> Figures:
    """Put one system to the exam.

    Args:
        system: To be examined.
        examiner: With the questions.
        weightings: Weights of the judges to try beside the usual ones.
        tell: Told what comes next.
    """
    exam = examiner.exam
    tell("perplexity")
    foreseen = foresee(system, examiner)
    picks: dict[str, dict[int, float]] = {}
    for count, choices in exam.choices.items():
        tell(f"{len(choices.asked):,} lines to be picked among {count}")
        for name, rate in pick(system, exam, choices).items():
            picks.setdefault(name, {})[count] = rate
    tell(f"{len(exam.lines):,} lines to be answered")
    if isinstance(system, Trained):
        answers, more = _examine_answers(system, examiner, weightings, tell)
    else:
        answers, more = system.answer(exam.lines), {}
    tell("time")
    speed = measure_time(system, exam.lines)
    return Figures(foreseen, picks, answers, examiner.judge(answers), *speed, **more)


def foresee(system: System, examiner: Examiner) -> float:
    """Return the perplexity per character of second lines given the first ones."""
    first, second = examiner.exam.foreseen
    log_probs = system.log_probs(first, second)
    counted = [examiner.counts(line) for line in second]
    return perplexity(np.concatenate(log_probs)[np.concatenate(counted)])


def pick(system: System, exam: Exam, choices: Choices) -> dict[str, float]:
    """Return how often a system picks the human line, by the name of the score."""
    if not len(choices.asked):
        return {}
    asked = np.repeat(choices.asked, choices.options.shape[1])
    first = [exam.pairs.first[number] for number in asked]
    second = [exam.pairs.second[number] for number in choices.options.ravel()]
    return {
        name: pick_rate(scores.reshape(choices.options.shape))
        for name, scores in system.scores(first, second).items()
    }


def weigh(found: Sequence[Found], weights: Weights, examiner: Examiner) -> Worth:
    """Judge what the judges would choose with these weights: no search, no model.

    Args:
        found: From `Trained.search`, for the lines of the exam.
        weights: To be tried.
        examiner: With the questions.
    """
    return examiner.judge([each.best(weights) for each in found])


def _examine_answers(
    system: Trained,
    examiner: Examiner,
    weightings: Sequence[tuple[float, float]],
    tell: Callable[[str], None],
) -> tuple[list[str], dict]:
    """Return the usual answers and all figures that only trained models have."""
    lines, usual = examiner.exam.lines, system.writer.judges.weights
    found = system.search(lines)
    tried = [Weights(0.0, 0.0), usual, *(Weights(*each) for each in weightings)]
    by_tones = {Request.tones: weigh(found, usual, examiner)}
    for tones in TONES:
        if tones not in by_tones:
            tell(f"tones {tones}")
            try:
                own = system.search(lines, tones)
            except UserError as error:  # strict, of a model that knows few characters
                tell(f"tones {tones} are left out: {error}")
            else:
                by_tones[tones] = weigh(own, usual, examiner)
    more = {
        "by_tones": by_tones,
        "by_judges": {name_weights(w): weigh(found, w, examiner) for w in tried},
        "spread": mean_spread(found, usual),
    }
    if system.skills.end:
        tell("lines written freely")
        answers = write_freely(system.writer.translator, lines)
        more["free"] = judge_freely(lines, answers)
    return [each.best(usual) for each in found], more


def name_weights(weights: Weights) -> str:
    """Return how weights are called in tables."""
    if weights == Weights(0.0, 0.0):
        return ALONE
    return f"{JUDGED} {weights.reverse:g}:{weights.fluency:g}"


def measure_time(system: System, lines: Sequence[str]) -> tuple[float, float]:
    """Return milliseconds a line, one by one, and lines a second, together.

    Trained models write the usual candidates for each line.
    """
    answer: Callable[[Sequence[str]], Any] = system.answer
    if isinstance(system, Trained):
        answer = system.writer.answer_many
    few, many = lines[:_TIMED], lines[:_TIMED_TOGETHER]
    for line in few:  # what is compiled for a new length is no part of the time
        answer([line])
    alone = [_time(answer, [line]) for line in few]
    answer(many)
    return 1000 * median(alone), len(many) / _time(answer, many)


def _time(answer: Callable[[Sequence[str]], object], lines: Sequence[str]) -> float:
    began = time.perf_counter()
    answer(lines)
    return time.perf_counter() - began
