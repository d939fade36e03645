"""Pictures out of videos, decoded in a process that may die."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np

from projects.video_activity.footage.channel import ChannelClosed
from projects.video_activity.footage.child import Child
from projects.video_activity.footage.frames import Frame, Probe, VideoError
from projects.video_activity.footage.limits import Limits
from projects.video_activity.footage.live import LiveSource, check_source
from projects.video_activity.footage.refusals import check_file, refusal

_LONGEST_LIFE = 200  # videos of one child, whatever its libraries forget to free
_GOING_ON = ("frame", "alive")

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
        self._live: LiveSource | None = None
        self._numbers = itertools.count()
        self._current = -1
        self._served = 0
        self.notes: list[str] = []

    def __enter__(self) -> "Decoder":
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
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
        try:
            answer, _ = self._listen(path, number)
        except _Failed as failure:
            raise refusal(path, str(failure)) from None
        self._finish(answer)
        names = ("duration", "frame_rate", "width", "height", "frames")
        return Probe(*(answer[name] for name in names), notes=tuple(self.notes))

    def live(
        self, source: int | str | Path, *, interval: float = 0.2, realtime: bool = False
    ) -> Iterator[Frame]:
        """Follow a camera or a stream, in a child and a thread of its own.

        Frames that are not taken within `Limits.lag` seconds are dropped. While the
        source is lost nothing comes; `status` tells. Times are seconds from now.

        Args:
            source: Number of a camera, or a URL.
            interval: Seconds between frames.
            realtime: `source` is a file, to be played at its own pace as if it came
                from a camera.

        Returns:
            The frames, until `close` or the end of the file.

        Raises:
            UserError: It is no such source.
        """
        request = {"id": 0, "do": "live", "interval": interval}
        if realtime:
            path = Path(str(source))
            check_file(path)
            name = list(os.fsencode(path.absolute()))
            request |= {"do": "play", "path": name}
        else:
            request["source"] = check_source(cast(int | str, source))
        self._end_live()
        self._live = LiveSource(request, self._limits)
        return iter(self._live)

    def status(self) -> dict[str, Any] | None:
        """Return how the live source does, see `LiveSource.status`; None: no such."""
        return None if self._live is None else self._live.status()

    def close(self) -> None:
        """End the child and the live source; another video starts another child."""
        self._end_live()
        self._bury()

    def _end_live(self) -> None:
        if self._live is not None:
            self._live.close()

    def _frames(self, path: Path, request: dict[str, Any]) -> Iterator[Frame]:
        self.notes = []
        number = self._ask(path, request)
        taken, time, fresh = 0, request["start"], self._served == 1
        try:
            while True:
                try:
                    answer, image = self._listen(path, number)
                except _Failed as failure:
                    if fresh:
                        raise refusal(path, str(failure), time) from None
                    # An earlier video may have harmed the child's memory: again.
                    fresh, number = True, self._ask(path, request, skip=taken)
                    continue
                if answer["kind"] == "end":
                    self._finish(answer)
                    return
                if image is not None:
                    taken, time = taken + 1, answer["time"]
                    yield Frame(time, image)
        finally:
            self._stop(number)

    def _ask(self, path: Path, request: dict[str, Any], skip: int = 0) -> int:
        """Send a request to the child, and return its number."""
        check_file(path)
        self._stop(self._current)
        if self._served >= _LONGEST_LIFE:
            self._bury()
        if self._child is None:
            self._child, self._served = Child(self._limits), 0
        self._served += 1
        self._current = next(self._numbers)
        name = list(os.fsencode(path.absolute()))
        head = {"id": self._current, "path": name, "skip": skip}
        self._child.send(head | request)
        return self._current

    def _listen(
        self, path: Path, number: int
    ) -> tuple[dict[str, Any], np.ndarray | None]:
        """Return the next message about a request.

        Raises:
            VideoError: The child refuses the video.
            _Failed: It has died, hung, or found no memory; it is gone.
        """
        if number != self._current or self._child is None:
            raise RuntimeError(f"{path} was left for another video")
        try:
            answer, image = self._child.receive(self._limits.progress)
        except TimeoutError:
            self._bury()
            reason = f"no progress for {self._limits.progress:g} s; given up"
            raise _Failed(reason) from None
        except ChannelClosed:
            raise _Failed(f"the decoder crashed ({self._bury()})") from None
        if answer["kind"] == "failed":
            self._bury()
            raise _Failed(answer["reason"])
        if answer["kind"] == "refused":
            self._current = -1
            raise refusal(path, answer["reason"])
        return answer, image

    def _finish(self, answer: dict[str, Any]) -> None:
        self._current, self.notes = -1, list(answer["notes"])

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
        child, self._child, self._current = self._child, None, -1
        return "" if child is None else child.kill()


class _Failed(Exception):
    """Why the child is no more; another one may do better."""
