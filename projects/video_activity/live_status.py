"""How a live source does: told when it changes, and ended when time is up."""

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from common.errors import note

_LOOK = 0.5  # seconds between looks
_QUIET = 10.0  # seconds between lines about lag and dropped frames
_LATE = 1.0  # seconds behind that are worth a line


class LiveDecoder(Protocol):
    """What follows a source; see `footage.decoder.Decoder`."""

    def status(self) -> dict[str, Any] | None:
        """Return connected, reason, dropped, behind and reconnects."""

    def close(self) -> None:
        """End the source."""


class LiveStatus:
    """Looks after a source in a thread of its own while verdicts are waited for.

    with LiveStatus(decoder, "porch", seconds=None):
        for verdict in session.watch_live(...):
            ...
    """

    def __init__(
        self,
        decoder: LiveDecoder,
        name: str,
        seconds: float | None = None,
        tell: Callable[[str], None] = note,
    ):
        """Choose what to look after.

        Args:
            decoder: Follows the source.
            name: Of the source, for the lines.
            seconds: After which the source is ended; None: never.
            tell: Takes a line.
        """
        self._decoder, self._name, self._tell = decoder, name, tell
        self._end = None if seconds is None else time.monotonic() + seconds
        self._connected: bool | None = None
        self._dropped, self._told = 0, float("-inf")
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "LiveStatus":
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Look no more, and tell how it went."""
        self._done.set()
        self._thread.join()
        status = self._decoder.status()
        if status is not None:
            self._tell(
                f"{self._name}: ended {status['behind']:.1f} s behind,"
                f" {status['dropped']} frames dropped, connected again"
                f" {status['reconnects']} times"
            )

    def look(self) -> None:
        """Tell what has changed since the last look."""
        status = self._decoder.status()
        if status is None:
            return
        if status["connected"] != self._connected:
            self._tell_connection(status)
        behind, dropped = status["behind"], status["dropped"] - self._dropped
        now = time.monotonic()
        if (behind > _LATE or dropped) and now - self._told > _QUIET:
            self._told, self._dropped = now, status["dropped"]
            self._tell(
                f"{self._name}: {behind:.1f} s behind, {dropped} frames dropped to"
                " keep up"
            )

    def _tell_connection(self, status: dict[str, Any]) -> None:
        if status["connected"]:
            again = " again" if self._connected is False else ""
            self._tell(f"{self._name}: connected{again}")
        elif self._connected is not None or status["reason"] != "not connected yet":
            self._tell(f"{self._name}: lost ({status['reason']}); trying again")
        else:
            return
        self._connected = status["connected"]

    def _run(self) -> None:
        while not self._done.wait(_LOOK):
            if self._end is not None and time.monotonic() >= self._end:
                self._decoder.close()
                return
            self.look()
