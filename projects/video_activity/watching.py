"""Verdicts of frames as they come: windows, the guard, features, the model."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

import numpy as np

from projects.video_activity.features.region import camera_moves
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.footage.frames import Frame
from projects.video_activity.footage.windows import Window, windows
from projects.video_activity.verdicts import Verdict

Features = Sequence[Mapping[str, np.ndarray]]
Guard = Callable[[np.ndarray], str | None]
Judged = Callable[[Window, Mapping[str, np.ndarray], Verdict], None]


class Model(Protocol):
    """What judges windows; see `network/trained.py`.

    Attributes:
        classes: Their names.
        settings: How frames become features.
    """

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names."""

    @property
    def settings(self) -> FeatureSettings:
        """How frames become features."""

    def extractor(self, windows: Sequence[np.ndarray]) -> Features:
        """Return the features of windows, uint8 `(n, height, width, 3)` each."""

    def probabilities(self, features: Features) -> np.ndarray:
        """Return float `(windows, classes)`."""


class Watcher:
    """Judges windows of frames; one serves many sources, one after the other."""

    def __init__(
        self, model: Model, guard: Guard = camera_moves, judged: Judged | None = None
    ):
        """Choose who judges.

        Args:
            model: A trained one.
            guard: Says of the frames of a window why it cannot be judged, or None.
            judged: Is shown each window that was judged, its features and verdict.
        """
        self._model, self._guard, self._judged = model, guard, judged

    def watch(
        self, frames: Iterable[Frame], hop_seconds: float = 3.0, *, together: int = 1
    ) -> Iterator[Verdict]:
        """Judge the frames of one source.

        Args:
            frames: In order of time, one every `frame_interval` of the settings.
            hop_seconds: From the begin of one window to that of the next; rounded
                to whole frames, one at least.
            together: Windows that are judged at once. More than one takes less work
                for each and suits files; of a live source verdicts would come late.

        Yields:
            The verdict of each window, as soon as its last frame is there. If frames
            came, but too few for any window, one that says so.
        """
        settings, seen, told = self._model.settings, _Seen(), False
        skipped: list[str] = []
        cut = windows(
            seen.follow(frames),
            settings.num_frames,
            max(1, round(hop_seconds / settings.frame_interval)),
            settings.frame_interval,
            skipped=skipped,
        )
        while batch := list(islice(cut, together)):
            told = True
            yield from self._judge(batch)
        if not told and seen.first is not None:
            end = seen.last + settings.frame_interval
            reason = skipped[0] if skipped else "too few frames"
            yield Verdict.not_judged(seen.first, end, reason)

    def _judge(self, batch: list[Window]) -> Iterator[Verdict]:
        reasons = [self._guard(window.frames) for window in batch]
        good = [
            w.frames for w, reason in zip(batch, reasons, strict=True) if not reason
        ]
        features: Features = []
        rows: Iterator[Any] = iter(())
        if good:
            features = self._model.extractor(good)
            rows = iter(self._model.probabilities(features))
        seen = iter(features)
        for window, reason in zip(batch, reasons, strict=True):
            if reason:
                yield Verdict.not_judged(window.start, window.end, reason)
            else:
                classes = self._model.classes
                verdict = Verdict.of(window.start, window.end, classes, next(rows))
                if self._judged is not None:
                    self._judged(window, next(seen), verdict)
                yield verdict


class _Seen:
    """Remembers when frames came."""

    first: float | None = None
    last: float = 0.0

    def follow(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if self.first is None:
                self.first = frame.time
            self.last = frame.time
            yield frame
