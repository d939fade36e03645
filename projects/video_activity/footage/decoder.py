"""Pictures out of videos, decoded in a process that may die."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from projects.video_activity.footage.channel import ChannelClosed
from projects.video_activity.footage.child import Child
from projects.video_activity.footage.frames import Frame, Probe, VideoError
from projects.video_activity.footage.limits import Limits

__all__ = ["Decoder", "Frame", "Limits", "Probe", "VideoError"]


class Decoder:
    """Reads one video after the other; one child process serves them all.

        with Decoder() as decoder:
            for frame in decoder.frames(path, interval=0.2):
                ...

    Attributes:
        notes: What was strange about the video read last, one sentence each; whole
            when its last frame has been taken.
    """

    def __init__(self, limits: Limits | None = None):
        """Choose the limits; the child is started with the first video."""
        self._limits = limits or Limits()
        self._child: Child | None = None
        self._numbers = itertools.count()
        self._current = -1
        self.notes: list[str] = []

    def __enter__(self) -> "Decoder":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self.close()

    def frames(
        self,
        path: Path,
        *,
        interval: float = 0.2,
        start: float = 0.0,
        end: float | None = None,
    ) -> Iterator[Frame]:
        """Read a video from `start` to `end`.

        Frame k is the first at or after start + k * interval, by time stamp. Reading
        another video ends this one.

        Args:
            path: The file.
            interval: Seconds between frames.
            start: Seconds.
            end: Seconds, not included; None: to the end.

        Yields:
            The frames. A video that is cut off yields what there is; `notes` tells.

        Raises:
            VideoError: It cannot be read, or breaks the decoder.
        """
        request = {"interval": interval, "start": start, "end": end}
        return self._frames(Path(path), {"do": "frames"} | request)

    def probe(self, path: Path) -> Probe:
        """Return what a video says of itself, without decoding it.

        Raises:
            VideoError: It cannot be read.
        """
        path = Path(path)
        number = self._ask(path, {"do": "probe"})
        answer, _ = self._listen(path, number, 0.0)
        names = ("duration", "frame_rate", "width", "height", "frames")
        self._current, self.notes = -1, list(answer["notes"])
        return Probe(*(answer[name] for name in names), notes=tuple(self.notes))

    def close(self) -> None:
        """End the child; the next video would start another."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _frames(self, path: Path, request: dict[str, Any]) -> Iterator[Frame]:
        self.notes = []
        number = self._ask(path, request)
        time = request["start"]
        try:
            while True:
                answer, image = self._listen(path, number, time)
                if answer["kind"] == "end":
                    self.notes, self._current = list(answer["notes"]), -1
                    return
                if image is not None:
                    time = answer["time"]
                    yield Frame(time, image)
        finally:
            self._stop(number)

    def _ask(self, path: Path, request: dict[str, Any]) -> int:
        """Send a request to the child, and return its number."""
        check_file(path)
        self._stop(self._current)
        if self._child is None:
            self._child = Child(self._limits)
        self._current = next(self._numbers)
        name = list(os.fsencode(path.absolute()))
        self._child.send({"id": self._current, "path": name, "skip": 0} | request)
        return self._current

    def _listen(self, path: Path, number: int, time: float) -> tuple[dict, Any]:
        """Return the next message about a request.

        Raises:
            VideoError: The child refuses, is silent or dead.
        """
        if number != self._current or self._child is None:
            raise RuntimeError(f"{path} was left for another video")
        try:
            answer, image = self._child.receive(self._limits.progress)
        except TimeoutError:
            reason = f"no progress for {self._limits.progress:g} s; given up"
        except ChannelClosed:
            reason = None
        else:
            if answer["kind"] != "refused":
                return answer, image
            self._current = -1
            raise _error(path, time, answer["reason"])
        ending = self._bury()
        raise _error(path, time, reason or f"the decoder crashed ({ending})")

    def _stop(self, number: int) -> None:
        """Have the child stop with a request, if it is still at it."""
        if self._child is None or number != self._current or number < 0:
            return
        self._current = -1
        try:
            self._child.send({"do": "stop"})
            while self._child.receive(self._limits.progress)[0]["kind"] in _GOING_ON:
                pass
        except (ChannelClosed, TimeoutError):
            self._bury()

    def _bury(self) -> str:
        ending = self._child.kill()
        self._child, self._current = None, -1
        return ending


_GOING_ON = ("frame", "alive")


def check_file(path: Path) -> None:
    """Refuse what is no readable file, before any decoder sees it.

    Raises:
        VideoError: It is missing, a folder, empty or may not be read.
    """
    try:
        with open(path, "rb") as file:
            if not file.read(1):
                raise _error(path, 0.0, "the file is empty")
    except OSError as error:
        raise _error(path, 0.0, f"{error.strerror or error}") from None


def _error(path: Path, time: float, reason: str) -> VideoError:
    place = f" at {time:.1f} s" if time else ""
    return VideoError(
        f"Expected a video that can be decoded. Received: {path}{place}: {reason}."
        " Leave it out, or write it anew with a video editor."
    )
