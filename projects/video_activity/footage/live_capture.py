"""A camera or a stream, opened by OpenCV. Runs in the child only."""

import math
import os
import time

import cv2
import numpy as np

from projects.video_activity.footage.capture import (
    Refused,
    Retrieved,
    check_size,
    size_of,
)
from projects.video_activity.footage.limits import Limits
from projects.video_activity.footage.stamps import USUAL_RATE, is_sensible

_URL_OPTIONS = (
    "rtsp_transport;tcp|protocol_whitelist;tcp,udp,rtp,rtsp,http,https,tls,crypto"
    "|format_whitelist;rtsp,rtp,sdp,mpjpeg,mjpeg,mpegts,flv,mov,mp4,matroska,webm,"
    "hls,asf,ogg,h264,hevc,m4v,mpeg"
)
_DRIFT = 1e-3  # by which the clock of a camera may differ from ours


class LiveCapture:
    """Reads a camera or a URL: `grab` each frame, take the `picture` of some."""

    def __init__(self, source: int | str, limits: Limits):
        """Open the source.

        Args:
            source: Number of a camera, or a URL.
            limits: Of size and silence.

        Raises:
            Refused: There is nothing, or its pictures are too large.
        """
        self._capture = _open(source, limits)
        try:
            check_size(size_of(self._capture), limits)
        except Refused:
            self._capture.release()
            raise
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.rate = rate if is_sensible(rate) else USUAL_RATE
        self._retrieved = Retrieved(limits.longest_side)
        # Others make their stamps up: by the frame, as if it were 25 in a second.
        self._has_stamps = str(source).lower().startswith("rtsp")
        self.lateness = Lateness()

    def grab(self) -> float | None:
        """Wait for the next frame; return when it came, None if none comes.

        Returns:
            Seconds of the system's monotonic clock.
        """
        if not self._capture.grab():
            return None
        now = time.monotonic()
        if self._has_stamps:
            stamp = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            self.lateness.update(now, stamp)
        return now

    def picture(self) -> np.ndarray | None:
        """Return the frame grabbed last, see `Retrieved`."""
        return self._retrieved(self._capture)

    def close(self) -> None:
        """Close the source."""
        self._capture.release()


class Lateness:
    """How much later frames come than they did at best, by their time stamps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._base: float | None = None
        self._last = (-math.inf, -math.inf)

    def update(self, now: float, stamp: float) -> None:
        """Learn of a frame.

        Args:
            now: When it came, seconds.
            stamp: Its time stamp, seconds; a stamp that does not grow says nothing.
        """
        before, last = self._last
        self._last = now, stamp
        if not last < stamp < last + 10.0:
            self._base, self.seconds = None, 0.0
            return
        delay = now - stamp
        base = delay if self._base is None else self._base + _DRIFT * (now - before)
        self._base = min(base, delay)
        self.seconds = delay - self._base


def _open(source: int | str, limits: Limits) -> cv2.VideoCapture:
    if isinstance(source, int):
        capture = cv2.VideoCapture(source)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    else:
        wait = int(limits.silence * 1000)
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = _URL_OPTIONS
        options = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, wait]
        options += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, wait, cv2.CAP_PROP_N_THREADS, 1]
        capture = cv2.VideoCapture(source, cv2.CAP_FFMPEG, options)
    if not capture.isOpened():
        raise Refused("it does not answer, or sends no video that can be decoded")
    return capture
