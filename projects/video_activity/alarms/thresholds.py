"""The threshold of a class, chosen on footage on which nothing happens."""

import collections
import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from common.errors import UserError
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
    """

    rule: Rule
    alarms: int
    hours: float
    highest: float

    @property
    def at_most(self) -> float:
        """False alarms per hour, which the true rate is below with 95 % confidence.

        For none at all that is 3 over the hours, the "rule of three".
        """
        return float(gammaincinv(self.alarms + 1, CONFIDENCE)) / self.hours

    def to_text(self) -> str:
        """Return in one line how sure the number of false alarms is."""
        plural = "s" * (self.alarms != 1)
        return (
            f"{self.alarms} false alarm{plural} in {self.hours:.3g} h: fewer than"
            f" {self.at_most:.2g} per hour, with {CONFIDENCE:.0%} confidence"
        )


def choose_thresholds(
    rules: Sequence[Rule],
    footages: Mapping[str, Footage],
    per_hour: float,
    least: float,
) -> list[Choice]:
    """Return each rule with the least threshold that is quiet enough.

    The incidents of each threshold are counted by running them. A low threshold
    joins many false alarms to a long one, so each minute of it counts, and so that
    no luck is chosen, all thresholds above must be quiet enough as well.

    Args:
        rules: What the thresholds belong to; the ratio of `off` to `on` is kept.
        footages: The verdicts of each video or camera, in the order of time.
        per_hour: False alarms that are allowed for each class.
        least: The thresholds are not below that.

    Raises:
        UserError: Nothing was judged, a class is none of the model's, or no
            threshold is quiet enough.
    """
    verdicts = list(footages.values())
    hours = judged_hours(verdicts)
    if not hours:
        raise UserError(
            "Expected footage that can be judged. Received:"
            f" {sum(map(len, verdicts))} windows, none judged"
            f"{_reasons(verdicts)}. Film with a camera that stands still."
        )
    return [_choose(rule, verdicts, hours, per_hour, least) for rule in rules]


def _choose(
    rule: Rule, footages: list[Footage], hours: float, per_hour: float, least: float
) -> Choice:
    highest = max(_shares(rule.label, footages))
    allowed = math.floor(per_hour * hours + 1e-9)
    chosen = None
    for on in map(float, reversed(GRID[least <= GRID])):
        tried = dataclasses.replace(rule, on=on, off=round(on * rule.off / rule.on, 5))
        alarms = count_alarms(tried, footages) if on <= highest else 0
        if alarms > allowed:
            break
        chosen = Choice(tried, alarms, hours, highest)
    if chosen is None:
        raise UserError(
            f"Expected a threshold of {rule.label} with at most {per_hour:g} false"
            f" alarms per hour. Received: {alarms} in {hours:.3g} h even at {on:g}. Ask"
            " for more windows in --alarms, allow more with --false-alarms, or train"
            " with this footage as a class on which nothing happens."
        )
    return chosen


def show_need(per_hour: float) -> str:
    """Return in one line how long one has to watch to be sure of a rate."""
    if per_hour == 0:
        return "No number of hours can show that there is never a false alarm."
    hours = -math.log(1 - CONFIDENCE) / per_hour
    return (
        f"To show that there are fewer than {per_hour:g} per hour takes {hours:.3g} h"
        f" of normal footage without a false alarm ({CONFIDENCE:.0%} confidence)."
    )


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
    judged = [verdict for footage in footages for verdict in footage if verdict.judged]
    for verdict in judged:
        if label not in verdict.probabilities:
            raise UserError(
                "Expected classes of the model:"
                f" {', '.join(verdict.probabilities)}. Received: {label}."
            )
    return [verdict.probabilities[label] for verdict in judged]


def _reasons(footages: Iterable[Footage]) -> str:
    counts = collections.Counter(v.reason for footage in footages for v in footage)
    return "".join(f"; {reason}: {n}" for reason, n in counts.most_common(3))
