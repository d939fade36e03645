"""Ring the bell of the terminal, or run a command that makes a sound."""

import os
import shutil
import subprocess  # noqa: S404 - the command stands in the user's own file
import sys
from dataclasses import dataclass

from projects.video_activity.alarms.actions.action import (
    Action,
    GivenUpError,
    read_events,
)
from projects.video_activity.alarms.notice import Notice, plain
from projects.video_activity.alarms.toml_table import Table

_BELL = "\a"


@dataclass(kw_only=True)
class SoundAction(Action):
    """Makes a sound.

    Attributes:
        command: A program and its arguments, run without a shell; empty for the bell.
            It finds the class and the event in ALARM_CLASS and ALARM_EVENT.
        timeout: Seconds until the command is ended.
    """

    command: tuple[str, ...] = ()
    timeout: float = 30.0

    @classmethod
    def read(cls, table: Table) -> "SoundAction":
        """Read the settings out of a table of the file."""
        command = table.texts("command", ())
        if command and shutil.which(command[0]) is None:
            table.refuse("command", "a program that is installed", command[0])
        return cls(
            command=command,
            timeout=table.number("timeout", 30.0, least=0.1, most=600),
            events=read_events(table, "begin"),
        )

    def deliver(self, notice: Notice) -> int:
        """Ring, or run the command and wait for its end."""
        if self.command:
            self._run(notice)
        elif sys.stderr is not None:
            sys.stderr.write(_BELL)
            sys.stderr.flush()
        return 1

    def _run(self, notice: Notice) -> None:
        told = {"ALARM_CLASS": notice.event.label, "ALARM_EVENT": notice.event.kind}
        try:
            ended = subprocess.run(
                self.command,
                env=os.environ | {name: plain(text) for name, text in told.items()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=self.timeout,
            )
        except subprocess.TimeoutExpired:
            raise GivenUpError(f"not done after {self.timeout:g} s") from None
        if ended.returncode:
            raise GivenUpError(f"{self.command[0]} ended with {ended.returncode}")
