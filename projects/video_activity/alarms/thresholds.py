"""The threshold of a class, chosen on footage on which nothing happens."""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from projects.video_activity.alarms.incidents import BEGIN, Incidents
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.verdicts import Verdict

CONFIDENCE = 0.95

_ONE_MORE = 60.0  # seconds of a false alarm that count as another
_HOUR = 3600.0
# Finer and finer towards 1, where the probabilities of a sure model lie.
GRID = np.round(
    np.concatenate(
        [
            np.arange(0.01, 0.99, 0.005),
            np.arange(0.99, 0.999, 0.0005),
            np.arange(0.999, 0.99995, 0.00005),
        ]
    ),
    5,
)

Footage = Sequence[Verdict]


@dataclass(frozen=True)
class Choice:
    """A rule with its thresholds, and what they are worth.

    Attributes:
        rule: The rule.
        alarms: False alarms that it raises on the footage.
        hours: Of the footage that were judged.
        highest: The greatest probability of the class there.
        met: Whether it raises no more than were allowed.
    """

    rule: Rule
    alarms: int
    hours: float
    highest: float
    met: bool

    @property
    def at_most(self) -> float:
        """False alarms per hour, which the true rate is below with 95 % confidence.

        For none at all that is 3 over the hours, the "rule of three".
        """
        if not self.hours:
            return math.inf
        return float(gammaincinv(self.alarms + 1, CONFIDENCE)) / self.hours


def choose_threshold(
    rule: Rule, footages: Sequence[Footage], per_hour: float, least: float
) -> Choice:
    """Return the rule with the least threshold that is quiet enough.

    The incidents of each threshold are counted by running them. A low threshold
    joins many false alarms to a long one, so each minute of it counts, and so that
    no luck is chosen, all thresholds above must be quiet enough as well.

    Args:
        rule: What the threshold belongs to; the ratio of `off` to `on` is kept.
        footages: The verdicts of each video or camera, in the order of time.
        per_hour: False alarms that are allowed.
        least: The threshold is not below that.
    """
    hours = judged_hours(footages)
    allowed = math.floor(per_hour * hours + 1e-9)
    shares = _shares(rule.label, footages)
    highest = max(shares, default=0.0)
    candidates = [float(on) for on in GRID if on >= least]
    chosen, alarms = None, 0
    for on in reversed(candidates):
        tried = _with_threshold(rule, on)
        count = count_alarms(tried, footages) if on <= highest else 0
        if count > allowed:
            break
        chosen, alarms = tried, count
    if chosen is None:
        strictest = _with_threshold(rule, candidates[-1])
        count = count_alarms(strictest, footages)
        return Choice(strictest, count, hours, highest, met=False)
    return Choice(chosen, alarms, hours, highest, met=True)


def count_alarms(rule: Rule, footages: Sequence[Footage]) -> int:
    """Return how many incidents a rule makes; each begun minute of one counts."""
    alarms = 0
    for footage in footages:
        incidents = Incidents([rule], make_id=str)
        events = [event for verdict in footage for event in incidents.update(verdict)]
        events += incidents.finish()
        for event in events:
            if event.kind != BEGIN:
                alarms += 1 + int((event.end - event.start) // _ONE_MORE)
    return alarms


def judged_hours(footages: Iterable[Footage]) -> float:
    """Return the hours that were judged; windows that overlap count once."""
    seconds = 0.0
    for footage in footages:
        until = -math.inf
        for verdict in footage:
            if verdict.end <= until:
                until = -math.inf  # another clock
            if verdict.judged:
                seconds += verdict.end - max(verdict.start, until)
            until = verdict.end
    return seconds / _HOUR


def _shares(label: str, footages: Iterable[Footage]) -> list[float]:
    return [
        verdict.probabilities.get(label, 0.0)
        for footage in footages
        for verdict in footage
        if verdict.judged
    ]


def _with_threshold(rule: Rule, on: float) -> Rule:
    return dataclasses.replace(rule, on=on, off=round(on * rule.off / rule.on, 5))
