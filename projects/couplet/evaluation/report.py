"""The tables of an evaluation."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from common.environment import describe_environment
from common.reporting import Report, Table
from projects.couplet.evaluation.evaluation import Figures
from projects.couplet.evaluation.exam import Exam
from projects.couplet.evaluation.examiner import ANSWERED, Examiner, Worth
from projects.couplet.evaluation.notes import meanings, warnings

PEOPLE = "human"
_RULED = ("rules kept", "ends", "opposed", "opposed, fit")
_FREE = {
    "length": "right length",
    "punctuation": "same punctuation",
    "repetition": "same repetition",
    "nothing_shared": "nothing shared",
    "structure": "all four",
    "ended": "ended",
}


def make_report(
    title: str,
    command: str,
    found: Mapping[str, Figures],
    examiner: Examiner,
    settings: Mapping[str, Any],
    notes: Sequence[str] = (),
) -> Report:
    """Tell how systems did.

    Args:
        title: What was examined.
        command: What reproduces the report.
        found: The figures of each system; the last is the one in question.
        examiner: Who asked them.
        settings: Kept in metrics.json.
        notes: What else is worth telling.
    """
    people = examiner.judge_people()
    tables = [
        _summary(people, found, examiner.exam),
        _picks(found, examiner.exam),
        _bleu(people, found),
        _tones(people, found),
        _judges(people, found),
        _free(found),
        _variety(people, found),
    ]
    return Report(
        title=title,
        verdict=_verdict(people, found),
        command=command,
        tables=[table for table in tables if table.rows],
        warnings=list(warnings(examiner.exam)),
        notes=[*meanings(examiner), *notes],
        metrics={
            "command": command,
            "settings": dict(settings),
            "counts": _counts(examiner.exam, people),
            "scores": {name: _plain(figures) for name, figures in found.items()},
            PEOPLE: dataclasses.asdict(people),
            **describe_environment(),
        },
    )


def _summary(people: Worth, found: Mapping[str, Figures], exam: Exam) -> Table:
    columns = ["answers of", "perplexity", *(f"pick of {n}" for n in exam.choices)]
    columns += ["BLEU-4", "rules kept", "ends", "opposed", "coherence", "ms a line"]
    rows = [[PEOPLE, *[None] * (1 + len(exam.choices)), *_kept(people), None]]
    for name, figures in found.items():
        rates = main_rates(figures)
        picked = (percent(rates.get(count)) for count in exam.choices)
        kept = _kept(figures.worth)
        speed = f"{figures.milliseconds:.1f}"
        rows.append([name, figures.perplexity, *picked, *kept, speed])
    return Table(f"{len(exam.lines):,} first lines held out", columns, rows)


def _kept(worth: Worth) -> list[str | float | None]:
    shares = map(percent, (worth.structure, worth.ends, worth.opposed))
    return [worth.bleu, *shares, worth.coherence]


def main_rates(figures: Figures) -> dict[int, float]:
    """Return how often the human line was picked by the score that counts."""
    return list(figures.picks.values())[-1] if figures.picks else {}


def _variety(people: Worth, found: Mapping[str, Figures]) -> Table:
    columns = ["answers of", "distinct-1", "distinct-2", "spread", "lines a s"]
    rows = [[PEOPLE, *map(percent, people.distinct), None, None]]
    for name, figures in found.items():
        shares = map(percent, (*figures.worth.distinct, figures.spread))
        rows.append([name, *shares, f"{figures.lines_per_second:,.0f}"])
    return Table("Variety, and speed in batches", columns, rows)


def _picks(found: Mapping[str, Figures], exam: Exam) -> Table:
    columns = ["picked by", "score"]
    columns += [f"of {n} (n={len(c.asked):,})" for n, c in exam.choices.items()]
    rows = [
        [name, score, *(percent(rates.get(count)) for count in exam.choices)]
        for name, figures in found.items()
        for score, rates in figures.picks.items()
    ]
    return Table("Picking the human line", columns, rows, left=(0, 1))


def _bleu(people: Worth, found: Mapping[str, Figures]) -> Table:
    columns = ["BLEU-4 of", "all lines"]
    for against in ("first", "others"):
        columns += [f"{against}, >={n} (n={people.counts[n]:,})" for n in ANSWERED]
    worths = {PEOPLE: people} | {name: f.worth for name, f in found.items()}
    rows = [
        [name, worth.bleu, *(both[n] for both in _held(worth) for n in ANSWERED)]
        for name, worth in worths.items()
    ]
    title = "BLEU-4 against human answers, of lines with so many of them"
    return Table(title, columns, rows)


def _held(worth: Worth) -> tuple[dict[int, float], dict[int, float]]:
    return worth.one_reference, worth.other_references


def _tones(people: Worth, found: Mapping[str, Figures]) -> Table:
    rows = [[PEOPLE, *_ruled(people)]]
    for name, figures in found.items():
        if not figures.by_tones:
            rows.append([name, *_ruled(figures.worth)])
        for tones, worth in figures.by_tones.items():
            rows.append([f"{name}, tones {tones}", *_ruled(worth)])
    return Table("Rules, shares of pairs", ["answers of", *_RULED, "BLEU-4"], rows)


def _ruled(worth: Worth) -> list[str | float | None]:
    kept = (worth.structure, worth.ends, worth.opposed, worth.opposed_fit)
    return [*map(percent, kept), worth.bleu]


def _judges(people: Worth, found: Mapping[str, Figures]) -> Table:
    """Show the same hypotheses, ranked before and after the judges."""
    ranked = {PEOPLE: people}
    for name, figures in found.items():
        tried = figures.by_judges or {"": figures.worth}
        ranked |= {f"{name}, {k}" if k else name: w for k, w in tried.items()}
    columns = ["answers of", "coherence", "BLEU-4", "distinct-1", "distinct-2"]
    rows = [
        [name, worth.coherence, worth.bleu, *map(percent, worth.distinct)]
        for name, worth in ranked.items()
    ]
    judged = any(figures.by_judges for figures in found.values())
    title = "The same hypotheses, before and after the judges (reverse:fluency)"
    return Table(title, columns, rows if judged else [])


def _free(found: Mapping[str, Figures]) -> Table:
    rows = [
        [name, *(percent(getattr(figures.free, key)) for key in _FREE)]
        for name, figures in found.items()
        if figures.free
    ]
    title = "Written freely: the most probable character each time, no constraint"
    return Table(title, ["model", *_FREE.values()], rows)


def _verdict(people: Worth, found: Mapping[str, Figures]) -> str:
    """Name the figures of the last system, and the best of the others."""
    *others, name = found
    own = found[name]
    told = f"perplexity {own.perplexity:.1f}"
    if others:
        rival = min(others, key=lambda other: found[other].perplexity)
        told += f" ({rival}: {found[rival].perplexity:.1f})"
    rates = main_rates(own).items()
    told += "".join(f", picks {percent(rate)} among {n}" for n, rate in rates)
    return (
        f"{name}: {told}, BLEU-4 {own.worth.bleu:.2f}, coherence"
        f" {own.worth.coherence:.0f} (human: {people.coherence:.0f}), rules kept"
        f" in {percent(own.worth.structure)}."
    )


def _counts(exam: Exam, people: Worth) -> dict[str, Any]:
    return {
        "pairs": len(exam.rows),
        "lines": len(exam.lines),
        "picks": {count: len(each.asked) for count, each in exam.choices.items()},
        "lines_by_answers": people.counts,
    }


def _plain(figures: Figures) -> dict[str, Any]:
    values = dataclasses.asdict(figures)
    del values["answers"]  # in a file of their own
    return values


def percent(share: float | None) -> str | None:
    """Write a share from 0 to 1; None as None."""
    return None if share is None else f"{100 * share:.1f} %"
