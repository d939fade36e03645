"""A net that finds a character from what is left of it, right of it, or both."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from common.batches import ShuffledBatches
from common.lstm import FusedLSTM
from common.progress import Progress
from common.training import fit
from projects.couplet.experiments.blanks import LENGTH, Blanks, normalize
from projects.couplet.poems.training import compile_model

# Which sides are read, and the units of each LSTM for about the same number of weights.
SIDES = {"forward": ("left",), "backward": ("right",), "both": ("left", "right")}


@keras.saving.register_keras_serializable(package="couplet")
class Pick(layers.Layer):
    """Take the states at some places: (batch, time, units), (batch, n) -> n states."""

    def call(self, states: Any, places: Any) -> Any:
        """Return shape (batch, n, units)."""
        return ops.take_along_axis(states, places[..., None], axis=1)

    def compute_output_shape(self, states_shape: tuple, places_shape: tuple) -> tuple:
        """Return (batch, n, units)."""
        return (*places_shape, states_shape[-1])


def build_model(
    num_tokens: int, sides: tuple[str, ...], dim: int, units: int
) -> keras.Model:
    """Build a net.

    Args:
        num_tokens: Number of ids.
        sides: Of "left" and "right", what it reads.
        dim: Numbers per character.
        units: Of each LSTM; one side alone gets half as many again.

    Returns:
        A model, not compiled, from {"tokens": int32 (batch, `LENGTH`), "places": int32
        (batch, n)} to logits (batch, n, `num_tokens`). Logits of a place do not depend
        on the character there.
    """
    tokens = keras.Input((LENGTH,), dtype="int32", name="tokens")
    places = keras.Input((None,), dtype="int32", name="places")
    embedding = layers.ReversibleEmbedding(
        num_tokens,
        dim,
        embeddings_initializer=keras.initializers.RandomNormal(stddev=dim**-0.5),
        name="characters",
    )
    seen = layers.LayerNormalization(name="evened")(embedding(tokens))
    width = units if len(sides) == 2 else units * 3 // 2
    read = []
    if "left" in sides:
        states = FusedLSTM(width, return_sequences=True, name="left")(seen)
        read.append(Pick()(states, places - 1))
    if "right" in sides:
        flipped = ops.flip(seen, axis=1)
        states = FusedLSTM(width, return_sequences=True, name="right")(flipped)
        # The last character is read first: place p stands at LENGTH - 1 - p.
        read.append(Pick()(states, LENGTH - 2 - places))
    known = layers.Concatenate()(read) if len(read) > 1 else read[0]
    known = layers.Dropout(0.1)(known)
    logits = embedding(layers.Dense(dim, name="features")(known), reverse=True)
    return keras.Model({"tokens": tokens, "places": places}, logits, name="blanks")


def train_model(
    model: keras.Model,
    blanks: Blanks,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    quiet: bool = False,
) -> None:
    """Train a net on sentences."""
    batches = ShuffledBatches(
        blanks.batch, len(blanks.ids), batch_size=batch_size, seed=seed
    )
    compile_model(model, learning_rate, len(batches) * epochs)
    progress = Progress("filling blanks", quiet=quiet)
    fit(model, batches, epochs=epochs, callbacks=[progress])


def guess(model: keras.Model, blanks: Blanks) -> np.ndarray:
    """Return log-probabilities of all blanks, float32 (sentences * blanks, ids)."""
    inputs, _ = blanks.batch(np.arange(len(blanks.ids)))
    # Not `predict`: of the fifth model that it traces, TensorFlow complains.
    logits = keras.ops.convert_to_numpy(model(inputs))
    return normalize(logits.reshape(-1, logits.shape[-1]))
