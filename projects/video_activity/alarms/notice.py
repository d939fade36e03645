"""What is told of an incident, in words and as JSON."""

import datetime
from dataclasses import dataclass
from typing import Any

from projects.video_activity.alarms.incidents import BEGIN, Event
from projects.video_activity.verdicts import Verdict


@dataclass(frozen=True)
class Notice:
    """An event with what belongs to it.

    Attributes:
        event: What has happened.
        verdict: The window at which that was found; None at the end of a source.
        source: The name of the video or camera.
        time: When it was found, with its time zone.
    """

    event: Event
    verdict: Verdict | None
    source: str
    time: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            **self.event.to_dict(),
            "source": self.source,
            "time": self.time.isoformat(timespec="seconds"),
            "verdict": self.verdict and self.verdict.to_dict(),
        }

    def to_text(self) -> str:
        """Return one line without control characters."""
        event = self.event
        if event.kind == BEGIN:
            text = f"ALARM {event.label} {event.peak:.2f} at {show_time(event.start)}"
        else:
            text = f"over: {event.label}, {show_time(event.start)} to"
            text += f" {show_time(event.end)}, at most {event.peak:.2f}"
        text += f" of {self.source}" if self.source else ""
        stamp = self.time.strftime("%Y-%m-%d %H:%M:%S")
        return plain(f"{stamp} {text} ({event.id})")


def show_time(seconds: float) -> str:
    """Write a time of a source: 1:02:03.4, or 02:03.4 in the first hour."""
    tenths = round(seconds * 10)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:" if hours else ""
    return f"{head}{minutes:02d}:{tenths // 10:02d}.{tenths % 10}"


def plain(text: str) -> str:
    """Replace what a terminal or the header of a message would obey."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )
