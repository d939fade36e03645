"""The frames of a camera as they come, whatever happens to it."""

import math
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from common.errors import UserError
from projects.video_activity.footage.channel import ChannelClosed
from projects.video_activity.footage.child import Child
from projects.video_activity.footage.frames import Frame
from projects.video_activity.footage.limits import Limits

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0  # seconds before the next try to connect
_LATEST = 10.0  # seconds by which a stream may lag before it is opened anew
_URL = re.compile(r"(rtsp|rtsps|http|https|udp|rtp)://.", re.IGNORECASE)


class LiveSource:
    """Follows a source in a thread; keeps the newest frames, drops older ones.

    While the source is lost no frames come, and the thread tries to connect again,
    at growing intervals. A decoder that crashes or hangs is replaced.
    """

    def __init__(self, request: dict[str, Any], limits: Limits):
        """Begin to follow.

        Args:
            request: What to ask of the child.
            limits: Of silence, lag and pictures.
        """
        self._request, self._limits = request, limits
        self._latest = _LATEST
        self._begun = time.monotonic()
        self._kept: deque[Frame] = deque()
        self._most = 1 + math.ceil(limits.lag / request["interval"])
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._over = False
        self._error: UserError | None = None
        self._child: Child | None = None
        self._connected, self._reason = False, "not connected yet"
        self._dropped = self._connections = 0
        self._behind = self._late = 0.0
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Frame]:
        """Yield frames until `close`, or the end of a file that plays."""
        while (frame := self._take()) is not None:
            yield frame

    def status(self) -> dict[str, Any]:
        """Return how it goes.

        Returns:
            connected; reason (why not, or ""); dropped (frames); behind (seconds
            between the last frame's coming and its use, and by which the source
            itself is late); reconnects.
        """
        with self._changed:
            return {
                "connected": self._connected,
                "reason": self._reason,
                "dropped": self._dropped,
                "behind": round(self._behind + self._late, 3),
                "reconnects": max(0, self._connections - 1),
            }

    def close(self) -> None:
        """Stop following; an iteration that waits ends."""
        self._closed.set()
        child = self._child
        if child is not None:
            child.hang_up()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(self._limits.silence)

    def _take(self) -> Frame | None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._kept or self._over or self._closed.is_set()
            )
            if self._error is not None:
                raise self._error
            if self._closed.is_set() or not self._kept:
                return None
            now = time.monotonic() - self._begun
            while len(self._kept) > 1 and now - self._kept[0].time > self._limits.lag:
                self._drop()
            frame = self._kept.popleft()
            self._behind = now - frame.time
            return frame

    def _put(self, frame: Frame, late: float) -> None:
        with self._changed:
            self._kept.append(frame)
            self._late = late
            if len(self._kept) > self._most:
                self._drop()
            self._changed.notify_all()

    def _drop(self) -> None:
        self._kept.popleft()
        self._dropped += 1

    def _follow(self) -> None:
        """Connect again and again; the body of the thread."""
        wait = _FIRST_WAIT
        try:
            while not self._closed.is_set():
                frames, reason = self._listen()
                if reason is None:
                    break
                with self._changed:
                    self._connected, self._reason = False, reason
                wait = _FIRST_WAIT if frames else min(2 * wait, _LONGEST_WAIT)
                self._closed.wait(wait)
        except UserError as error:  # the child does not start
            self._error = error
        finally:
            self._bury()
            with self._changed:
                self._over, self._connected = True, False
                self._changed.notify_all()

    def _listen(self) -> tuple[int, str | None]:
        """Take frames until something happens.

        Returns:
            How many came, and why no more come; None: it is over.
        """
        count = 0
        try:
            if self._child is None:
                self._child = Child(self._limits)
            self._child.send(self._request | {"latest": self._latest})
            while not self._closed.is_set():
                # The child has its own limits; this is for one that hangs.
                answer, image = self._child.receive(2 * self._limits.silence)
                if answer["kind"] == "frame":
                    count += 1
                    self._note_connection(count)
                    self._put(
                        Frame(answer["time"] - self._begun, image), answer["late"]
                    )
                elif answer["kind"] == "end":
                    return count, None
                elif answer["kind"] == "late":
                    self._latest *= 2  # it may be its clock: do not do this for ever
                    return count, answer["reason"]
                elif answer["kind"] in ("refused", "failed"):
                    return count, answer["reason"]
            return count, None
        except TimeoutError:
            self._bury()
            return count, f"silent for {2 * self._limits.silence:g} s"
        except ChannelClosed:
            return count, f"the decoder crashed ({self._bury()})"

    def _note_connection(self, count: int) -> None:
        if count == 1:
            with self._changed:
                self._connections += 1
                self._connected, self._reason = True, ""

    def _bury(self) -> str:
        child, self._child = self._child, None
        return child.kill() if child is not None else ""


def check_source(source: int | str) -> int | str:
    """Return a camera's number or a stream's URL.

    Raises:
        UserError: It is neither.
    """
    if isinstance(source, str) and source.isdecimal():
        source = int(source)
    if isinstance(source, int) and source >= 0:
        return source
    if isinstance(source, str) and _URL.match(source):
        return source
    raise UserError(
        "Expected the number of a camera (0), or a URL that begins with rtsp://,"
        f" http:// or the like. Received: {source!r}. For a file, read it as such."
    )
