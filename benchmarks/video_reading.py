"""Videos to measure with, and OpenCV's ways to read them."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

INTERVAL = 0.2  # seconds
SIZE = 200  # pixels

WAYS = (
    "resize all",
    "read all, resize the needed",
    "grab, retrieve the needed",
    "seek to the needed",
    "grab alone",
)
SUFFIXES = {".mp4", ".avi", ".mkv", ".mov", ".webm"}


def frames_of(path: Path, way: str) -> Iterator[np.ndarray]:
    """Decode a video, one picture for each interval, by one of OpenCV's ways."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    step = INTERVAL * (capture.get(cv2.CAP_PROP_FPS) or 25)
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    wanted = {int(k * step + 0.5) for k in range(count)}
    if way == "seek to the needed":
        for number in sorted(n for n in wanted if n < count):
            capture.set(cv2.CAP_PROP_POS_FRAMES, number)
            yield small(capture.read()[1])
        return
    for number in itertools.count():
        if way.startswith("grab"):
            if not capture.grab():
                return
            if number in wanted and way != "grab alone":
                yield small(capture.retrieve()[1])
            continue
        there, frame = capture.read()
        if not there:
            return
        if way == "resize all" or number in wanted:
            frame = small(frame)
        if number in wanted:
            yield frame


def small(frame: np.ndarray) -> np.ndarray:
    """Return a frame as the networks see it."""
    return cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_AREA)


def find_videos(folder: Path | None, count: int, spare: Path) -> list[Path]:
    """Return videos of a folder, of the mirror, or a made one."""
    mirror = os.environ.get("KERAS_PROJECTS_MIRROR")
    if folder is None and mirror:
        folder = Path(mirror) / "video" / "surv_fight"
    if folder is not None and folder.is_dir():
        found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        return found[:: max(1, len(found) // count)][:count]
    from projects.video_activity.made_videos.making import make_changing_video

    make_changing_video(spare / "made.mp4")
    return [spare / "made.mp4"]


def length(path: Path) -> float:
    """Return the seconds of a video."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    rate = capture.get(cv2.CAP_PROP_FPS) or 25
    return capture.get(cv2.CAP_PROP_FRAME_COUNT) / rate
