"""Cameras of visitors: their browsers send pictures, and get verdicts."""

import contextlib
import queue
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.web.model_thread import OverloadError
from projects.video_activity.web.analysis import Analysis
from projects.video_activity.web.cameras import live_analysis
from projects.video_activity.web.frame_store import FrameStore
from projects.video_activity.web.jpeg import decode_jpeg
from projects.video_activity.web.tools import Bounds, Tools

_END = None
_JITTER = 0.25  # of the interval by which a picture may come early


@dataclass(frozen=True)
class Picture:
    """A frame of a visitor's camera; seconds, and RGB."""

    time: float
    image: np.ndarray


class Visitor:
    """One camera of a browser, for as long as it sends.

    Attributes:
        analysis: What is said of it.
    """

    def __init__(self, analysis: Analysis, tools: Tools, bounds: Bounds):
        self.analysis = analysis
        self._tools, self._hop = tools, bounds.hop
        self._newest: queue.Queue[Picture | None] = queue.Queue(1)
        self._began, self._due = time.monotonic(), 0.0
        self.dropped = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def show(self, data: bytes) -> None:
        """Take one picture; called by one thread at a time.

        Too many are passed over, and one that is not looked at in time gives way.

        Args:
            data: A JPEG.

        Raises:
            UserError: It is none, or too large.
        """
        now, interval = time.monotonic() - self._began, self._tools.interval
        if now < self._due - _JITTER * interval:
            self.dropped += 1
            return
        self._due = max(self._due + interval, now)
        self._put(Picture(now, decode_jpeg(data)))

    def close(self) -> None:
        """Say that there will be no more."""
        self.analysis.stop()
        self._put(_END)

    def _put(self, picture: Picture | None) -> None:
        """Make the newest the next one, but for the end, which stays."""
        while True:
            try:
                self._newest.put_nowait(picture)
                return
            except queue.Full:
                self.dropped += 1
            if picture is not _END and self.analysis.stopped:
                return
            with contextlib.suppress(queue.Empty):
                self._newest.get_nowait()

    def _watch(self) -> None:
        self.analysis.run(self._pictures(), self._tools.watcher(), self._hop)

    def _pictures(self) -> Iterator[Picture]:
        while (picture := self._newest.get()) is not _END:
            yield picture


class Visitors:
    """All cameras of browsers; the last ones that ended can still be looked at."""

    def __init__(self, tools: Tools, folder: Path, bounds: Bounds):
        self._tools, self._folder, self._bounds = tools, folder, bounds
        self._here: list[Visitor] = []
        self._gone: list[Analysis] = []

    def find(self, name: str) -> Analysis | None:
        """Return a camera by its id."""
        known = [visitor.analysis for visitor in self._here] + self._gone
        return next((one for one in known if one.id == name), None)

    def enter(self) -> Visitor:
        """Begin with a new camera.

        Raises:
            OverloadError: There are too many.
        """
        if len(self._here) >= self._bounds.browsers:
            raise OverloadError("Too many cameras are watched. Try again later.")
        folder = self._folder / f"visitor-{secrets.token_hex(8)}"
        pictures = FrameStore(folder, 60 * self._bounds.live_minutes)
        name, kind = "Camera of a browser", "browser"
        analysis = live_analysis(name, kind, pictures, self._tools, self._bounds)
        visitor = Visitor(analysis, self._tools, self._bounds)
        self._here.append(visitor)
        return visitor

    def leave(self, visitor: Visitor) -> None:
        """End a camera; of those that ended, few are kept."""
        visitor.close()
        if visitor not in self._here:  # the server is stopping
            return
        self._here.remove(visitor)
        self._gone.append(visitor.analysis)
        while len(self._gone) > self._bounds.browsers:
            self._gone.pop(0).pictures.close()

    def remove(self, name: str) -> bool:
        """Forget one that ended; False: there was none."""
        for one in [one for one in self._gone if one.id == name]:
            one.pictures.close()
            self._gone.remove(one)
            return True
        return False

    def tidy(self) -> None:
        """Forget what nobody has looked at for long."""
        for one in list(self._gone):
            if time.monotonic() - one.seen > 60 * self._bounds.keep_minutes:
                self.remove(one.id)

    def close(self) -> None:
        """End all."""
        for visitor in list(self._here):
            self.leave(visitor)
        for one in list(self._gone):
            self.remove(one.id)
