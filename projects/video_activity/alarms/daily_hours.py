"""Stretches of the day, such as 18:00-07:30, which may pass midnight."""

import datetime
import re
from dataclasses import dataclass

_PATTERN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]|24):([0-5]\d)")


@dataclass(frozen=True)
class DailyHours:
    """A stretch of every day, in minutes after midnight of the local time.

    Attributes:
        begin: The first minute.
        end: The minute after the last; before `begin` if it is on the next day.
    """

    begin: int
    end: int

    @classmethod
    def parse(cls, text: str) -> "DailyHours | None":
        """Read "08:00-18:00"; None if it is no stretch of a day."""
        found = _PATTERN.fullmatch(text.strip())
        if not found:
            return None
        hours = list(map(int, found.groups()))
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        return cls(begin, end) if begin != end and end <= 24 * 60 else None

    def holds(self, when: datetime.time) -> bool:
        """Return whether a local time lies in the stretch."""
        minute = when.hour * 60 + when.minute
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end
