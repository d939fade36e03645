"""One video file, opened by OpenCV within limits. Runs in the child only."""

import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from projects.video_activity.footage.limits import Limits
from projects.video_activity.footage.sniffing import UNKNOWN
from projects.video_activity.footage.stamps import (
    USUAL_RATE,
    Stamps,
    is_sensible,
    rate_of,
)

# Names that FFmpeg gives its readers of files. Not among them are those that open
# further files or addresses which the file names: concat, hls, dash, image2 ...
_FORMATS = (
    "mov,mp4,avi,matroska,webm,mpeg,mpegts,mpegvideo,m4v,h264,hevc,mjpeg,jpeg_pipe,flv,live_flv,"
    "asf,asf_o,ogg,3gp,gif,ivf,dv,mxf,rm,wtv,nut,swf,vob,obu,av1"
)
_FILE_OPTIONS = f"protocol_whitelist;file|format_whitelist;{_FORMATS}"
_TRIAL = 12  # frames to learn the rate from, when the file does not say
_RUN_UP = 4.0  # seconds before the place to jump to: seeking is not exact


class Refused(Exception):
    """Why a source cannot be read; the parent adds its name."""


class VideoFile:
    """Reads one file from its start: `grab` each frame, take the `picture` of some."""

    def __init__(self, path: Path, limits: Limits):
        """Open the file and check the size of its pictures before any is decoded.

        Args:
            path: The file.
            limits: Of size.

        Raises:
            Refused: Nothing can be decoded, or it is too large.
            OSError: The file cannot be opened.
        """
        self._limits = limits
        # OpenCV never gets to see the name: it takes some for patterns or protocols.
        self._descriptor = os.open(path, os.O_RDONLY)
        try:
            self._capture = self._open()
            self.notes: list[str] = []
            self.rate, trusted = self._find_rate()
            self.stamps = Stamps(self.rate, trusted)
            self.ended = False
            self._retrieved = Retrieved(limits.longest_side)
        except BaseException:
            os.close(self._descriptor)
            raise

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        return size_of(self._capture)

    @property
    def count(self) -> int | None:
        """How many frames the file says to have."""
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        return int(count) if 0 < count < 1e9 else None

    @property
    def duration(self) -> float | None:
        """How many seconds the file says to have."""
        return None if self.count is None else self.count / self.rate

    def grab(self) -> float | None:
        """Go to the next frame and return its time; None at the end."""
        if not self._capture.grab():
            self.ended = True
            return None
        return self.stamps(self._stamp())

    def picture(self) -> np.ndarray | None:
        """Return the frame grabbed last, see `Retrieved`."""
        return self._retrieved(self._capture)

    def jump(self, time: float) -> None:
        """Go to a place shortly before `time`, if the file can; else stay."""
        if time < 2 * _RUN_UP or self.grab() is None:
            return
        wanted = (time - _RUN_UP) * self.rate
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, wanted)
        self.stamps.skip()
        found = self.grab()
        if found is None or not -4 * _RUN_UP <= found - time <= -_RUN_UP / 4:
            self._capture.release()
            self._capture, self.ended = self._open(), False
            self.stamps = Stamps(self.rate, self._trusted)

    def close(self) -> None:
        """Close the file."""
        self._capture.release()
        os.close(self._descriptor)

    def _open(self) -> cv2.VideoCapture:
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = _FILE_OPTIONS
        capture = cv2.VideoCapture(
            f"/dev/fd/{self._descriptor}",
            cv2.CAP_FFMPEG,
            [cv2.CAP_PROP_N_THREADS, 1],
        )
        if not capture.isOpened():
            raise Refused(UNKNOWN)
        check_size(size_of(capture), self._limits)
        return capture

    def _find_rate(self) -> tuple[float, bool]:
        """Return frames per second, and whether the time stamps can be true."""
        self._trusted = True
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        if is_sensible(rate):
            return rate, True
        stamps: list[float] = []
        while len(stamps) < _TRIAL and self._capture.grab():
            stamps.append(self._stamp())
        self._capture.release()
        self._capture = self._open()
        shown = rate_of(stamps)
        self._trusted = shown is not None
        self.notes.append(
            f"The frame rate is given as {rate:g}; "
            + (f"the time stamps show {shown:.3g}." if shown else "25 is assumed.")
        )
        return shown or USUAL_RATE, self._trusted

    def _stamp(self) -> float:
        return self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000


def size_of(capture: cv2.VideoCapture) -> tuple[int, int]:
    """Return width and height of an opened source."""
    width = capture.get(cv2.CAP_PROP_FRAME_WIDTH)
    return int(width), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))


def check_size(size: tuple[int, int], limits: Limits) -> None:
    """Refuse pictures without extent, and those that are too large.

    Raises:
        Refused: The size is out of bounds.
    """
    width, height = size
    if width < 1 or height < 1:
        raise Refused("it has no pictures")
    if max(size) > limits.side or width * height > limits.pixels:
        raise Refused(
            f"its pictures are {width} x {height}; at most {limits.side} a side and"
            f" {limits.pixels:,} pixels are taken"
        )


class Retrieved:
    """Takes pictures out of a capture.

    One holds until the next: fresh memory for each would cost as much as decoding.
    """

    def __init__(self, longest: int):
        """Choose the pixels of the longer side, at most."""
        self._longest = longest
        self._raw: np.ndarray | None = None
        self._shrinker: Shrinker | None = None

    def __call__(self, capture: cv2.VideoCapture) -> np.ndarray | None:
        """Return the frame grabbed last, RGB, shrunk; None if it is broken."""
        done, self._raw = capture.retrieve(self._raw)
        if not done or self._raw is None:
            return None
        if self._shrinker is None:
            self._shrinker = Shrinker(self._raw.shape, self._longest)
        return self._shrinker(self._raw)


class Shrinker:
    """Turns images of OpenCV into RGB of one size; each overwrites the last."""

    def __init__(self, shape: Sequence[int], longest: int):
        """Choose the size: of the same shape as the first image, never larger.

        Args:
            shape: Height, width (and channels) of the first image.
            longest: Of the longer side afterwards, pixels.
        """
        scale = min(1.0, longest / max(shape[:2]))
        height, width = (max(1, round(side * scale)) for side in shape[:2])
        self._small = np.empty((height, width, 3), np.uint8)
        self._rgb = np.empty_like(self._small)

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Return `image`, BGR or grey of any size, as RGB of the size chosen."""
        if image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        height, width = self._small.shape[:2]
        if image.shape != self._small.shape:
            way = cv2.INTER_AREA if image.shape[1] > width else cv2.INTER_LINEAR
            image = cv2.resize(image, (width, height), self._small, interpolation=way)
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB, self._rgb)
