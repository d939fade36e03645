"""Verdicts in a row that say the same are one stretch of time."""

from dataclasses import dataclass, replace
from typing import Any

from projects.video_activity.verdicts import Verdict

_GAP = 0.5  # seconds between verdicts that still belong together


@dataclass(frozen=True)
class Stretch:
    """A time of one class.

    Attributes:
        number: Its place in the row.
        start: Seconds.
        end: Seconds.
        label: The class; None where nothing was judged.
        peak: The highest probability of the class in it.
        reason: Why it was not judged.
    """

    number: int
    start: float
    end: float
    label: str | None
    peak: float | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        peak = None if self.peak is None else round(self.peak, 4)
        return {
            "number": self.number,
            "start": round(self.start, 3),
            "end": round(self.end, 3),
            "label": self.label,
            "peak": peak,
            "reason": self.reason,
        }


class Stretches:
    """Merges verdicts as they come; the last stretch grows or a new one begins."""

    def __init__(self) -> None:
        self._last: Stretch | None = None

    def add(self, verdict: Verdict) -> Stretch:
        """Return the stretch that a verdict belongs to, as it is now."""
        last, peak = self._last, verdict.probability
        same = last is not None and (
            (last.label, last.reason) == (verdict.label, verdict.reason)
            and verdict.start - last.end <= _GAP
        )
        if same:
            highest = None if peak is None else max(peak, last.peak)
            self._last = replace(last, end=verdict.end, peak=highest)
        else:
            number = 0 if last is None else last.number + 1
            where = (verdict.start, verdict.end, verdict.label)
            self._last = Stretch(number, *where, peak, verdict.reason)
        return self._last
