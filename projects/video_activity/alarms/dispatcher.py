"""Sends each event to the actions of its class; nothing here waits for them."""

import datetime
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import note
from projects.video_activity.alarms.actions.clip import ClipAction
from projects.video_activity.alarms.incidents import BEGIN, Event
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.alarms.settings import Settings
from projects.video_activity.alarms.worker import Worker
from projects.video_activity.verdicts import Verdict

if TYPE_CHECKING:
    from projects.video_activity.footage.frames import Frame

Clock = Callable[[], datetime.datetime]


def local_time() -> datetime.datetime:
    """Return the time of this machine, with its time zone."""
    return datetime.datetime.now().astimezone()


class Dispatcher:
    """The actions of one source; `start` and `close`, or `with`.

    Attributes:
        source: The name of the video or camera, for the notices.
        held_back: How many incidents were not told because of quiet hours.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock = local_time,
        *,
        source: str = "",
        live: bool = True,
        tell: Callable[[str], None] = note,
    ):
        """Prepare the actions.

        Args:
            settings: The file of alarms.
            clock: Tells the local time.
            source: The name of the video or camera.
            live: Whether frames are dropped rather than waited with when the disk
                is slow; False for files.
            tell: Takes a line for the user, in any thread.
        """
        self.source, self.held_back = source, 0
        self._settings, self._clock = settings, clock
        self._rules = {rule.label: rule for rule in settings.rules}
        self._quiet: set[str] = set()  # incidents that are not told
        self._workers = {
            name: Worker(name, action, tell, live)
            for name, action in settings.actions.items()
        }

    def start(self) -> "Dispatcher":
        """Begin the threads of the actions."""
        for worker in self._workers.values():
            worker.start()
        return self

    def send(self, event: Event, verdict: Verdict | None = None) -> bool:
        """Tell the actions of an event.

        Args:
            event: From `Incidents`.
            verdict: The window at which it was found.

        Returns:
            Whether it was told; not in the quiet hours of its class.
        """
        rule, now = self._rules[event.label], self._clock()
        if event.kind == BEGIN and any(h.holds(now.time()) for h in rule.quiet):
            self._quiet.add(event.id)
            self.held_back += 1
        elif event.id not in self._quiet:
            notice = Notice(event, verdict, self.source, now)
            for name in self._settings.actions_of(rule):
                if event.kind in self._workers[name].action.events:
                    self._workers[name].send(notice)
            return True
        if event.kind != BEGIN:
            self._quiet.discard(event.id)
        return False

    def frame(self, frame: "Frame") -> None:
        """Show a frame to the actions that save clips."""
        for worker in self._workers.values():
            worker.show(frame)

    def tap(self, frames: Iterable["Frame"]) -> Iterator["Frame"]:
        """Yield the frames as they pass by, each shown to the actions."""
        for frame in frames:
            self.frame(frame)
            yield frame

    def status(self) -> dict[str, dict[str, int]]:
        """Return for each action how much was delivered, given up and waits."""
        return {
            name: {
                "delivered": worker.delivered,
                "given_up": worker.given_up,
                "waiting": worker.waiting,
                "frames_missed": worker.frames_missed,
            }
            for name, worker in self._workers.items()
        }

    def clips(self) -> dict[str, Path]:
        """Return the latest clips that are there, by the id of their incident."""
        found: dict[str, Path] = {}
        for worker in self._workers.values():
            if isinstance(worker.action, ClipAction):
                found |= dict(list(worker.action.saved))
        return {name: path for name, path in found.items() if path.exists()}

    def close(self, timeout: float = 15.0) -> None:
        """Deliver what waits, within some seconds, and end the threads.

        Args:
            timeout: Seconds; what is not delivered by then is told and counted.
        """
        end = time.monotonic() + timeout
        for worker in self._workers.values():
            worker.close()
        for worker in self._workers.values():
            worker.join(end - time.monotonic())

    def __enter__(self) -> "Dispatcher":
        """Start."""
        return self.start()

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()
