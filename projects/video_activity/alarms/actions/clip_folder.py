"""The folder of saved clips, kept within bounds: the oldest go first."""

import contextlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_.*\.(mp4|webm)")
_LARGEST = 1 << 20  # bytes of the JSON beside a clip
_MEGA = 1e6  # bytes


@dataclass(frozen=True)
class ClipFolder:
    """Some clips, each with a JSON file beside it, among whatever else lies there.

    Attributes:
        path: The folder.
        megabytes: Of all clips together, at most.
    """

    path: Path
    megabytes: float

    def make_room(self, newest: Path) -> int:
        """Remove the oldest clips until the others are within the bound.

        A clip is a video named by its time with a JSON file that names it; nothing
        else is counted or removed. The newest stays, however large it is.

        Args:
            newest: The clip that has just been saved.

        Returns:
            How many were removed.
        """
        clips = sorted(self._find(), key=lambda clip: clip[0])
        excess = sum(size for _, size, _ in clips) - self.megabytes * _MEGA
        removed = 0
        for _, size, clip in clips:
            if excess <= 0:
                break
            if clip != newest and _is_ours(clip):
                _remove(clip)
                excess, removed = excess - size, removed + 1
        return removed

    def _find(self) -> list[tuple[int, int, Path]]:
        """Return when each was written, its bytes with those beside it, the clip."""
        found = []
        for clip in self.path.iterdir():
            if not _NAME.fullmatch(clip.name):
                continue
            # Another camera may be making room at the same time.
            with contextlib.suppress(FileNotFoundError):
                video, beside = clip.lstat(), clip.with_suffix(".json").lstat()
                found.append((video.st_mtime_ns, video.st_size + beside.st_size, clip))
        return found


def _is_ours(clip: Path) -> bool:
    try:
        with open(clip.with_suffix(".json"), "rb") as file:
            told = json.loads(file.read(_LARGEST))
        return told["clip"]["file"] == clip.name
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _remove(clip: Path) -> None:
    # In this order: a video without JSON would not be ours any more.
    clip.unlink(missing_ok=True)
    clip.with_suffix(".json").unlink(missing_ok=True)
