"""Summaries of a clip's features over time."""

from typing import Any

import keras
from keras import ops

KINDS = ("mean", "max", "change", "acceleration", "deviation")


@keras.saving.register_keras_serializable(package="video_activity")
class Pool(keras.layers.Layer):
    """One vector for a clip, of those frames that are there.

    Attributes:
        kind: "mean"; "max"; "change", the mean size of the step from a frame to the
            next; "acceleration", that of the step from a step to the next, which
            even movement has not; "deviation", the standard deviation.
    """

    def __init__(self, kind: str, **kwargs: Any):
        super().__init__(**kwargs)
        if kind not in KINDS:
            raise ValueError(f"`kind` must be one of {KINDS}. Received: {kind!r}.")
        self.kind = kind

    def call(self, features: Any, mask: Any) -> Any:
        """Summarize.

        Args:
            features: Float, (clips, num_frames, dim).
            mask: Bool, (clips, num_frames): the frames that are there, the first ones.

        Returns:
            Float, (clips, dim); the change of a single frame is 0, and so is the
            acceleration of two.
        """
        there = ops.cast(mask, features.dtype)[..., None]
        if self.kind == "max":
            return ops.max(ops.where(mask[..., None], features, float("-inf")), axis=1)
        if self.kind == "change":
            steps = ops.abs(features[:, 1:] - features[:, :-1])
            return _mean(steps, there[:, 1:])
        if self.kind == "acceleration":
            steps = features[:, 1:] - features[:, :-1]
            return _mean(ops.abs(steps[:, 1:] - steps[:, :-1]), there[:, 2:])
        mean = _mean(features, there)
        if self.kind == "mean":
            return mean
        squares = ops.square(features - mean[:, None])
        return ops.sqrt(_mean(squares, there))

    def get_config(self) -> dict[str, Any]:
        """Return what makes the layer again."""
        return super().get_config() | {"kind": self.kind}


def _mean(values: Any, weights: Any) -> Any:
    return ops.sum(values * weights, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1)
