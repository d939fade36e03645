"""Times of frames that always grow, from time stamps that may not."""

import math
from collections.abc import Sequence

USUAL_RATE = 25.0  # frames per second of a video that does not say
_SLOWEST, _FASTEST = 1 / 60, 240.0
_LONGEST_GAP = 60.0  # seconds; more than that is an error, not a pause
_USUAL_SLIPS = 3  # the last frames of many a file come without stamps
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
        self._ignored, self._first_ignored = 0, 0.0
        self._jumped = self._goes_on = False

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

    @property
    def notes(self) -> list[str]:
        """Whether stamps were of no use: none, or one sentence."""
        if self._ignored < _USUAL_SLIPS and not self._goes_on:
            return []
        return [
            f"From {self._first_ignored:.1f} s on, time stamps jump or stand still;"
            " counted on there."
        ]

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
            self._goes_on |= self._jumped
            return time
        if not self._ignored:
            self._first_ignored = expected
        self._ignored += 1
        if abs(expected - time) > _LATE:
            self._offset, self._jumped = expected - stamp, True
        return expected
