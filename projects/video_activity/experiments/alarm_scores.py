"""What alarms are worth: events found, how late, and false ones per hour."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from projects.video_activity.alarms.incidents import BEGIN, Incidents
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.verdicts import Verdict

_HOUR = 3600.0


@dataclass(frozen=True)
class Truth:
    """When the event of a stream begins and ends, seconds; infinite: there is none."""

    begin: float = math.inf
    end: float = math.inf


@dataclass(frozen=True)
class AlarmScore:
    """The alarms of a rule on some streams.

    Attributes:
        events: How many there were.
        delays: From the begin of each event that was found to the end of the window
            at which it was told, in windows.
        false_alarms: Incidents that began where there was no event.
        hours: Without an event.
    """

    events: int
    delays: tuple[float, ...]
    false_alarms: int
    hours: float

    @property
    def recall(self) -> float:
        """Share of the events that were found."""
        return len(self.delays) / self.events if self.events else math.nan

    def recall_within(self, windows: float) -> float:
        """Return the share of the events that were found within so many windows."""
        found = sum(delay <= windows + 1e-6 for delay in self.delays)
        return found / self.events if self.events else math.nan

    @property
    def per_hour(self) -> float:
        """False alarms per hour."""
        return self.false_alarms / self.hours

    @property
    def delay(self) -> float:
        """Median delay, in windows."""
        return float(np.median(self.delays)) if self.delays else math.nan

    def by_chance(self, seconds: float) -> float:
        """Return the recall of as many alarms at random times.

        Args:
            seconds: Length of an event.
        """
        return 1 - math.exp(-self.per_hour * seconds / _HOUR)


def score(
    rule: Rule, judged: Iterable[tuple[Truth, Sequence[Verdict]]], window: float = 3.0
) -> AlarmScore:
    """Run a rule on streams.

    An event is found by an incident that is told between its begin and one window
    after its end. All others are false alarms, also one that was going on already.

    Args:
        rule: Of the class of the events.
        judged: For each stream what is true and the verdicts, in order of time.
        window: Seconds.
    """
    events, delays, false_alarms, seconds = 0, [], 0, 0.0
    for truth, verdicts in judged:
        events += math.isfinite(truth.begin)
        told = _tell(rule, verdicts)
        hits = [time for time in told if truth.begin < time <= truth.end + window]
        delays += [(time - truth.begin) / window for time in hits[:1]]
        false_alarms += len(told) - len(hits)
        seconds += sum(
            verdict.end - verdict.start
            for verdict in verdicts
            if verdict.end <= truth.begin or verdict.start >= truth.end
        )
    return AlarmScore(events, tuple(delays), false_alarms, seconds / _HOUR)


def _tell(rule: Rule, verdicts: Sequence[Verdict]) -> list[float]:
    """Return when incidents are told: the end of the window that shows them."""
    incidents = Incidents([rule], make_id=str)
    return [
        verdict.end
        for verdict in verdicts
        for event in incidents.update(verdict)
        if event.kind == BEGIN
    ]
