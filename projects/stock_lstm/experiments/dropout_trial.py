"""The slides' net with more or less dropout, watched on rows that came later."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from common.batches import ShuffledBatches
from common.compiled import compiled
from common.errors import UserError
from common.progress import Progress
from common.training import fit
from projects.stock_lstm.metrics import rmse
from projects.stock_lstm.model import build_slides_model
from projects.stock_lstm.slides import SlidesArrays, make_slides_arrays

CONTEXT_LENGTH, _UNITS, _BATCH_SIZE, _LEARNING_RATE = 60, 50, 32, 1e-3  # the slides'


@dataclass(frozen=True)
class Part:
    """Rows to learn from and the rows right behind them.

    Attributes:
        name: When the held-out rows begin and end.
        arrays: Scaled by the training rows; the test windows end before each
            held-out row.
        targets: Held-out prices, scaled, float32, shape (m,).
        beyond: Share of the held-out prices outside the range of the training rows.
    """

    name: str
    arrays: SlidesArrays
    targets: np.ndarray
    beyond: float

    @property
    def naive(self) -> tuple[float, float]:
        """RMSE in training and held out of "the same as in the row before"."""
        both = (
            (self.arrays.train_inputs, self.arrays.train_targets),
            (self.arrays.test_inputs, self.targets),
        )
        return tuple(self.error(inputs[:, -1, 0], t) for inputs, t in both)

    def error(self, forecasts: np.ndarray, targets: np.ndarray) -> float:
        """Return the RMSE of scaled forecasts, in the unit of the price."""
        return rmse(*map(self.arrays.to_price, (targets, forecasts)))


@dataclass(frozen=True)
class Curve:
    """RMSE after each epoch, nothing dropped, in the unit of the price."""

    training: Sequence[float]
    held_out: Sequence[float]


def make_part(series: pd.Series, cut: float, share: float) -> Part:
    """Cut a series by time.

    Args:
        series: Prices in order of time, with their dates.
        cut: Share of the rows to learn from.
        share: Share of the rows, right behind them, that is held out.

    Raises:
        UserError: A part is too short.
    """
    begin, end = (int(round(x * len(series))) for x in (cut, min(1, cut + share)))
    learned, later = series.to_numpy()[:begin], series.to_numpy()[begin:end]
    if len(learned) <= CONTEXT_LENGTH or not len(later):
        raise UserError(
            f"Expected more than {CONTEXT_LENGTH} rows to learn from and one held out."
            f" Received: {len(learned)} and {len(later)}. Give more rows, or other"
            " --cuts."
        )
    arrays = make_slides_arrays(learned, later, CONTEXT_LENGTH)
    first, last = (series.index[row].date() for row in (begin, end - 1))
    outside = (later < arrays.lowest) | (later > arrays.highest)
    scaled = (later - arrays.lowest) / (arrays.highest - arrays.lowest)
    name = f"{first} to {last}"
    return Part(name, arrays, scaled.astype("float32"), float(outside.mean()))


def train_with(part: Part, rate: float, epochs: int, seed: int, quiet: bool) -> Curve:
    """Train the slides' net.

    Args:
        part: What to learn from, and what to look at after each epoch.
        rate: Share of each LSTM layer's outputs that is dropped in training.
        epochs: Passes over the training windows.
        seed: Of weights, batches and dropout.
        quiet: No progress.
    """
    keras.utils.set_random_seed(seed)
    model = build_slides_model(CONTEXT_LENGTH, _UNITS, rate)
    model.compile(keras.optimizers.Adam(_LEARNING_RATE), "mean_squared_error")
    arrays, watched = part.arrays, _Watch(part)
    batches = ShuffledBatches.from_arrays(
        arrays.train_inputs, arrays.train_targets, batch_size=_BATCH_SIZE, seed=seed
    )
    progress = Progress(f"{part.name}, dropout {rate}, seed {seed}", quiet=quiet)
    fit(model, batches, epochs=epochs, callbacks=[watched, progress])
    return Curve(watched.training, watched.held_out)


class _Watch(keras.callbacks.Callback):
    """Measures both errors after each epoch, by the net as it would be used."""

    def __init__(self, part: Part):
        super().__init__()
        self._part = part
        self.training: list[float] = []
        self.held_out: list[float] = []

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._forecast = compiled(self.model)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        arrays = self._part.arrays
        for errors, inputs, targets in (
            (self.training, arrays.train_inputs, arrays.train_targets),
            (self.held_out, arrays.test_inputs, self._part.targets),
        ):
            forecasts = self._forecast(inputs)[:, 0]
            errors.append(self._part.error(forecasts, targets))
