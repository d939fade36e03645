"""The slides' recipe to the letter: price levels scaled to 0..1, windows of 60.

MinMaxScaler fitted on the training column; for i in 60..n-1 the input is rows
i-60..i-1, the target row i; four LSTM(50) with Dropout(0.2); adam, mean squared
error. Test: the last test + 60 rows of train and test put end to end, in the
order in which the files stand. The lecture's files are newest first, so there
the net learns time backwards and the first test windows hold the oldest prices.
"""

from dataclasses import dataclass

import keras
import numpy as np
from sklearn.preprocessing import MinMaxScaler

from projects.stock_lstm.model import build_slides_model


@dataclass(frozen=True)
class SlidesArrays:
    """The arrays of the recipe.

    Attributes:
        train_inputs: float32, shape (n, context_length, 1), in 0..1.
        train_targets: float32, shape (n,), in 0..1.
        test_inputs: float32, shape (m, context_length, 1); may leave 0..1.
        lowest: the training column's minimum (0), in its currency.
        highest: the training column's maximum (1).
    """

    train_inputs: np.ndarray
    train_targets: np.ndarray
    test_inputs: np.ndarray
    lowest: float
    highest: float

    def to_price(self, scaled: np.ndarray) -> np.ndarray:
        """Undo the scaling."""
        return self.lowest + np.asarray(scaled, float) * (self.highest - self.lowest)


def make_slides_arrays(
    train: np.ndarray, test: np.ndarray, context_length: int = 60
) -> SlidesArrays:
    """Scale and cut the two columns, shapes (N,) and (m,), as they stand."""
    scaler = MinMaxScaler(feature_range=(0, 1)).fit(train[:, None])
    scaled = scaler.transform(train[:, None])[:, 0].astype("float32")
    tail = np.concatenate([train, test])[-(len(test) + context_length) :]
    scaled_tail = scaler.transform(tail[:, None])[:, 0].astype("float32")
    return SlidesArrays(
        train_inputs=_windows(scaled, context_length),
        train_targets=scaled[context_length:],
        test_inputs=_windows(scaled_tail, context_length),
        lowest=float(scaler.data_min_[0]),
        highest=float(scaler.data_max_[0]),
    )


def build_compiled(
    context_length: int, units: int, dropout: float, learning_rate: float, seed: int
) -> keras.Model:
    """Build the slides' net, fresh after `seed`, compiled as on the slides."""
    keras.utils.set_random_seed(seed)
    model = build_slides_model(context_length, units, dropout)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate), loss="mean_squared_error"
    )
    return model


def _windows(scaled: np.ndarray, context_length: int) -> np.ndarray:
    steps = np.arange(context_length, len(scaled))[:, None]
    return scaled[steps + np.arange(-context_length, 0)][..., None]
