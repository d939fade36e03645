"""What the page works with: who decodes, who judges, who raises alarms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from projects.video_activity.verdicts import Verdict

# The number of a camera, an address, or a file that plays as if it came from one.
Source = int | str | Path


class Frame(Protocol):
    """One picture: seconds, and uint8 `(height, width, 3)` in RGB."""

    time: float
    image: np.ndarray


class Probe(Protocol):
    """What a file says of itself."""

    duration: float | None
    width: int
    height: int
    notes: Sequence[str]


class Decoder(Protocol):
    """Reads videos in a process of its own."""

    notes: list[str]

    def probe(self, path: Path) -> Probe:
        """Look at a file; a UserError if it is no video."""

    def frames(
        self, path: Path, *, interval: float, end: float | None
    ) -> Iterator[Frame]:
        """Yield the frames of a file up to a time."""

    def live(
        self, source: Source, *, interval: float, realtime: bool
    ) -> Iterator[Frame]:
        """Yield the newest frames of a camera, until `close`."""

    def status(self) -> dict[str, Any] | None:
        """Tell how the camera is: connected, reason, dropped, behind, reconnects."""

    def close(self) -> None:
        """End the process."""


class Watcher(Protocol):
    """Judges frames, window by window."""

    def watch(
        self, frames: Iterable[Frame], hop_seconds: float, *, together: int = 1
    ) -> Iterator[Verdict]:
        """Yield a verdict for each window; some are judged at once."""


class Event(Protocol):
    """The begin or the end of an incident."""

    kind: str
    label: str
    start: float
    end: float
    peak: float
    id: str


class Alarms(Protocol):
    """Tells incidents from verdicts, and acts."""

    def frame(self, frame: Frame) -> None:
        """Keep a frame for the clip of an incident."""

    def update(self, verdict: Verdict) -> list[Event]:
        """Return what begins or ends with a verdict."""

    def finish(self) -> list[Event]:
        """Return what ends because the source does."""

    def clips(self) -> Mapping[str, Path]:
        """Return the clips that were saved, by the id of their incident."""

    def close(self) -> None:
        """End what is under way."""


class Tools(Protocol):
    """Makes the others; called in any thread."""

    classes: tuple[str, ...]
    alarming: tuple[str, ...]
    window: float
    interval: float

    def decoder(self) -> AbstractContextManager[Decoder]:
        """Return a decoder that nobody else uses."""

    def watcher(self) -> Watcher:
        """Return a watcher; all share one model."""

    def alarms(self, name: str, act: bool) -> Alarms | None:
        """Return what tells the incidents of one source; None without settings.

        Args:
            name: Of the source.
            act: Whether to act on them, too.
        """


@dataclass(frozen=True)
class Bounds:
    """What may be asked of the page.

    Attributes:
        megabytes: Of one upload.
        total_megabytes: Of all files that are here.
        minutes: Of one video.
        waiting: Videos that are here at a time.
        at_once: Videos that are judged at a time.
        browsers: Cameras of browsers at a time.
        keep_minutes: For which a video is kept after the last look at it.
        live_minutes: Of a camera that can be looked at again.
        hop: Seconds from one verdict to the next.
    """

    megabytes: float = 2000.0
    total_megabytes: float = 8000.0
    minutes: float = 120.0
    waiting: int = 32
    at_once: int = 2
    browsers: int = 4
    keep_minutes: float = 30.0
    live_minutes: float = 10.0
    hop: float = 3.0
