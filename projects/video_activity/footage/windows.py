"""Stretches of frames that each get one verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from projects.video_activity.footage.frames import Frame

_GAP = 3  # intervals without a frame after which a new window is begun


@dataclass(frozen=True)
class Window:
    """Some frames in a row.

    Attributes:
        start: Time of the first frame, seconds.
        end: Time up to which the frames speak: one interval after the last.
        frames: uint8 (n, height, width, 3), RGB.
        times: float64 (n,), seconds.
    """

    start: float
    end: float
    frames: np.ndarray
    times: np.ndarray


def windows(
    frames: Iterable[Frame],
    num_frames: int = 15,
    hop: int = 15,
    interval: float = 0.2,
    least: int = 5,
    skipped: list[str] | None = None,
) -> Iterator[Window]:
    """Cut frames into windows; each is given as soon as its last frame is there.

    A gap of more than 3 intervals, or a change of the size of the images, ends a
    window. What is left at the end becomes a shorter one. A video with less than
    `least` frames gives one window if it has at least two.

    Args:
        frames: In order of time.
        num_frames: Of a whole window.
        hop: Frames from the start of one window to the start of the next.
        interval: Seconds between frames.
        least: Frames of the shortest window.
        skipped: Is told the reason if there is no window at all.

    Yields:
        The windows in order.
    """
    spare: list[Frame] = []  # the longest run that was too short
    found = False
    for run in _runs(frames, _GAP * interval):
        kept, unseen = [], 0
        for frame in run:
            kept.append(frame)
            unseen += 1
            if unseen > 0 and len(kept) == num_frames:
                found = True
                yield _window(kept, interval)
                kept, unseen = kept[hop:], min(0, num_frames - hop)
            elif unseen <= 0:  # between windows that do not touch
                kept = []
        if unseen > 0 and len(kept) >= least:
            found = True
            yield _window(kept, interval)
        elif len(kept) > len(spare):
            spare = kept
    if not found and len(spare) > 1:
        yield _window(spare, interval)
    elif not found and skipped is not None:
        skipped.append(f"no two frames within {_GAP * interval:g} s")


def _runs(frames: Iterable[Frame], gap: float) -> Iterator[Iterator[Frame]]:
    """Yield the stretches between gaps, each an iterator to be used up."""
    source = iter(frames)
    ahead = next(source, None)

    def run() -> Iterator[Frame]:
        nonlocal ahead
        while True:
            last, ahead = ahead, None  # if the source raises, nothing is left over
            yield last
            ahead = next(source, None)
            if ahead is None or _breaks(last, ahead, gap):
                return

    while ahead is not None:
        yield run()


def _breaks(last: Frame, frame: Frame, gap: float) -> bool:
    return frame.time - last.time > gap or frame.image.shape != last.image.shape


def _window(kept: list[Frame], interval: float) -> Window:
    times = np.array([frame.time for frame in kept])
    images = np.stack([frame.image for frame in kept])
    return Window(float(times[0]), float(times[-1]) + interval, images, times)
