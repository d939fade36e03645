"""The incidents of one source, and what is done about them."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import note
from projects.video_activity.alarms.dispatcher import Clock, Dispatcher, local_time
from projects.video_activity.alarms.incidents import Event, Incidents
from projects.video_activity.alarms.settings import Settings
from projects.video_activity.verdicts import Verdict

if TYPE_CHECKING:
    from projects.video_activity.footage.frames import Frame


class Alarms:
    """From verdicts to actions.

    with Alarms(settings, source="porch") as alarms:
        for verdict in watcher.watch(alarms.tap(frames)):
            events = alarms.update(verdict)
    """

    def __init__(
        self,
        settings: Settings,
        *,
        source: str = "",
        live: bool = True,
        act: bool = True,
        patience: float = 15.0,
        clock: Clock = local_time,
        tell: Callable[[str], None] = note,
    ):
        """Begin, with the threads of the actions.

        Args:
            settings: The file of alarms.
            source: The name of the video or camera, for the notices.
            live: Whether frames are dropped rather than waited with when the disk
                is slow; False for files.
            act: Whether anything is done; if not, incidents are only found.
            patience: Seconds in which `close` must have delivered what waits.
            clock: Tells the local time.
            tell: Takes a line for the user, in any thread.
        """
        if not act:
            settings = settings.with_actions({})
        self._incidents, self._patience = Incidents(settings.rules), patience
        self._dispatcher = Dispatcher(
            settings, clock, source=source, live=live, tell=tell
        ).start()

    def frame(self, frame: "Frame") -> None:
        """Show a frame to the actions that save clips."""
        self._dispatcher.frame(frame)

    def tap(self, frames: Iterable["Frame"]) -> Iterator["Frame"]:
        """Yield the frames as they pass by, each shown to the actions."""
        return self._dispatcher.tap(frames)

    def update(self, verdict: Verdict) -> list[Event]:
        """Take the next window; act on what begins or ends by it, and return that."""
        return self._send(self._incidents.update(verdict), verdict)

    def finish(self) -> list[Event]:
        """End what goes on, as the source has ended; return that."""
        return self._send(self._incidents.finish(), None)

    def clips(self) -> dict[str, Path]:
        """Return the latest clips that were saved, by the id of their incident."""
        return self._dispatcher.clips()

    def status(self) -> dict[str, dict[str, int]]:
        """Return for each action how much was delivered, given up and waits."""
        return self._dispatcher.status()

    def close(self) -> None:
        """End what goes on, and deliver what waits."""
        self.finish()
        self._dispatcher.close(self._patience)

    def __enter__(self) -> "Alarms":
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()

    def _send(self, events: list[Event], verdict: Verdict | None) -> list[Event]:
        for event in events:
            self._dispatcher.send(event, verdict)
        return events
