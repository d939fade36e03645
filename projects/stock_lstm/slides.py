"""The slides' recipe to the letter: price levels scaled to 0..1, windows of 60.

MinMaxScaler fitted on the training column; for i in 60..n-1 the input is rows
i-60..i-1, the target row i; four LSTM(50) with Dropout(0.2); adam, mean squared
error. Test: the last test + 60 rows of train and test put end to end, in the
order in which the files stand. The lecture's files are newest first, so there
the net learns time backwards and the first test windows hold the oldest prices.
"""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler

from common.batches import ShuffledBatches
from common.errors import UserError
from common.lstm import portable
from common.progress import Progress
from common.runs import atomic_write, write_json
from common.training import fit
from projects.stock_lstm.baselines import naive_forecasts
from projects.stock_lstm.data import Prices
from projects.stock_lstm.ensemble import Recipe
from projects.stock_lstm.forecasts import Forecasts, true_values
from projects.stock_lstm.indicators import Indicators
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


def split_columns(
    train: Prices, later: Prices | None, test_days: int
) -> tuple[pd.Series, pd.Series]:
    """Return the training and the test column, each in the order of its file.

    Args:
        train: the rows of the (training) file.
        later: the rows of the test file; None: the newest `test_days` of `train`.
        test_days: used when there is no `later`.
    """
    column = train.frame[train.target]
    if later is not None:
        return column, later.frame[later.target]
    first = column.index.sort_values()[-min(test_days, len(column))]
    return column[column.index < first], column[column.index >= first]


def check_length(train: pd.Series, context_length: int) -> None:
    """Raise a UserError when the training rows make no window."""
    if len(train) <= context_length:
        raise UserError(
            f"Expected at least {context_length + 1} training rows: windows of"
            f" {context_length} and the row after. Received: {len(train)}. Give more"
            " rows, or lower --context-length or --test-days."
        )


def fit_slides(
    arrays: SlidesArrays, recipe: Recipe, checkpoint: Path, quiet: bool
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Build the slides' net, fresh after the seed, and train it as on the slides.

    Returns:
        The trained model of plain Keras layers, and the history.
    """
    keras.utils.set_random_seed(recipe.seed)
    model = build_slides_model(recipe.context_length, recipe.units, recipe.dropout)
    model.compile(
        optimizer=keras.optimizers.Adam(recipe.learning_rate),
        loss="mean_squared_error",
    )
    batches = ShuffledBatches.from_arrays(
        arrays.train_inputs,
        arrays.train_targets,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
    )
    history = fit(
        model,
        batches,
        epochs=recipe.epochs,
        checkpoint=checkpoint,
        callbacks=[Progress("the slides' net", quiet=quiet)],
    )
    return portable(model), history


def forecast_slides(
    model: keras.Model,
    arrays: SlidesArrays,
    test_dates: pd.DatetimeIndex,
    indicators: Indicators,
) -> Forecasts:
    """Forecast the test rows and, beside them, naively; all in order of time.

    Args:
        model: the trained net.
        arrays: of the recipe.
        test_dates: of the test rows, in the order of the file.
        indicators: of all rows, in order of time; the test rows are the last.
    """
    scaled = np.asarray(model.predict(arrays.test_inputs, verbose=0), float)[:, 0]
    prices = arrays.to_price(scaled)[np.argsort(test_dates)]
    num_test = len(prices)
    origins = np.arange(num_test) + len(indicators) - num_test - 1
    return Forecasts(
        origins=origins,
        actual=true_values(indicators, origins, 1),
        point=np.log(np.maximum(prices, 1e-9))[:, None],
        rivals=naive_forecasts(indicators, origins, 1),
    )


def save_slides(
    model: keras.Model, arrays: SlidesArrays, column: str, folder: Path
) -> None:
    """Write the model and its scaling."""
    with atomic_write(folder / "model.keras") as temporary:
        model.save(temporary)
    scaling = {"lowest": arrays.lowest, "highest": arrays.highest}
    write_json(
        folder / "scaler.json", {"recipe": "levels", "column": column, **scaling}
    )


def _windows(scaled: np.ndarray, context_length: int) -> np.ndarray:
    steps = np.arange(context_length, len(scaled))[:, None]
    return scaled[steps + np.arange(-context_length, 0)][..., None]
