"""From verdicts of windows to incidents: one event per incident, not per window."""

import collections
import dataclasses
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from projects.video_activity.alarms.rules import Rule
from projects.video_activity.verdicts import Verdict

BEGIN, END = "begin", "end"

_LONGEST_GAP = 5.0  # seconds without a window, after which the last ones are forgotten


@dataclass(frozen=True)
class Event:
    """An incident has begun, or is over.

    Attributes:
        kind: "begin" or "end".
        label: The class.
        start: Start of the first window that counted, seconds of the source.
        end: End of the last window so far in which the class was not unlikely.
        peak: The greatest probability so far.
        id: The same for both events of an incident, different for all others.
    """

    kind: str
    label: str
    start: float
    end: float
    peak: float
    id: str

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold: milliseconds, a probability of 4 digits."""
        times = {"start": round(self.start, 3), "end": round(self.end, 3)}
        return {
            "event": self.kind,
            "id": self.id,
            "label": self.label,
            **times,
            "peak": round(self.peak, 4),
        }


def _make_id() -> str:
    return uuid.uuid4().hex[:12]


class Incidents:
    """Follows the verdicts of one source."""

    def __init__(
        self, rules: Sequence[Rule], make_id: Callable[[], str] = _make_id
    ) -> None:
        """Begin with no incident.

        Args:
            rules: One for each class that raises alarms.
            make_id: Gives each incident its name.
        """
        self._watches = [_Watch(rule, make_id) for rule in rules]

    def update(self, verdict: Verdict) -> list[Event]:
        """Take the next window; return what has begun or ended by it.

        A window that was not judged raises nothing and clears nothing. Where time
        leaps, forward by more than 5 s or back, windows before it no longer count.
        """
        found = (watch.update(verdict) for watch in self._watches)
        return [event for event in found if event is not None]

    def finish(self) -> list[Event]:
        """End what goes on, as the source has ended."""
        found = (watch.finish() for watch in self._watches)
        return [event for event in found if event is not None]


class _Watch:
    """The incidents of one class."""

    def __init__(self, rule: Rule, make_id: Callable[[], str]):
        self._rule, self._make_id = rule, make_id
        self._time = float("-inf")  # end of the latest window
        self._forget()
        self._rest_until = float("-inf")
        self._open: Event | None = None

    def update(self, verdict: Verdict) -> Event | None:
        if verdict.end <= self._time:
            self._rest_until = float("-inf")  # another clock
            self._forget()
        elif verdict.start > self._time + _LONGEST_GAP:
            self._forget()
        self._time = verdict.end
        if not verdict.judged:
            self._recent.append(None)
            return None
        share = verdict.probabilities.get(self._rule.label, 0.0)
        if self._open is None:
            return self._wait(verdict, share)
        return self._follow(verdict, share)

    def finish(self) -> Event | None:
        return None if self._open is None else self._close()

    def _forget(self) -> None:
        # What counted of the latest windows: its start and probability; else None.
        nothing: list[tuple[float, float] | None] = [None] * self._rule.of
        self._recent = collections.deque(nothing, maxlen=self._rule.of)
        self._since: float | None = None  # when it became likely enough for an incident
        self._peak = 0.0
        self._low = 0  # windows in a row that speak against it

    def _wait(self, verdict: Verdict, share: float) -> Event | None:
        """Begin an incident if there was enough for long enough."""
        rule = self._rule
        counts = share >= rule.on
        self._recent.append((verdict.start, share) if counts else None)
        counted = [entry for entry in self._recent if entry is not None]
        if len(counted) < rule.windows:
            self._since = None
            return None
        if self._since is None:
            self._since, self._peak = counted[0][0], max(p for _, p in counted)
        self._peak = max(self._peak, share)
        lasted = verdict.end - self._since >= rule.minimum_seconds
        if not (counts and lasted and verdict.end > self._rest_until):
            return None
        self._open = Event(
            BEGIN, rule.label, self._since, verdict.end, self._peak, self._make_id()
        )
        return self._open

    def _follow(self, verdict: Verdict, share: float) -> Event | None:
        """Go on with an incident, and end it when it has been unlikely long enough."""
        event = self._open
        if share >= self._rule.off:
            self._low = 0
            peak = max(event.peak, share)
            end = max(event.end, verdict.end)  # less after a leap back
            self._open = dataclasses.replace(event, end=end, peak=peak)
            return None
        self._low += 1
        return self._close() if self._low >= self._rule.clear_windows else None

    def _close(self) -> Event:
        event, self._open = self._open, None
        self._forget()
        self._rest_until = self._time + self._rule.cooldown
        return dataclasses.replace(event, kind=END)
