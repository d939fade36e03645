"""Ways to look back at the source.

Each answers two questions at every step of the decoder: which characters of the
source matter (weights that sum to 1), and what they say together (weighted sum).
"""

from typing import Any

import keras
from keras import layers, ops

_NUM_HEADS = 4
_LOCAL_WIDTH = 2.0  # characters; the standard deviation of the bell


@keras.saving.register_keras_serializable(package="couplet")
class LookBack(layers.Layer):
    """Attention of a decoder to an encoder, of one of the kinds of the literature.

    - additive: v . tanh(W q + k), Bahdanau, Cho, Bengio 2015.
    - dot: W q . k, the multiplicative one of Luong, Pham, Manning 2015.
    - scaled_dot: W q . k / sqrt(units), Vaswani et al. 2017.
    - multi_head: four of these side by side on projections of their own.
    - local: dot under a bell whose center the decoder predicts (Luong's local-p;
      here the bell stands inside the softmax, so that weights sum to 1).
    """

    def __init__(self, kind: str, units: int, **kwargs: Any):
        """Make the layer.

        Args:
            kind: One of `architecture.ATTENTIONS` but "none".
            units: Numbers in a vector of the decoder and of the encoder.
            **kwargs: As for `keras.layers.Layer`.
        """
        super().__init__(**kwargs)
        self.kind, self.units = kind, units
        self.query = layers.Dense(units, use_bias=False, name="query")
        if kind == "multi_head":
            self.inner = layers.MultiHeadAttention(
                _NUM_HEADS, max(1, units // _NUM_HEADS), name="inner"
            )
        elif kind == "additive":
            self.inner = layers.AdditiveAttention(name="inner")
        else:
            self.inner = layers.Attention(name="inner")
        if kind == "local":
            self.hidden = layers.Dense(units, activation="tanh", name="hidden")
            self.center = layers.Dense(1, activation="sigmoid", name="center")

    def build(self, queries_shape: tuple, encoded_shape: tuple) -> None:
        """Make the weights.

        Args:
            queries_shape: (batch, target time, units).
            encoded_shape: (batch, source time, units).
        """
        projected = (*queries_shape[:-1], self.units)
        if self.kind == "multi_head":
            self.inner.build(queries_shape, encoded_shape)
        else:
            self.query.build(queries_shape)
            self.inner.build([projected, encoded_shape])
        if self.kind == "local":
            self.hidden.build(queries_shape)
            self.center.build(projected)

    def call(self, queries: Any, encoded: Any, source_mask: Any = None) -> tuple:
        """Look back.

        Args:
            queries: The decoder's vectors, (batch, target time, units).
            encoded: The encoder's vectors, (batch, source time, units).
            source_mask: None or booleans (batch, source time), True at characters.

        Returns:
            The weighted sums (batch, target time, units) and the weights (batch,
            target time, source time).
        """
        if self.kind == "multi_head":
            mask = None if source_mask is None else source_mask[:, None, :]
            context, heads = self.inner(
                queries, encoded, attention_mask=mask, return_attention_scores=True
            )
            return context, ops.mean(heads, axis=1)
        if self.kind == "local":
            return self._look_near(queries, encoded, source_mask)
        asked = self.query(queries)
        if self.kind == "scaled_dot":
            asked = asked / self.units**0.5
        return self.inner(
            [asked, encoded], mask=[None, source_mask], return_attention_scores=True
        )

    def _look_near(self, queries, encoded, source_mask):
        scores = ops.matmul(self.query(queries), ops.transpose(encoded, (0, 2, 1)))
        if source_mask is None:
            places = ops.arange(ops.shape(encoded)[1])[None]
        else:
            # Counted among the characters: in a reversed source the padding leads.
            places = ops.cumsum(ops.cast(source_mask, "int32"), axis=1) - 1
            scores = ops.where(source_mask[:, None, :], scores, -1e4)
        places = ops.cast(places, scores.dtype)[:, None, :]
        last = ops.max(places, axis=-1, keepdims=True)
        center = last * self.center(self.hidden(queries))
        scores = scores - ops.square(places - center) / (2 * _LOCAL_WIDTH**2)
        weights = ops.softmax(scores)
        return ops.matmul(weights, encoded), weights

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor takes."""
        return super().get_config() | {"kind": self.kind, "units": self.units}
