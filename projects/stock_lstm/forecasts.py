"""Forecasts of consecutive days, what came true, and the rivals' forecasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from common.files import write_csv
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.windows import future_values


@dataclass(frozen=True)
class Forecasts:
    """Forecasts from n consecutive origins, H steps ahead; all values are logs.

    Attributes:
        origins: int64, shape (n,), the last known row of each forecast; step h
            is of row origin + h.
        actual: float64, shape (n, H), NaN past the end of the series.
        point: float64, shape (n, H).
        rivals: name -> float64, shape (n, H), of each baseline.
        quantiles: float64, shape (n, H, Q), of `LEVELS`, calibrated; or None.
        constant: float64, shape (n, H, Q), a band of constant width; or None.
    """

    origins: np.ndarray
    actual: np.ndarray
    point: np.ndarray
    rivals: Mapping[str, np.ndarray]
    quantiles: np.ndarray | None = None
    constant: np.ndarray | None = None

    def without_last(self) -> "Forecasts":
        """Return the same without the last origin, whose future is unknown."""
        kept = slice(None, -1)
        return Forecasts(
            self.origins[kept],
            self.actual[kept],
            self.point[kept],
            {name: rival[kept] for name, rival in self.rivals.items()},
            self.quantiles[kept],
            self.constant[kept],
        )


def true_values(
    indicators: Indicators, origins: np.ndarray, horizon: int
) -> np.ndarray:
    """Return log_target of the rows origin + 1 .. origin + H, NaN past the end."""
    return future_values(indicators.log_target, horizon)[origins]


def to_unit(log_values: np.ndarray, target: str) -> np.ndarray:
    """Return prices for `price`; range and volume are told and scored as logs."""
    return np.exp(log_values) if target == "price" else log_values


def forecast_table(indicators: Indicators, forecasts: Forecasts) -> pd.DataFrame:
    """Return one row per known day and step, for `forecasts.csv`.

    Prices in their currency; range and volume as logs.
    """
    num_days, horizon = forecasts.actual.shape
    steps = np.tile(np.arange(1, horizon + 1), num_days)
    rows = np.repeat(forecasts.origins, horizon) + steps
    known = rows < len(indicators)
    values = {"actual": forecasts.actual, "forecast": forecasts.point}
    if forecasts.quantiles is not None:
        values |= {
            f"q{level:g}": forecasts.quantiles[..., i] for i, level in enumerate(LEVELS)
        }
    values |= forecasts.rivals
    table = pd.DataFrame(
        {
            "date": indicators.dates[rows[known]],
            "step": steps[known],
        }
    )
    for name, log_values in values.items():
        table[name] = to_unit(log_values.reshape(-1)[known], indicators.target)
    return table


def write_forecasts(folder: Path, indicators: Indicators, forecasts: Forecasts) -> None:
    """Write `forecast_table` to `forecasts.csv`."""
    table = forecast_table(indicators, forecasts)
    write_csv(folder / "forecasts.csv", table, index=False)
