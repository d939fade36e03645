"""Times of frames that always grow, from time stamps that may not."""

import math
from collections.abc import Sequence

USUAL_RATE = 25.0  # frames per second of a video that does not say
_SLOWEST, _FASTEST = 1 / 60, 240.0
_LONGEST_GAP = 60.0  # seconds; more than that is an error, not a pause
_LATE = 1.0  # seconds behind its neighbors after which a stamp begins a new count


def is_sensible(rate: float) -> bool:
    """Return whether a camera may have had this rate, frames per second."""
    return math.isfinite(rate) and _SLOWEST <= rate <= _FASTEST


def rate_of(stamps: Sequence[float]) -> float | None:
    """Return the rate that time stamps show, None if they show none.

    Args:
        stamps: Seconds, of neighboring frames.
    """
    steps = sorted(b - a for a, b in zip(stamps, stamps[1:], strict=False))
    middle = steps[len(steps) // 2] if steps else 0.0
    rate = 1 / middle if middle > 0 else math.nan
    return rate if is_sensible(rate) else None


class Stamps:
    """Turns stamps into times: from 0 on, always growing, without absurd gaps."""

    def __init__(self, rate: float, trusted: bool = True):
        """Begin with the first frame.

        Args:
            rate: Frames per second, to count on by when a stamp is of no use.
            trusted: Whether to look at the stamps at all.
        """
        self._step, self._trusted = 1 / rate, trusted
        self._last: float | None = None
        self._offset = 0.0
        self.notes: list[str] = []

    def __call__(self, stamp: float) -> float:
        """Return the time of the next frame.

        Args:
            stamp: Seconds, as the file has it; any float.
        """
        if not self._trusted or not math.isfinite(stamp):
            time = self._expected
        elif self._last is None:
            self._offset, time = -stamp, 0.0
        else:
            time = self._checked(stamp)
        self._last = time
        return time

    def skip(self) -> None:
        """Take the next stamp as it is, after a jump that was asked for."""
        self._last = None if self._last is None else -math.inf

    @property
    def _expected(self) -> float:
        if self._last is None or not math.isfinite(self._last):
            return 0.0
        return self._last + self._step

    def _checked(self, stamp: float) -> float:
        time, expected = stamp + self._offset, self._expected
        if self._last == -math.inf or self._last < time <= self._last + _LONGEST_GAP:
            return time
        if abs(expected - time) > _LATE:
            self._offset = expected - stamp
            self._tell(f"The time stamps jump at {expected:.1f} s; counted on there.")
        return expected

    def _tell(self, note: str) -> None:
        if not self.notes:  # the first says it; there may be thousands
            self.notes.append(note)
