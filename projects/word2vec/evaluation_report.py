"""Scores of word vectors beside their baselines, as tables and in words."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from common.reporting import Report, Table
from projects.word2vec.metrics import accuracy_error, spearman_error
from projects.word2vec.scoring import AnalogyScore, PairScore, Scores, to_json

_WORDS_SHOWN = 12
_TOO_FEW = 10  # pairs
_ONE_HOT = (
    "To one-hot vectors all different words are equally far apart: no analogy has an"
    " answer, and a correlation exists only where a test has pairs of equal words."
)


@dataclass(frozen=True)
class Candidate:
    """Vectors that were put to the tests.

    Attributes:
        name: What they are called in tables.
        num_words: Their words.
        scores: From `evaluate_vectors`.
    """

    name: str
    num_words: int
    scores: Scores


def make_report(
    title: str,
    command: str,
    candidates: Sequence[Candidate],
    restrict: int,
    notes: Sequence[str] = (),
) -> Report:
    """Tell how vectors did.

    Args:
        title: Whose vectors they are.
        command: What reproduces the report.
        candidates: First the vectors in question, then baselines; all were put to
            the same tests.
        restrict: As in `evaluate_vectors`.
        notes: What else is worth telling.
    """
    own = candidates[0]
    return Report(
        title=title,
        verdict=_verdict(own, candidates[1:]),
        command=command,
        tables=[_summary(candidates, restrict), *_section_tables(candidates)],
        warnings=list(_warnings(own)),
        notes=[*notes, *_unknown_words(own), *([_ONE_HOT] if candidates[1:] else [])],
        metrics={
            "restrict": restrict,
            "scores": {c.name: to_json(c.scores) for c in candidates},
            "num_words": {c.name: c.num_words for c in candidates},
        },
    )


def _summary(candidates: Sequence[Candidate], restrict: int) -> Table:
    columns, rows = ["vectors", "words"], []
    for name, score in candidates[0].scores.items():
        if isinstance(score, AnalogyScore):
            split = ("semantic", "syntactic") if _is_split(score) else ()
            columns += [name, *split, "answerable"]
        else:
            columns += [name, "covered"]
    for candidate in candidates:
        rows.append([candidate.name, f"{candidate.num_words:,}"])
        for score in candidate.scores.values():
            rows[-1] += _cells(score)
    within = f"the {restrict:,} commonest words" if restrict else "all words"
    title = f"Analogies among {within}; pairs: Spearman's correlation with people"
    return Table(title, columns, rows)


def _cells(score: AnalogyScore | PairScore) -> list[str | None]:
    if isinstance(score, PairScore):
        return [show_value(score), f"{score.covered:,} of {score.asked:,}"]
    split = [score.semantic, score.syntactic] if _is_split(score) else []
    shares = [_percent(part.accuracy) for part in (score.total, *split)]
    return [*shares, f"{score.total.answerable:,} of {score.total.asked:,}"]


def _sections(candidate: Candidate, name: str) -> Any:
    score = candidate.scores[name]
    return score.sections if isinstance(score, AnalogyScore) else ()


def _section_tables(candidates: Sequence[Candidate]) -> Iterator[Table]:
    own = candidates[0]
    for name, score in own.scores.items():
        if isinstance(score, PairScore) or len(score.sections) < 2:
            continue
        columns = ["section", "answerable", *(c.name for c in candidates)]
        rows = [
            [
                part.section,
                f"{part.answerable:,} of {part.asked:,}",
                *(_percent(_sections(c, name)[i].accuracy) for c in candidates),
            ]
            for i, part in enumerate(score.sections)
        ]
        yield Table(f"{name}, section by section", columns, rows)


def _verdict(own: Candidate, baselines: Sequence[Candidate]) -> str:
    """Name each score, and the best baseline beside it."""
    parts = []
    for name, score in own.scores.items():
        told = f"{name} {show_value(score) or 'without any answerable question'}"
        rivals = [c for c in baselines if not math.isnan(_value(c.scores[name]))]
        if rivals:
            best = max(rivals, key=lambda c: _value(c.scores[name]))
            told += f" (best baseline: {best.name}, {show_value(best.scores[name])})"
        parts.append(told)
    return f"{own.name}: {'; '.join(parts)}."


def _warnings(own: Candidate) -> Iterator[str]:
    """Say which differences are too small to mean anything."""
    for name, score in own.scores.items():
        if math.isnan(_value(score)):
            continue
        if isinstance(score, AnalogyScore):
            total = score.total
            error = accuracy_error(total.correct, total.answerable)
            told = f"{100 * error:.1f} points ({total.answerable:,} questions)"
        elif score.covered <= _TOO_FEW:
            yield f"{name}: {score.covered} pairs are too few to mean anything."
            continue
        else:
            error = spearman_error(score.spearman, score.covered)
            told = f"{error:.3f} ({score.covered:,} pairs)".removeprefix("0")
        yield f"{name}: chance alone moves a score by ± {told}, one standard error."


def _unknown_words(own: Candidate) -> Iterator[str]:
    for name, score in own.scores.items():
        if isinstance(score, PairScore) and score.unknown:
            number = len(score.unknown)
            words = ", ".join(score.unknown[:_WORDS_SHOWN])
            more = ", ..." if number > _WORDS_SHOWN else ""
            yield f"{name}: {number} unknown word{'s' * (number > 1)}: {words}{more}"


def show_value(score: AnalogyScore | PairScore) -> str | None:
    """Write the one number of a test: a share in percent, or a correlation."""
    value = _value(score)
    if isinstance(score, AnalogyScore):
        return _percent(value)
    return None if math.isnan(value) else f"{value:.3f}".replace("0.", ".", 1)


def _value(score: AnalogyScore | PairScore) -> float:
    if isinstance(score, PairScore):
        return score.spearman
    return score.total.accuracy


def _percent(share: float) -> str | None:
    return None if math.isnan(share) else f"{100 * share:.1f} %"


def _is_split(score: AnalogyScore) -> bool:
    return 0 < score.syntactic.asked < score.total.asked
