"""Rows that came after a run was trained: put behind those that it has seen."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from common.errors import UserError
from projects.stock_lstm.baselines import constant_quantiles, har, naive_forecasts
from projects.stock_lstm.data import read_prices
from projects.stock_lstm.forecaster import Forecaster
from projects.stock_lstm.forecasts import Forecasts, true_values
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.reading.csv_format import CsvFormat

_MOST_DIFFERENCE = 0.005  # of a price; more is a split or another security
_FEWEST = 5  # days; fewer say nothing at all
_LONGEST_GAP = pd.Timedelta(days=14)


def load_later(
    csv: Path | None, csv_format: CsvFormat, folder: Path, column: str
) -> tuple[pd.DataFrame, int, list[str]]:
    """Load the rows of a run and, behind them, the later ones of a file.

    Args:
        csv: a price file; None: the rows of the run alone.
        csv_format: what the file does not tell by itself.
        folder: of the run.
        column: the price column of the run.

    Returns:
        All rows, how many of them the run has seen, and notes.
    """
    seen = load_prices(folder / "prices.csv")
    if csv is None:
        return seen, len(seen), [f"the last row of the run is {seen.index[-1]}"]
    if csv_format.column is None:
        csv_format = replace(csv_format, column=column)
    news = read_prices(csv, csv_format)
    frame, notes = extend(seen, news.frame)
    return frame, len(seen), [*news.notes, *notes]


def load_prices(path: Path) -> pd.DataFrame:
    """Read the rows which a forecaster has seen."""
    try:
        return pd.read_csv(path, index_col="date", parse_dates=["date"])
    except (OSError, ValueError) as error:
        raise UserError(
            f"Expected the prices of the run. Received: {path} ({error}). Train again."
        ) from error


def extend(seen: pd.DataFrame, news: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Append the rows of `news` that are later than all of `seen`.

    Args:
        seen: the rows of the run.
        news: rows of the same columns at least; it may begin earlier.

    Returns:
        All rows, and notes on what was found.

    Raises:
        UserError: a column is missing, or the prices of common days differ.
    """
    missing = [name for name in seen.columns if name not in news.columns]
    if missing:
        raise UserError(
            f"Expected the columns of the run: {', '.join(seen.columns)}. Received a"
            f" file without {', '.join(missing)}. Give these, or train on the file."
        )
    news = news[list(seen.columns)]
    _check_same(seen, news)
    last = seen.index[-1]
    later = news[news.index > last]
    notes = [f"{len(later)} rows are later than {_day(last)}, the last of the run"]
    if len(later) and later.index[0] - last > _LONGEST_GAP:
        notes.append(
            f"no rows between {_day(last)} and {_day(later.index[0])}: the first"
            " forecasts after the gap rest on old volatility"
        )
    return pd.concat([seen, later]), notes


def count_later(frame: pd.DataFrame, num_seen: int, path: Path) -> int:
    """Return how many rows are later than the seen ones; a few are too few."""
    num_later = len(frame) - num_seen
    if num_later < _FEWEST:
        last = _day(frame.index[num_seen - 1])
        raise UserError(
            f"Expected at least {_FEWEST} rows later than {last}, the last that"
            f" the run has seen. Received: {num_later} in {path}. Give a"
            " file that goes on from there; predict.py needs none."
        )
    return num_later


def forecast_later(
    forecaster: Forecaster, indicators: Indicators, num_seen: int
) -> Forecasts:
    """Forecast, without refitting, from the last seen row on to the end.

    The last origin is the last row: its future is not known yet.

    Args:
        forecaster: as trained.
        indicators: of seen and later rows.
        num_seen: how many rows the forecaster has seen.
    """
    origins = np.arange(num_seen - 1, len(indicators))
    horizon = len(forecaster.shrinkage)
    actual = true_values(indicators, origins, horizon)
    point, quantiles = forecaster.calibrated(indicators, origins, actual)
    rivals = naive_forecasts(indicators, origins, horizon)
    if indicators.target != "price":
        rivals["HAR"] = har(indicators, horizon, num_seen - 1, origins)
    return Forecasts(
        origins=origins,
        actual=actual,
        point=point,
        rivals=rivals,
        quantiles=quantiles,
        constant=constant_quantiles(indicators, origins, num_seen - 1, LEVELS, horizon),
    )


def presumed_dates(index: pd.DatetimeIndex, horizon: int) -> pd.DatetimeIndex:
    """Return the dates that the next rows will probably have.

    Weekdays after the last row for daily rows (holidays are not known here);
    otherwise steps of the usual distance.
    """
    usual = pd.Series(index[-50:]).diff().median()
    if usual == pd.Timedelta(days=1):
        return pd.bdate_range(index[-1] + usual, periods=horizon)
    return pd.DatetimeIndex([index[-1] + usual * h for h in range(1, horizon + 1)])


def _check_same(seen: pd.DataFrame, news: pd.DataFrame) -> None:
    both = seen.index.intersection(news.index)
    if both.empty:
        return
    prices = [name for name in seen.columns if name != "volume"]
    ratio = (news.loc[both, prices] / seen.loc[both, prices] - 1).abs().to_numpy()
    share = float(np.nanmean(ratio > _MOST_DIFFERENCE))
    if share > 0.01:
        row = both[int(np.argmax(np.nanmax(ratio, axis=1)))]
        raise UserError(
            "Expected the prices of the run on the days that both know. Received:"
            f" others in {share:.0%} of the cells, most on {_day(row)}. If the prices"
            " were adjusted (a split, a dividend) or are of another security, train"
            " on this file."
        )


def _day(stamp: pd.Timestamp) -> str:
    return str(stamp.date() if stamp == stamp.normalize() else stamp)
