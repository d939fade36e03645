"""A fitted forecaster as it lies in a run directory: all that inference needs.

model.keras      the nets, averaged; plain Keras layers and one loss
scaler.json      scaling, shrinkage, calibration record, what is forecast
prices.csv       the rows it has seen
"""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from common.errors import UserError
from common.lstm import portable
from common.runs import atomic_write, read_json, write_json
from projects.stock_lstm import calibration
from projects.stock_lstm.ensemble import Ensemble, Fitted
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.windows import Scaler, make_windows

_LEVELS = np.array(LEVELS)
_KEPT = 1000  # outcomes; what came before has been forgotten


@dataclass(frozen=True)
class Forecaster:
    """A fitted ensemble with its scaling and calibration.

    Attributes:
        model: (n, context_length, F) -> (n, H, Q + 1), the mean of the nets.
        scaler: fitted on training rows.
        shrinkage: shape (H,), see `ensemble.Fitted`.
        record: shape (m, H, Q), the newest out-of-sample scores.
        column: the price column.
        target: `price`, `range` or `volume`.
    """

    model: keras.Model
    scaler: Scaler
    shrinkage: np.ndarray
    record: np.ndarray
    column: str
    target: str

    def distribution(
        self, indicators: Indicators, origins: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return point (n, H) and uncalibrated quantiles (n, H, Q), as logs."""
        context_length = self.model.input_shape[1]
        windows = make_windows(indicators, self.scaler, origins, context_length)
        outputs = self.model.predict(windows.inputs, batch_size=1024, verbose=0)
        log_outputs = windows.to_log(np.asarray(outputs, float))
        point = windows.anchor + self.shrinkage * (
            log_outputs[..., -1] - windows.anchor
        )
        return point, np.sort(log_outputs[..., :-1], axis=-1)

    def calibrated(
        self, indicators: Indicators, origins: np.ndarray, actual: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return point and calibrated quantiles of consecutive origins, as logs.

        Args:
            indicators: of all rows up to the last origin at least.
            origins: consecutive rows; the first follows the record's last.
            actual: shape (n, H), what came true, NaN where not yet known.
        """
        point, quantiles = self.distribution(indicators, origins)
        volatility = indicators.volatility[origins]
        news = calibration.scores(actual, quantiles, volatility)
        record = np.concatenate([self.record, news])
        shift = calibration.rolling_shifts(record, _LEVELS, len(self.record))
        return point, calibration.calibrate(quantiles, shift, volatility)

    def save(self, folder: Path) -> None:
        """Write model and scaler, each in one step."""
        with atomic_write(folder / "model.keras") as temporary:
            self.model.save(temporary)
        kept = self.record[-_KEPT:]
        values = {
            "column": self.column,
            "target": self.target,
            "levels": list(LEVELS),
            "shrinkage": self.shrinkage.tolist(),
            "scaler": self.scaler.to_dict(),
            "record": np.round(kept, 6).tolist(),
        }
        write_json(folder / "scaler.json", values)

    def _check_shapes(self) -> None:
        """Raise a ValueError if the model is not one of this scaler."""
        channels, horizon = len(self.scaler.mean), len(self.shrinkage)
        expected = (channels, horizon, len(LEVELS) + 1)
        found = (*self.model.input_shape[2:], *self.model.output_shape[1:])
        if found != expected:
            raise ValueError(f"its model has the sizes {found}, not {expected}")

    @classmethod
    def load(cls, folder: Path) -> "Forecaster":
        """Read what `save` wrote; the model only in Keras' safe mode.

        Raises:
            UserError: a file is missing, broken, or not of this program.
        """
        values = read_json(folder / "scaler.json", "the scaler of the run")
        if isinstance(values, dict) and values.get("recipe") == "levels":
            raise UserError(
                "Expected a run of the default recipe. Received: a run of the slides'"
                f" recipe in {folder}, which has neither bands nor a test of its own"
                " on later days. Train without --preset slides."
            )
        model = load_model(folder / "model.keras")
        try:
            loaded = cls(
                model=model,
                scaler=Scaler.from_dict(values["scaler"]),
                shrinkage=np.array(values["shrinkage"], float),
                record=np.array(values["record"], float),
                column=values["column"],
                target=values["target"],
            )
            loaded._check_shapes()
            return loaded
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(
                f"Expected a scaler as train.py writes it. Received:"
                f" {folder / 'scaler.json'} ({error}). Train again."
            ) from error


def fit_forecaster(
    ensemble: Ensemble,
    indicators: Indicators,
    record: np.ndarray,
    checkpoints: Path,
) -> tuple[Forecaster, Fitted]:
    """Fit the nets once more, on all rows, for the days to come.

    Args:
        ensemble: how to fit.
        indicators: of all rows.
        record: out-of-sample scores of the backtest; the bands rest on these,
            because the fit has seen the latest days.
        checkpoints: folder that makes the fits resumable.
    """
    last_row = len(indicators) - 1
    scaler, _, _, fitted = ensemble.fit_known(
        indicators,
        last_row,
        checkpoints / "all-rows",
        "all rows",
    )
    model = portable(ensemble.merged(fitted.weights))
    forecaster = Forecaster(
        model,
        scaler,
        fitted.shrinkage,
        record,
        indicators.column,
        indicators.target,
    )
    return forecaster, fitted


def load_model(path: Path) -> keras.Model:
    """Load a `.keras` file, refusing any that could run code of others."""
    if not path.is_file():
        raise UserError(f"Expected a model file. Received: no {path}. Train again.")
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises many kinds for a broken file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"Expected a .keras file written by this project. Received: {path}"
            f" ({reason[:200]}). Train again, and load files of strangers nowhere."
        ) from error
