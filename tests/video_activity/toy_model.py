"""A model without Keras: "bright" with the mean brightness as its probability."""

from collections.abc import Sequence

import numpy as np

from projects.video_activity.features.settings import FeatureSettings


class ToyModel:
    """See `projects.video_activity.watching.Model`; `asked` counts frames."""

    classes = ("dark", "bright")

    def __init__(self) -> None:
        self.settings = FeatureSettings(backbone="motion", streams=("motion",))
        self.asked: list[list[int]] = []

    def extractor(self, windows: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        self.asked.append([len(window) for window in windows])
        return [{"mean": window.mean((1, 2))} for window in windows]

    def probabilities(self, features: list[dict[str, np.ndarray]]) -> np.ndarray:
        bright = np.array([found["mean"].mean() / 255 for found in features])
        return np.stack([1 - bright, bright], axis=1)
