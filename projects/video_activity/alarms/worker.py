"""One action in a thread of its own: whatever it does, the watching goes on."""

import dataclasses
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from projects.video_activity.alarms.actions.action import Action, GivenUpError
from projects.video_activity.alarms.inbox import Inbox
from projects.video_activity.alarms.notice import Notice

if TYPE_CHECKING:
    from projects.video_activity.footage.frames import Frame

SILENCE = 15.0  # seconds without frames and notices, after which an action rests
_LAST_MOMENT = 0.5  # seconds to give up in


class Worker:
    """Hands notices and frames to an action, one after the other.

    Attributes:
        name: What the action is called in the file.
        action: A copy of its own.
        delivered: How many notices came through (clips: how many were saved).
        given_up: How many did not.
        frames_missed: How many frames it had no time for.
    """

    def __init__(
        self, name: str, action: Action, tell: Callable[[str], None], live: bool
    ):
        """Prepare the thread.

        Args:
            name: For messages.
            action: Its settings; another worker may have the same.
            tell: Takes a line for the user; called in the thread.
            live: Whether frames are dropped rather than waited with.
        """
        self.name, self._tell, self._live = name, tell, live
        self.action = dataclasses.replace(action)
        self.action.tell = tell
        self.delivered = self.given_up = self.frames_missed = 0
        self._inbox = Inbox()
        self._thread = threading.Thread(
            target=self._run, name=f"action-{name}", daemon=True
        )

    @property
    def waiting(self) -> int:
        """How many notices are still to be looked at."""
        return self._inbox.notices

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def send(self, notice: Notice) -> None:
        """Pass on a notice; never waits."""
        if not self._inbox.put(notice):
            self._give_up("too many wait already")

    def show(self, frame: "Frame") -> None:
        """Pass on a frame; waits for room only where the source is not live."""
        if self.action.takes_frames:
            seen = self._inbox.put(frame, frame=True, wait=not self._live)
            self.frames_missed += not seen

    def close(self) -> None:
        """Take no more; what waits is still delivered."""
        self._inbox.close()

    def join(self, seconds: float) -> None:
        """Wait for the end, which must come now."""
        self._thread.join(max(0.0, seconds))
        if self._thread.is_alive():
            self.action.stop.set()
            self._thread.join(_LAST_MOMENT)
        if self._thread.is_alive():
            self._give_up(f"it did not end in time, {self.waiting} wait")

    def _run(self) -> None:
        opened = self._try(self.action.open)
        while (item := self._take(opened)) is not None:
            is_notice = isinstance(item, Notice)
            if opened and not (is_notice and self.action.stop.is_set()):
                self._try(self.action.deliver if is_notice else self.action.see, item)
            elif is_notice:
                self._give_up("there was no time" if opened else "it could not begin")
        if opened:
            self._try(self.action.close)

    def _take(self, opened: bool) -> "Notice | Frame | None":
        while True:
            try:
                return self._inbox.take(SILENCE)
            except TimeoutError:
                if opened:
                    self._try(self.action.rest)

    def _try(self, work: Callable[..., int | None], *given: object) -> bool:
        try:
            self.delivered += work(*given) or 0
            return True
        except GivenUpError as error:
            self._give_up(str(error))
        except Exception as error:  # a thread that dies would take the alarms with it
            self._give_up(f"{type(error).__name__}: {error}")
        return False

    def _give_up(self, reason: str) -> None:
        self.given_up += 1
        self._tell(f"alarm action {self.name} gave up: {reason} ({self.given_up})")
