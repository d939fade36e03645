"""A video file that grows frame by frame, and is whole or not there."""

import os
import shutil
import tempfile
from pathlib import Path

import cv2
import numpy as np

from common.files import atomic_write

# The codec of each format: the first takes a twentieth of the work, the second is
# what browsers play.
CODECS = {"mp4": "mp4v", "webm": "VP80"}

_LEAST_FREE = 20 << 20  # bytes; with less, nothing is begun
_LONGEST_STILL = 10.0  # seconds for which a frame stands while no other comes


class RecordingError(Exception):
    """A video cannot be written; the message says why."""


class Recording:
    """Writes frames at a steady rate, whatever the rate at which they come.

    Attributes:
        path: Where the file will lie.
        rate: Frames per second of the file.
        frames: How many it has.
        start: Time of the first, seconds of the source.
        end: Time of the last.
    """

    def __init__(self, path: Path, rate: float):
        """Prepare the file.

        Args:
            path: Ends with .mp4 or .webm; its folder is made.
            rate: Frames per second.

        Raises:
            RecordingError: The folder cannot be made or the disk is full.
        """
        self.path, self.rate = path, rate
        self.frames, self.start, self.end = 0, 0.0, 0.0
        self._latest = np.empty((0, 0, 3), np.uint8)
        self._writer: cv2.VideoWriter | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(path.parent).free < _LEAST_FREE:
                raise RecordingError(f"the disk of {path.parent} is full")
            folder = tempfile.mkdtemp(prefix=".", suffix=".tmp", dir=path.parent)
        except OSError as error:
            raise RecordingError(f"{path.parent}: {error.strerror}") from None
        self._place = Path(folder) / path.name

    def add(self, time: float, image: np.ndarray) -> None:
        """Write a frame; the one before is repeated as long as it lasted.

        Args:
            time: Seconds of the source, not before those of the frames so far.
            image: uint8 `(height, width, 3)`, BGR; made as large as the first.

        Raises:
            RecordingError: The file cannot be opened.
        """
        if self._writer is None:
            self._open(image)
            self.start = self._origin = time
        elif image.shape[:2] != self._latest.shape[:2]:
            height, width = self._latest.shape[:2]
            image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        missing = round((time - self._origin) * self.rate) - self.frames
        if missing > _LONGEST_STILL * self.rate:  # the source was away: leave that out
            self._origin += missing / self.rate
            missing = 0
        for _ in range(missing):
            self._write(self._latest)
        if missing >= 0:  # else it came early, and its place is taken
            self._write(image)
        self._latest, self.end = image, time

    def finish(self) -> None:
        """Put the file into its place.

        Raises:
            RecordingError: It has no frames or is not whole, as when the disk is full.
        """
        try:
            if self._writer is None:
                raise RecordingError("no frames were there")
            self._writer.release()
            if _count_frames(self._place) != self.frames:  # OpenCV itself tells nobody
                raise RecordingError(f"{self.path} could not be written: disk full?")
            with atomic_write(self.path) as whole:
                os.replace(self._place, whole)
        except OSError as error:
            raise RecordingError(f"{self.path}: {error.strerror}") from None
        finally:
            self.drop()

    def drop(self) -> None:
        """Leave nothing behind that is not whole."""
        if self._writer is not None:
            self._writer.release()
        shutil.rmtree(self._place.parent, ignore_errors=True)

    def _open(self, image: np.ndarray) -> None:
        height, width = image.shape[:2]
        codec = cv2.VideoWriter.fourcc(*CODECS[self.path.suffix[1:]])
        self._writer = cv2.VideoWriter(
            str(self._place), cv2.CAP_FFMPEG, codec, self.rate, (width, height)
        )
        if not self._writer.isOpened():
            raise RecordingError(f"{self.path} cannot be written")

    def _write(self, image: np.ndarray) -> None:
        self._writer.write(image)
        self.frames += 1


def _count_frames(path: Path) -> int:
    found = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        return sum(1 for _ in iter(found.grab, False))
    finally:
        found.release()
