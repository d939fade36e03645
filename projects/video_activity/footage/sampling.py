"""Which frames of a video are taken: by time, not by number. Runs in the child only."""

import math
from collections.abc import Iterator

import numpy as np

from projects.video_activity.footage.capture import VideoFile

_ROUNDING = 1e-6  # of a quotient that is whole but for the last bits


class Schedule:
    """Says of each frame whether it is due: the first at or after start + k * interval.

    A frame may come early by half the time between frames; two that are due at the
    same moment count once.
    """

    def __init__(self, interval: float, start: float, rate: float):
        """Choose the moments.

        Args:
            interval: Seconds between moments.
            start: The first, seconds.
            rate: Frames per second of the video.
        """
        self._interval, self._start = interval, start
        self._tolerance = min(0.5 / rate, 0.5 * interval)
        self._next = start

    def is_due(self, time: float) -> bool:
        """Return whether to take the frame of this time; times must not fall."""
        if time < self._next - self._tolerance:
            return False
        passed = (time + self._tolerance - self._start) / self._interval
        self._next = self._start + (math.floor(passed + _ROUNDING) + 1) * self._interval
        return True


def sample(
    video: VideoFile, interval: float, start: float, end: float
) -> Iterator[tuple[float, np.ndarray | None]]:
    """Go through a video.

    Args:
        video: Just opened.
        interval: Seconds between frames to take.
        start: Seconds.
        end: Seconds; frames at or after it are not taken.

    Yields:
        The time of each frame, and its picture if it is due.
    """
    schedule = Schedule(interval, start, video.rate)
    video.jump(start)
    while (time := video.grab()) is not None and time < end:
        due = schedule.is_due(time)
        yield time, video.picture() if due else None
