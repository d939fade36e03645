"""The family of nets of the chapter, all with the same input and the same head.

Input: float32, shape (batch, context_length, num_channels), channel 0 the target
series' own. Output: float32, shape (batch, horizon, Q + 1): the Q quantiles of
the residual and, last, its mean.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from common.lstm import FusedLSTM

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
KINDS = ("lstm", "gru", "rnn", "bilstm", "stacked", "mlp", "ar", "narx")
_HEAD = "head"


@keras.saving.register_keras_serializable(package="stock_lstm")
class DistributionLoss(keras.losses.Loss):
    """Pinball loss of the quantiles plus squared error of the mean.

    Args:
        levels: Q quantile levels in (0, 1).
        mean_weight: weight of the squared error.

    Call arguments: `y_true` (batch, H), `y_pred` (batch, H, Q + 1).
    """

    def __init__(
        self,
        levels: Sequence[float] = LEVELS,
        mean_weight: float = 0.02,
        name: str = "distribution_loss",
    ):
        super().__init__(name=name)
        self.levels = tuple(levels)
        self.mean_weight = mean_weight

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each example and horizon, shape (batch, H)."""
        levels = ops.convert_to_tensor(self.levels, dtype=y_pred.dtype)
        truth = ops.expand_dims(ops.cast(y_true, y_pred.dtype), -1)
        error = truth - y_pred
        pinball = ops.maximum(levels * error[..., :-1], (levels - 1) * error[..., :-1])
        return ops.mean(pinball, axis=-1) + self.mean_weight * error[..., -1] ** 2

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {
            "levels": list(self.levels),
            "mean_weight": self.mean_weight,
            "name": self.name,
        }


def build_model(
    kind: str,
    context_length: int,
    num_channels: int,
    horizon: int,
    units: int,
    dropout: float,
) -> keras.Model:
    """Build one net of the family, not compiled.

    Args:
        kind: one of `KINDS`. `lstm`, `gru`, `rnn`, `bilstm`: one recurrent
            layer; `stacked`: the slides' four LSTM layers; `mlp`: a time-delay
            net on the series' own lags; `narx`: the same on all channels'
            lags; `ar`: linear in the own lags.
        context_length: rows in one window.
        num_channels: F.
        horizon: H, rows ahead.
        units: width of the layer (of each direction for `bilstm`).
        dropout: share of the layer's outputs dropped in training.
    """
    inputs = keras.Input((context_length, num_channels), name="window")
    encoded = _ENCODERS[kind](inputs, units, dropout)
    # Zero weights: an untrained net forecasts the same distribution every day,
    # so early stopping can always fall back on "nothing learned".
    num_outputs = len(LEVELS) + 1
    flat = layers.Dense(horizon * num_outputs, kernel_initializer="zeros", name=_HEAD)
    outputs = layers.Reshape((horizon, num_outputs))(flat(encoded))
    return keras.Model(inputs, outputs, name=kind)


def set_head_bias(model: keras.Model, targets: np.ndarray) -> None:
    """Start the head at the quantiles and mean of `targets`, shape (n, H)."""
    start = np.vstack([np.quantile(targets, LEVELS, axis=0), targets.mean(axis=0)])
    head = model.get_layer(_HEAD)
    head.bias.assign(start.T.reshape(-1).astype("float32"))


def average(models: list[keras.Model]) -> keras.Model:
    """Return one model whose output is the mean of `models`' outputs."""
    inputs = keras.Input(models[0].input_shape[1:], name="window")
    outputs = [model(inputs) for model in models]
    mean = layers.Average()(outputs) if len(outputs) > 1 else outputs[0]
    return keras.Model(inputs, mean, name="ensemble")


def build_slides_model(
    context_length: int = 60, units: int = 50, dropout: float = 0.2
) -> keras.Model:
    """Build the slides' net: 4 x [LSTM(50), Dropout(0.2)], Dense(1); 71,051 weights.

    Input: float32, shape (batch, context_length, 1), the scaled price; output:
    float32, shape (batch, 1), the scaled next price.
    """
    inputs = keras.Input((context_length, 1), name="window")
    outputs = layers.Dense(1)(_stacked(inputs, units, dropout))
    return keras.Model(inputs, outputs, name="slides")


def _recurrent(layer: type) -> Callable:
    def encode(inputs, units, dropout):
        return layers.Dropout(dropout)(layer(units)(inputs))

    return encode


def _bidirectional(inputs, units, dropout):
    return layers.Dropout(dropout)(layers.Bidirectional(FusedLSTM(units))(inputs))


def _stacked(inputs, units, dropout):
    hidden = inputs
    for depth in range(4):
        hidden = FusedLSTM(units, return_sequences=depth < 3)(hidden)
        hidden = layers.Dropout(dropout)(hidden)
    return hidden


def _delay_net(inputs, units, dropout):
    hidden = layers.Dense(units, activation="relu")(layers.Flatten()(inputs))
    return layers.Dropout(dropout)(hidden)


def _own(inputs):
    return inputs[:, :, :1]


_ENCODERS = {
    "lstm": _recurrent(FusedLSTM),
    "gru": _recurrent(layers.GRU),
    "rnn": _recurrent(layers.SimpleRNN),
    "bilstm": _bidirectional,
    "stacked": lambda inputs, units, dropout: _stacked(inputs, 50, 0.2),
    "mlp": lambda inputs, *rest: _delay_net(_own(inputs), *rest),
    "narx": _delay_net,
    "ar": lambda inputs, *rest: layers.Flatten()(_own(inputs)),
}
