"""Write a line to the terminal."""

from dataclasses import dataclass

from projects.video_activity.alarms.actions.action import Action, read_events
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.alarms.toml_table import Table


@dataclass(kw_only=True)
class PrintAction(Action):
    """Writes to stderr, as stdout may carry verdicts."""

    @classmethod
    def read(cls, table: Table) -> "PrintAction":
        """Read the settings out of a table of the file."""
        return cls(events=read_events(table, "both"))

    def deliver(self, notice: Notice) -> int:
        """Write the line."""
        self.tell(notice.to_text())
        return 1
