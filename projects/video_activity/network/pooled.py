"""The default net: a jury of logistic regressions, each on one summary of one stream.

Few hundred clips of some twenty cameras are too few for a net that looks at all of
thousands of numbers at once. Each member of the jury sees one stream, summarized over
time, and is penalized; their logits are averaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from projects.video_activity.network.linear import Linear, fit_linear
from projects.video_activity.network.pooling import KINDS, Pool


@dataclass(frozen=True, order=True)
class Member:
    """A member of the jury.

    Attributes:
        stream: Whose features it sees.
        kind: How they are summarized over time, out of `KINDS`.
    """

    stream: str
    kind: str

    @classmethod
    def read(cls, text: str) -> "Member":
        """Read "stream:kind"; raises ValueError for another form or kind."""
        stream, _, kind = text.partition(":")
        if not stream or kind not in KINDS:
            raise ValueError(f"stream:kind, kind out of {KINDS}. Received: {text!r}.")
        return cls(stream, kind)

    def __str__(self) -> str:
        return f"{self.stream}:{self.kind}"

    def summarize(
        self, features: Mapping[str, np.ndarray], mask: np.ndarray
    ) -> np.ndarray:
        """Return one vector per clip, float32, (clips, dim)."""
        pooled = Pool(self.kind)(features[self.stream], mask)
        return np.asarray(ops.convert_to_numpy(pooled))


Jury = dict[Member, Linear]


def fit_jury(
    summaries: Mapping[Member, np.ndarray],
    labels: np.ndarray,
    classes: int,
    strengths: Mapping[Member, float],
) -> Jury:
    """Fit each member on its own summary with its own strength; see `fit_linear`."""
    return {
        member: fit_linear(vectors, labels, classes, strengths[member])
        for member, vectors in summaries.items()
    }


def jury_logits(jury: Jury, summaries: Mapping[Member, np.ndarray]) -> np.ndarray:
    """Return the mean logits, (clips, classes)."""
    votes = [linear.logits(summaries[member]) for member, linear in jury.items()]
    return np.mean(votes, axis=0)


def build_jury(
    jury: Jury, streams: Mapping[str, int], num_frames: int, temperature: float
) -> keras.Model:
    """Return the jury as one Keras model, from streams and mask to probabilities.

    Args:
        jury: The fitted members.
        streams: Number of features by stream; only those that a member sees become
            inputs: a watcher need not make the others.
        num_frames: Frames of a clip.
        temperature: By which the mean logits are divided.
    """
    inputs = {
        name: keras.Input((num_frames, dim), name=name)
        for name, dim in streams.items()
        if any(member.stream == name for member in jury)
    }
    mask = keras.Input((num_frames,), dtype="bool", name="mask")
    votes = [
        _vote(member, linear, inputs[member.stream], mask)
        for member, linear in jury.items()
    ]
    mean = votes[0] if len(votes) == 1 else layers.Average()(votes)
    cooled = layers.Rescaling(1 / temperature)(mean)
    probabilities = layers.Softmax(name="probabilities")(cooled)
    return keras.Model(inputs | {"mask": mask}, probabilities, name="jury")


def _vote(member: Member, linear: Linear, features: Any, mask: Any) -> Any:
    name = f"{member.stream}_{member.kind}"
    pooled = Pool(member.kind, name=name)(features, mask)
    # Scaling is part of the weights: (x - m) / s @ W + b = x @ (W / s) + b - m / s @ W.
    weights = linear.weights / linear.scale[:, None]
    vote = layers.Dense(len(linear.bias), name=f"{name}_vote")
    logits = vote(pooled)
    vote.set_weights([weights, linear.bias - linear.mean @ weights])
    return logits


def read_members(texts: Sequence[str]) -> tuple[Member, ...]:
    """Read members; raises ValueError as `Member.read` does."""
    return tuple(map(Member.read, texts))
