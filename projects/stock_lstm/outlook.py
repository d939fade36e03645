"""The forecast of the days after the last known row, in the user's units."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from common.reporting import Table
from projects.stock_lstm.forecasts import Forecasts
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.model import LEVELS


@dataclass(frozen=True)
class Outlook:
    """Point and bands of the next H rows.

    Attributes:
        name: what is forecast.
        known: float64, shape (N,), the series so far.
        last: date of the last known row.
        last_price: the last known price (the Close, for an Open); None where
            the target is no price.
        dates: presumed dates of the next rows, shape (H,).
        point: float64, shape (H,); a price, high/low - 1, or a volume.
        quantiles: float64, shape (H, Q), of `LEVELS`.
    """

    name: str
    known: np.ndarray
    last: pd.Timestamp
    last_price: float | None
    dates: pd.DatetimeIndex
    point: np.ndarray
    quantiles: np.ndarray

    def to_dict(self) -> dict[str, Any]:
        """Return the outlook as JSON holds it."""
        return {
            "forecast_of": self.name,
            "last_known": {"date": str(self.last), "value": _round(self.known[-1])},
            "days": [
                {
                    "presumed_date": str(date),
                    "forecast": _round(self.point[i]),
                    "quantiles": {
                        f"{level:g}": _round(value)
                        for level, value in zip(LEVELS, self.quantiles[i], strict=True)
                    },
                }
                for i, date in enumerate(self.dates)
            ],
        }

    def to_table(self) -> Table:
        """Return one row per day with its 80, 90 and 95 % bands."""
        rows = [
            (
                f"{date:%Y-%m-%d %H:%M}".removesuffix(" 00:00"),
                f"{self.point[i]:.6g}",
                *(
                    f"{self.quantiles[i, k]:.6g} .. {self.quantiles[i, -1 - k]:.6g}"
                    for k in (2, 1, 0)
                ),
            )
            for i, date in enumerate(self.dates)
        ]
        title = f"{self.name}: {self.known[-1]:.6g} on {self.last:%Y-%m-%d}"
        if self.last_price is not None:
            title += f", last known price {self.last_price:.6g}"
        columns = ("presumably on", "forecast", "80 % band", "90 % band", "95 % band")
        return Table(title, columns, rows)


def make_outlook(
    indicators: Indicators, forecasts: Forecasts, dates: pd.DatetimeIndex
) -> Outlook:
    """Return what the last origin of `forecasts` foresees."""
    names = {"price": indicators.column.capitalize(), "range": "High / Low - 1"}

    def natural(log_values: np.ndarray) -> np.ndarray:
        values = np.exp(log_values)
        return np.expm1(values) if indicators.target == "range" else values

    is_price = indicators.target == "price"
    return Outlook(
        name=names.get(indicators.target, "Volume"),
        known=natural(indicators.log_target),
        last_price=float(np.exp(indicators.log_last[-1])) if is_price else None,
        last=pd.Timestamp(indicators.dates[-1]),
        dates=dates,
        point=natural(forecasts.point[-1]),
        quantiles=natural(forecasts.quantiles[-1]),
    )


def _round(value: float) -> float:
    """Leave out the digits that log and exp have made."""
    return float(f"{value:.10g}")
