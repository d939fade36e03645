"""The language model of poems a character at a time, with NumPy alone.

A poem needs some fifty small steps; at this size NumPy takes a step in less time than
Keras needs to call a model, and a program that only writes starts at once.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from projects.couplet.network.weights import read_weights
from projects.couplet.poems.corpus import NUM_ABOVE

_EPSILON = 1e-3  # of keras.layers.LayerNormalization


@dataclass(frozen=True, eq=False)
class State:
    """What the model remembers of texts, each of shape (texts, units)."""

    first: tuple[np.ndarray, np.ndarray]
    second: tuple[np.ndarray, np.ndarray]

    def take(self, rows: np.ndarray) -> "State":
        """Return the state of some texts, by index."""
        pairs = ((h[rows], c[rows]) for h, c in (self.first, self.second))
        return State(*pairs)

    def join(self, other: "State") -> "State":
        """Return the states of both."""
        ours, theirs = (self.first, self.second), (other.first, other.second)
        first, second = (
            (np.concatenate([h, other_h]), np.concatenate([c, other_c]))
            for (h, c), (other_h, other_c) in zip(ours, theirs, strict=True)
        )
        return State(first, second)


@dataclass(frozen=True, eq=False)
class PoemSteps:
    """The weights of `language_model.build_model`, in its order, float32."""

    embeddings: np.ndarray
    mixed: tuple[np.ndarray, np.ndarray]
    evened: tuple[np.ndarray, np.ndarray]
    first: tuple[np.ndarray, np.ndarray, np.ndarray]
    second: tuple[np.ndarray, np.ndarray, np.ndarray]
    features: tuple[np.ndarray, np.ndarray]

    @classmethod
    def load(cls, path: Path, num_tokens: int, dim: int, units: int) -> "PoemSteps":
        """Read what `save_weights` wrote of the model.

        Raises:
            UserError: See `read_weights`.
        """
        shapes = weight_shapes(num_tokens, dim, units)
        return cls.of(read_weights(path, shapes))

    @classmethod
    def of(cls, weights: list[np.ndarray]) -> "PoemSteps":
        """Sort the weights of the model, as `model.get_weights()` returns them."""
        embeddings, *others = (np.asarray(w, "float32") for w in weights)
        a, b, c, d, e, f, g, h, i, j, k, m = others
        return cls(embeddings, (a, b), (c, d), (e, f, g), (h, i, j), (k, m))

    def begin(self, num_texts: int) -> State:
        """Return the state before any token."""
        units = len(self.first[1])
        zeros = np.zeros((num_texts, units), "float32")
        return State((zeros, zeros), (zeros, zeros))

    def step(
        self, state: State, tokens: np.ndarray, above: np.ndarray
    ) -> tuple[State, np.ndarray]:
        """Read one token of each text.

        Args:
            state: What was read before.
            tokens: Ids, shape (texts,).
            above: Ids above the next token, shape (texts, `NUM_ABOVE`).

        Returns:
            The new state, and the logarithms of the probabilities of the next token,
            float32, shape (texts, number of ids).
        """
        seen = np.concatenate([tokens[:, None], above], axis=1)
        joined = self.embeddings[seen].reshape(len(seen), -1)
        known = _even(joined @ self.mixed[0] + self.mixed[1], *self.evened)
        first = _lstm(known, state.first, self.first)
        second = _lstm(first[0], state.second, self.second)
        hidden = np.concatenate([second[0], known], axis=1)
        logits = (hidden @ self.features[0] + self.features[1]) @ self.embeddings.T
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return State(first, second), logits


def weight_shapes(num_tokens: int, dim: int, units: int) -> list[tuple[int, ...]]:
    """Return the shapes of the weights of `language_model.build_model`."""
    gates = 4 * units
    mixed = [((1 + NUM_ABOVE) * dim, dim), (dim,), (dim,), (dim,)]
    first = [(dim, gates), (units, gates), (gates,)]
    second = [(units, gates), (units, gates), (gates,)]
    return [(num_tokens, dim), *mixed, *first, *second, (units + dim, dim), (dim,)]


def _even(values, scale, shift):
    centered = values - values.mean(axis=1, keepdims=True)
    variance = np.square(centered).mean(axis=1, keepdims=True)
    return centered / np.sqrt(variance + _EPSILON) * scale + shift


def _lstm(inputs, state, weights):
    kernel, recurrent, bias = weights
    output, carry = state
    gates = inputs @ kernel + output @ recurrent + bias
    enter, keep, new, out = np.split(gates, 4, axis=1)
    carry = _sigmoid(keep) * carry + _sigmoid(enter) * np.tanh(new)
    return _sigmoid(out) * np.tanh(carry), carry


def _sigmoid(values):
    return 0.5 * np.tanh(0.5 * values) + 0.5  # never overflows
