"""Windows of a stream, examined once and judged by many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from projects.video_activity.experiments.known_streams import Stream
from projects.video_activity.features.region import camera_moves
from projects.video_activity.features.streams import Extractor
from projects.video_activity.footage.windows import windows
from projects.video_activity.network.trained import Classifier
from projects.video_activity.verdicts import Verdict


@dataclass(frozen=True)
class SeenWindow:
    """A window without its pictures.

    Attributes:
        start: Seconds.
        end: Seconds.
        reason: Why it cannot be judged; empty if it can.
        features: Its streams, float32 `(n, dim)` each; none if it cannot be judged.
    """

    start: float
    end: float
    reason: str
    features: dict[str, np.ndarray]


@dataclass(frozen=True)
class SeenStream:
    """What judges need of a stream; `begin` and `end` are those of the event."""

    name: str
    group: str
    begin: float
    end: float
    windows: Sequence[SeenWindow]


def examine(stream: Stream, extractor: Extractor) -> SeenStream:
    """Cut a stream into windows as `watching.Watcher` does, and extract features."""
    settings = extractor.settings
    cut = windows(
        stream.frames, settings.num_frames, settings.num_frames, settings.frame_interval
    )
    seen = []
    for window in cut:
        reason = camera_moves(window.frames) or ""
        features = {} if reason else extractor([window.frames])[0]
        seen.append(SeenWindow(window.start, window.end, reason, features))
    return SeenStream(stream.name, stream.group, stream.begin, stream.end, seen)


def judge(seen: Iterable[SeenWindow], judging: Classifier) -> list[Verdict]:
    """Return the verdict of each window."""
    seen = list(seen)
    rows = iter(judging.probabilities([w.features for w in seen if not w.reason]))
    return [
        Verdict.not_judged(w.start, w.end, w.reason)
        if w.reason
        else Verdict.of(w.start, w.end, judging.classes, next(rows))
        for w in seen
    ]
