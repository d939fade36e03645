"""Make a folder of videos whose classes differ in what is done, in nothing else.

Three videos at a time have the same place, light, camera, cast, length and first
positions; one is safe, one suspicious, one criminal. They are one group: where the
one is learned from, the others must not be tested.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.errors import UserError
from common.files import atomic_write
from projects.video_activity.made_videos.backdrops import BACKDROPS
from projects.video_activity.made_videos.behaviors import (
    SCRIPTS,
    draw_begins,
    ends,
    play,
)
from projects.video_activity.made_videos.stages import Stage
from projects.video_activity.made_videos.tracks import Track

CLASSES = tuple(SCRIPTS)
GROUPS_FILE = "groups.csv"
_SHORTEST, _LONGEST = 8.0, 11.0  # seconds


@dataclass(frozen=True)
class MadeVideo:
    """One video that was made.

    Attributes:
        path: The file.
        label: One of `CLASSES`.
        group: Those of a group share all but what is done.
    """

    path: Path
    label: str
    group: str


def make_videos(folder: Path, groups: int = 24, seed: int = 0) -> Iterator[MadeVideo]:
    """Write `<class>/<name>.mp4` for each class and group, and groups.csv.

    A video that is there already is left as it is, so that a stopped run goes on.

    Args:
        folder: Is made if it is not there.
        groups: How many videos of each class.
        seed: Decides all; the same seed makes the same videos.

    Yields:
        Each video when it is there; groups.csv is written after the last.

    Raises:
        UserError: OpenCV cannot write mp4 here.
    """
    made = []
    for group in range(groups):
        for label in CLASSES:
            path = folder / label / f"{label}-{group:02d}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _make_video(path, label, seed, group)
            made.append(MadeVideo(path, label, f"scene-{group:02d}"))
            yield made[-1]
    _write_groups(folder, made)


def make_changing_video(
    path: Path,
    seconds: float = 60.0,
    change: float = 30.0,
    labels: Sequence[str] = ("safe", "criminal"),
    seed: int = 1000,
) -> None:
    """Write one video in which the behavior changes, once.

    Args:
        path: Of the mp4.
        seconds: Length.
        change: When the behavior changes, seconds.
        labels: The class before and after.
        seed: Decides the rest; other than that of videos to learn from.
    """
    rng = np.random.default_rng([seed, 1])
    stage, begins = _draw_stage(rng, group=0)
    before = play(rng, labels[0], begins, stage.half, (0.0, change))
    after = play(rng, labels[1], ends(before, change), stage.half, (change, seconds))
    _write(path, stage, [(change, before), (seconds, after)])


def _make_video(path: Path, label: str, seed: int, group: int) -> None:
    # What the classes have in common is drawn before and apart from what differs.
    shared = np.random.default_rng([seed, group])
    stage, begins = _draw_stage(shared, group)
    seconds = float(shared.uniform(_SHORTEST, _LONGEST))
    own = np.random.default_rng([seed, group, CLASSES.index(label)])
    tracks = play(own, label, begins, stage.half, (0.0, seconds))
    _write(path, stage, [(seconds, tracks)])


def _draw_stage(
    rng: np.random.Generator, group: int
) -> tuple[Stage, list[tuple[float, float]]]:
    place = tuple(BACKDROPS)[group % len(BACKDROPS)]
    stage = Stage(rng, place, cast=int(rng.integers(2, 4)))
    return stage, draw_begins(rng, len(stage.cast), stage.half)


def _write(
    path: Path, stage: Stage, parts: Sequence[tuple[float, list[Track]]]
) -> None:
    """Write the mp4: each part is its end in seconds and the ways until then."""
    camera = stage.camera
    with atomic_write(path) as temporary:
        writer = cv2.VideoWriter(
            str(temporary),
            cv2.CAP_FFMPEG,
            cv2.VideoWriter.fourcc(*"mp4v"),
            camera.rate,
            (camera.width, camera.height),
        )
        if not writer.isOpened():
            raise UserError(
                f"Expected an OpenCV that writes mp4. Received: one that cannot, for"
                f" {path}. Install opencv-python-headless."
            )
        for number in range(round(parts[-1][0] * camera.rate)):
            time = number / camera.rate
            tracks = next(tracks for end, tracks in parts if time < end)
            writer.write(cv2.cvtColor(stage.take(tracks, time), cv2.COLOR_RGB2BGR))
        writer.release()


def _write_groups(folder: Path, made: Sequence[MadeVideo]) -> None:
    with atomic_write(folder / GROUPS_FILE) as temporary:
        with open(temporary, "w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["file", "label", "group"])
            for video in made:
                name = video.path.relative_to(folder).as_posix()
                table.writerow([name, video.label, video.group])
