"""The report of alarms on streams."""

import collections
import math
from collections.abc import Mapping, Sequence
from typing import Any

from common.reporting import Report, Table
from projects.video_activity.alarms.rules import OFF_SHARE, Rule
from projects.video_activity.experiments.alarm_scores import AlarmScore, score
from projects.video_activity.experiments.stream_judges import Judged, JudgedStreams
from projects.video_activity.footage.material import Material

_RULES = ((1, 1), (2, 3))  # windows that must count, of the latest so many
_USUAL = (2, 3), 0.8  # of alarms/example.toml
_SOON = 2  # windows

_COLUMNS = (
    "judge",
    "threshold",
    "events found",
    f"within {_SOON} windows",
    "delay (windows)",
    "false per hour",
    "found by chance",
    "false on normal footage",
)


def make_report(
    material: Material,
    judged: Mapping[str, JudgedStreams],
    event: str,
    thresholds: Sequence[float],
    command: str,
) -> Report:
    """Score each system by each rule.

    Args:
        material: What was learned from.
        judged: By system.
        event: The class that raises alarms.
        thresholds: Probabilities from which a window counts.
        command: What reproduces it.
    """
    tables = [_table(judged, event, thresholds, windows, of) for windows, of in _RULES]
    ours = next(iter(judged.values()))
    (windows, of), on = _USUAL
    usual = score(_rule(event, on, windows, of), ours.streams)
    return Report(
        title=f"Alarms of {event} on {len(ours.streams)} streams; {material.name}",
        verdict=(
            f"{windows} of {of} windows at {on:g}: {usual.recall:.0%} of"
            f" {usual.events} events are found, {usual.recall_within(_SOON):.0%} within"
            f" {_SOON} windows; {usual.per_hour:.3g} false alarms per hour."
        ),
        command=command,
        tables=[*tables, _reasons(ours)],
        notes=material.notes,
        metrics=_metrics(judged, event, thresholds),
    )


def _table(
    judged: Mapping[str, JudgedStreams],
    event: str,
    thresholds: Sequence[float],
    windows: int,
    of: int,
) -> Table:
    rows = []
    for name, found in judged.items():
        for on in thresholds:
            rule = _rule(event, on, windows, of)
            scored = score(rule, found.streams)
            rows.append(_row(name, on, scored, score(rule, found.normal), found))
    first = score(_rule(event, 1.0, windows, of), next(iter(judged.values())).streams)
    title = f"{windows} of {of} windows must count; {first.events} events,"
    return Table(f"{title} {first.hours:.2f} h without", _COLUMNS, rows)


def _row(
    name: str, on: float, scored: AlarmScore, normal: AlarmScore, found: JudgedStreams
) -> list[Any]:
    truths = [truth for truth, _ in found.streams]
    mean = sum(truth.end - truth.begin for truth in truths) / len(truths)
    footage = f"{normal.false_alarms} in {normal.hours:.2f} h" if normal.hours else None
    return [
        name,
        f"{on:g}",
        f"{scored.recall:.0%}",
        f"{scored.recall_within(_SOON):.0%}",
        None if math.isnan(scored.delay) else f"{scored.delay:.1f}",
        f"{scored.per_hour:.1f}",
        f"{scored.by_chance(mean):.0%}",
        footage,
    ]


def _reasons(found: JudgedStreams) -> Table:
    """Return which windows were not judged, and why."""
    rows = []
    for name, part in (("streams", found.streams), ("normal", found.normal)):
        counts = collections.Counter(v.reason for _, vs in part for v in vs)
        for reason, count in counts.most_common():
            rows.append((name, reason or "judged", count))
    return Table("Windows", ("footage", "what became of them", "number"), rows, (0, 1))


def _metrics(
    judged: Mapping[str, JudgedStreams], event: str, thresholds: Sequence[float]
) -> dict[str, Any]:
    def values(found: Judged, rule: Rule) -> dict[str, Any]:
        scored = score(rule, found)
        return {
            "events": scored.events,
            "delays": [round(delay, 3) for delay in scored.delays],
            "false_alarms": scored.false_alarms,
            "hours": round(scored.hours, 4),
        }

    return {
        f"{name}, {windows} of {of}, {on:g}": {
            "streams": values(found.streams, _rule(event, on, windows, of)),
            "normal": values(found.normal, _rule(event, on, windows, of)),
        }
        for name, found in judged.items()
        for windows, of in _RULES
        for on in thresholds
    }


def _rule(event: str, on: float, windows: int, of: int) -> Rule:
    return Rule(event, on, round(OFF_SHARE * on, 4), windows, of)
