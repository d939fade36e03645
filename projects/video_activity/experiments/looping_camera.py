"""A camera that shows the same video for ever, as fast as one can look."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.frames import Frame


class LoopingCamera:
    """Stands in for a `Decoder` that follows a camera.

    Attributes:
        seconds: Of video that were shown.
    """

    def __init__(self, decoder: Decoder, video: Path, seconds: float):
        """Choose what is seen.

        Args:
            decoder: Reads the video, in a process of its own.
            video: The file.
            seconds: After which the camera is switched off.
        """
        self._decoder, self._video, self._most = decoder, video, seconds
        self._closed, self.seconds = False, 0.0

    def live(
        self, source: object, *, interval: float, realtime: bool
    ) -> Iterator[Frame]:
        """Yield frames whose times go on where the video begins again."""
        begin = 0.0
        while not self._closed and begin < self._most:
            for frame in self._decoder.frames(self._video, interval=interval):
                self.seconds = begin + frame.time
                if self._closed or self.seconds >= self._most:
                    return
                yield Frame(self.seconds, frame.image)
            begin = self.seconds + interval

    def status(self) -> dict[str, Any]:
        """Return what a camera tells that is always there."""
        told = {"connected": True, "reason": "", "dropped": 0}
        return told | {"behind": 0.0, "reconnects": 0}

    def close(self) -> None:
        """Switch it off."""
        self._closed = True


def resident_megabytes() -> tuple[float, float]:
    """Return the resident memory of this process and of its children (Linux)."""
    own = os.getpid()
    children = []
    for task in Path(f"/proc/{own}/task").iterdir():
        with contextlib.suppress(OSError):
            children += (task / "children").read_text().split()
    return _resident(own), sum(map(_resident, children))


def _resident(process: int | str) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return float(found[0]) * 1024 / 1e6 if found else 0.0
