"""Nets from the features of a clip to classes, trained by `fit`.

All take a dict of float streams `(clips, num_frames, dim)` and `mask`, bool
`(clips, num_frames)`, the frames that are there, and return probabilities
`(clips, classes)`.
"""

from collections.abc import Mapping
from typing import Any

import keras
from keras import layers

from common.lstm import FusedLSTM

_PROJECTION = 64


def build_slides(streams: Mapping[str, int], num_frames: int, classes: int) -> Any:
    """Build the net of the slides (section 2): LSTM 512, 1024 relu, 50 sigmoid.

    Args:
        streams: Number of features by stream; the slides have one.
        num_frames: Frames of a clip; 15 in the slides.
        classes: Number of classes; 3 in the slides.

    Returns:
        The model, compiled with mean squared error and Adam.
    """
    inputs, mask = _inputs(streams, num_frames)
    features = [inputs[name] for name in streams]
    joined = features[0] if len(features) == 1 else layers.Concatenate()(features)
    x = FusedLSTM(512)(joined, mask=mask)
    x = layers.Dense(1024, activation="relu")(x)
    x = layers.Dense(50, activation="sigmoid")(x)
    x = layers.Dense(classes, activation="softmax")(x)
    model = keras.Model(inputs | {"mask": mask}, x, name="slides")
    model.compile(optimizer="adam", loss="mse", metrics=["accuracy"])
    return model


def build_recurrent(
    streams: Mapping[str, int],
    num_frames: int,
    classes: int,
    *,
    units: int = 32,
    dropout: float = 0.5,
    learning_rate: float = 2e-3,
    smoothing: float = 0.1,
) -> Any:
    """Build a small recurrent net: each stream narrowed, read both ways, pooled.

    Args:
        streams: Number of features by stream.
        num_frames: Frames of a clip.
        classes: Number of classes.
        units: Of the recurrent layer, each way.
        dropout: Share of numbers set to zero.
        learning_rate: Of Adam.
        smoothing: Of the labels.

    Returns:
        The model, compiled.
    """
    inputs, mask = _inputs(streams, num_frames)
    narrow = [_narrow(inputs[name], dropout) for name in streams]
    x = narrow[0] if len(narrow) == 1 else layers.Concatenate()(narrow)
    read = layers.Bidirectional(layers.GRU(units, return_sequences=True))
    x = _attend(read(x, mask=mask), mask)
    x = layers.Dropout(dropout, seed=2)(x)
    x = layers.Dense(classes, activation="softmax")(x)
    model = keras.Model(inputs | {"mask": mask}, x, name="recurrent")
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
    optimizer = keras.optimizers.AdamW(learning_rate, weight_decay=1e-2)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def _inputs(streams: Mapping[str, int], num_frames: int) -> tuple[dict[str, Any], Any]:
    shapes = {name: (num_frames, dim) for name, dim in streams.items()}
    inputs = {name: keras.Input(shape, name=name) for name, shape in shapes.items()}
    return inputs, keras.Input((num_frames,), dtype="bool", name="mask")


def _narrow(features: Any, dropout: float) -> Any:
    """Return fewer numbers per frame, of the features on one scale."""
    x = layers.LayerNormalization()(features)
    x = layers.Dropout(dropout, seed=1)(x)
    return layers.Dense(_PROJECTION, activation="tanh")(x)


def _attend(states: Any, mask: Any) -> Any:
    """Return the mean of states, weighted by what is learned to matter."""
    scores = layers.Dense(1, name="frame_scores")(states)[..., 0]
    shares = layers.Softmax(name="frame_shares")(scores, mask=mask)
    return layers.Dot(axes=(1, 1))([shares, states])
