"""The tools of a server: one model for all, a decoder for each, alarms."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from common.web.model_thread import ModelThread
from projects.video_activity.alarms.alarms import Alarms
from projects.video_activity.alarms.settings import Settings
from projects.video_activity.footage.decoder import Decoder, Limits
from projects.video_activity.watching import Features, Model, Watcher

_CLOSING = 3.0  # seconds in which what is to be told must be told


class SharedModel:
    """A model whose work is done by one thread, whoever asks.

    Args:
        model: What judges.
        thread: Who works.
    """

    def __init__(self, model: Model, thread: ModelThread):
        self.classes, self.settings = model.classes, model.settings
        self._model, self._thread = model, thread

    def extractor(self, windows: Sequence[np.ndarray]) -> Features:
        """Return the features of windows."""
        return self._thread.call(self._model.extractor, windows)

    def probabilities(self, features: Features) -> np.ndarray:
        """Return `(windows, classes)`."""
        return self._thread.call(self._model.probabilities, features)


class Equipment:
    """See `projects.video_activity.web.tools.Tools`.

    Args:
        model: What judges.
        thread: Who asks it.
        minutes: Of the longest video.
        alarms: The file of alarms, if there is one.
    """

    def __init__(
        self,
        model: Model,
        thread: ModelThread,
        minutes: float,
        alarms: Settings | None = None,
    ):
        self.classes = tuple(model.classes)
        self.alarming = tuple(rule.label for rule in alarms.rules) if alarms else ()
        settings = model.settings
        self.interval = settings.frame_interval
        self.window = round(settings.num_frames * settings.frame_interval, 3)
        self._model, self._alarms = SharedModel(model, thread), alarms
        self._limits: dict[str, Any] = {
            "longest_side": settings.longest_side,
            "duration": 60 * minutes,
        }

    def decoder(self) -> Decoder:
        """Return a decoder with a process of its own."""
        return Decoder(Limits(**self._limits))

    def watcher(self) -> Watcher:
        """Return a watcher."""
        return Watcher(self._model)

    def alarms(self, name: str, act: bool) -> Alarms | None:
        """Return what tells the incidents of one source."""
        if self._alarms is None:
            return None
        return Alarms(self._alarms, source=name, act=act, patience=_CLOSING)
