"""Small pictures of what was seen, on disk, to be looked up by time."""

import bisect
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

_SEGMENT = 10.0  # seconds of pictures in one file
_SIDE = 480  # pixels of the longer side
_QUALITY = 70


@dataclass
class _Segment:
    path: Path
    times: list[float] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)  # first byte, bytes
    pinned: bool = False


class FrameStore:
    """JPEG pictures of one source.

    Of a live source the last minutes are kept, and longer what is pinned.

    Args:
        folder: Where; it is made, and removed by `close`.
        keep: Seconds that are kept; None: all.
        keep_pinned: Seconds of pinned pictures that are kept besides.
    """

    def __init__(
        self, folder: Path, keep: float | None = None, keep_pinned: float = 3600.0
    ):
        folder.mkdir(mode=0o700)
        self._folder, self._lock = folder, threading.Lock()
        self._keep, self._keep_pinned = keep, keep_pinned
        self._segments: list[_Segment] = []
        self._count, self._closed = 0, False

    def add(self, time: float, image: np.ndarray) -> None:
        """Keep a picture.

        Args:
            time: Seconds; times never fall.
            image: uint8 `(height, width, 3)`, RGB.

        Raises:
            OSError: The disk is full.
        """
        picture = encode_jpeg(image)
        with self._lock:
            if self._closed:
                return
            segment = self._segment_for(time)
            with open(segment.path, "ab") as file:
                place = file.tell()  # behind what a full disk may have cut off
                file.write(picture)
            segment.places.append((place, len(picture)))
            segment.times.append(time)

    def at(self, time: float | None) -> tuple[float, bytes] | None:
        """Return the last picture up to a time (None: the newest), with its time.

        Of what is forgotten the next one that is left is returned; None: there is
        not any.
        """
        with self._lock:
            segments = [segment for segment in self._segments if segment.times]
            if not segments:
                return None
            at = float("inf") if time is None else time
            starts = [segment.times[0] for segment in segments]
            segment = segments[max(0, bisect.bisect_right(starts, at) - 1)]
            number = max(0, bisect.bisect_right(segment.times, at) - 1)
            place, length = segment.places[number]
            with open(segment.path, "rb") as file:
                file.seek(place)
                return segment.times[number], file.read(length)

    def pin(self, start: float, end: float) -> None:
        """Keep the pictures of a stretch longer than others."""
        with self._lock:
            for segment in self._segments:
                times = segment.times
                if times and times[0] <= end and times[-1] >= start:
                    segment.pinned = True

    def close(self) -> None:
        """Remove all pictures."""
        with self._lock:
            self._closed, self._segments = True, []
            shutil.rmtree(self._folder, ignore_errors=True)

    def _segment_for(self, time: float) -> _Segment:
        last = self._segments[-1] if self._segments else None
        if last is None or (last.times and time - last.times[0] >= _SEGMENT):
            last = _Segment(self._folder / f"{self._count:06d}")
            self._count += 1
            self._segments.append(last)
            self._forget(time)
        return last

    def _forget(self, now: float) -> None:
        if self._keep is None:
            return
        old = [s for s in self._segments if s.times and s.times[-1] < now - self._keep]
        pinned = [segment for segment in old if segment.pinned]
        most = int(self._keep_pinned / _SEGMENT)
        gone = [segment for segment in old if not segment.pinned]
        for segment in gone + pinned[: max(0, len(pinned) - most)]:
            self._segments.remove(segment)
            segment.path.unlink(missing_ok=True)


def encode_jpeg(image: np.ndarray) -> bytes:
    """Return a picture as a small JPEG.

    Args:
        image: uint8 `(height, width, 3)`, RGB.
    """
    scale = _SIDE / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(
            image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
    quality = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    return cv2.imencode(".jpg", image[:, :, ::-1], quality)[1].tobytes()
