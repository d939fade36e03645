"""What all actions have in common."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from common.errors import note
from projects.video_activity.alarms.incidents import BEGIN, END
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.alarms.toml_table import Table

if TYPE_CHECKING:
    from projects.video_activity.footage.frames import Frame

EVENTS = {"begin": (BEGIN,), "end": (END,), "both": (BEGIN, END)}


class GivenUpError(Exception):
    """A notice could not be delivered; the message says why."""


@dataclass(kw_only=True)
class Action:
    """Something to do about an incident; each runs in a thread of its own.

    The fields are its settings. `dataclasses.replace(action)` gives one that shares
    no state with it.

    Attributes:
        events: Kinds of events that it is told of.
        stop: Set when there is no more time; whoever waits must give up.
        tell: Takes a line for the user.
        takes_frames: Whether it wants to see the frames.
    """

    takes_frames: ClassVar[bool] = False

    events: tuple[str, ...] = (BEGIN, END)
    stop: threading.Event = field(default_factory=threading.Event, init=False)
    tell: Callable[[str], None] = field(default=note, init=False)

    @classmethod
    def read(cls, table: Table) -> "Action":
        """Read the settings out of a table of the file.

        Raises:
            UserError: A key is missing or of no sense.
        """
        raise NotImplementedError

    def open(self) -> None:
        """Begin, in the thread of the action."""

    def deliver(self, notice: Notice) -> int:
        """Do it; return how many deliveries are finished by that.

        Raises:
            GivenUpError: It cannot be done.
        """
        raise NotImplementedError

    def see(self, frame: "Frame") -> int:
        """Take a frame; return how many deliveries are finished by that.

        Raises:
            GivenUpError: See `deliver`.
        """
        return 0

    def rest(self) -> int:
        """Finish what waits for frames, as none come; return as `deliver` does.

        Raises:
            GivenUpError: See `deliver`.
        """
        return 0

    def close(self) -> int:
        """End, in the thread of the action; return as `deliver` does.

        Raises:
            GivenUpError: See `deliver`.
        """
        return 0


def read_events(table: Table, default: str) -> tuple[str, ...]:
    """Read which events an action is told of."""
    return EVENTS[table.text("events", default, choices=tuple(EVENTS))]
