"""Raw price rows -> what is known of each day at its close.

Every value of row t uses rows <= t only. Steps are trading rows, never calendar
days: holidays and odd sessions need no special care.

    gap    log(open_t / close_{t-1})     overnight move
    body   log(close_t / open_t)         move of the session
    upper  log(high_t / max(open_t, close_t)),  lower  log(min(open_t, close_t) / low_t)
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

OHLC = ("open", "high", "low", "close")
HAR_SPANS = (1, 5, 22)  # a day, a week, a month (Corsi 2009)
WARM_UP = 22  # rows before the longest mean is full
_DECAY = 0.90  # of the moving variance; RiskMetrics' .94 adapts too slowly
_SMALLEST_RANGE = 1e-4  # log(high/low) of a day without any trade but one
_VOLUME_SPAN = 20


@dataclass(frozen=True)
class Indicators:
    """One row per trading day; N rows, F channels.

    Attributes:
        column: the price column.
        target: what is forecast: `price` (that column), `range` or `volume`.
        dates: datetime64, shape (N,).
        channels: float64, shape (N, F); channel 0 is the target series' own.
        names: the F channels' names.
        log_target: float64, shape (N,), log of the value to forecast.
        log_last: float64, shape (N,), log of the last known price (target
            `price`) or of the target itself: the forecast "no change".
        volatility: float64, shape (N,), moving standard deviation of the daily
            log return; ones when the target is not a price.
        har: float64, shape (N, 3), means of `log_target` over 1, 5 and 22 rows.
    """

    column: str
    target: str
    dates: np.ndarray
    channels: np.ndarray
    names: tuple[str, ...]
    log_target: np.ndarray
    log_last: np.ndarray
    volatility: np.ndarray
    har: np.ndarray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.log_target)


def make_indicators(frame: pd.DataFrame, column: str, target: str) -> Indicators:
    """Compute the indicators of a price frame.

    Args:
        frame: sorted by date; `column`, and if known `open high low close
            volume`, positive float64.
        column: the price column to forecast (target `price`).
        target: `price`, `range` (log high/low of the day) or `volume`.

    Returns:
        The `Indicators`; for `range` and `volume` the frame must hold the
        columns these need (checked by `required_columns`).
    """
    has_bars = all(name in frame for name in OHLC)
    close = frame["close"] if "close" in frame else frame[column]
    log_close = np.log(close.to_numpy())
    move = _difference(log_close)
    log_range = _log_range(frame) if "high" in frame and "low" in frame else None
    log_volume = _log(frame["volume"]) if "volume" in frame else None

    if target == "price":
        log_target = np.log(frame[column].to_numpy())
        log_last = log_close
        own = log_target - _previous(log_last)
        volatility = _volatility(frame, move, has_bars)
        channels = _price_channels(frame, own, move, has_bars, volatility, log_volume)
    else:
        log_target = log_range if target == "range" else log_volume
        log_last, volatility = log_target, np.ones(len(frame))
        channels = _activity_channels(log_target, move, log_range, log_volume)
    return Indicators(
        column=column,
        target=target,
        dates=frame.index.to_numpy(),
        channels=np.column_stack(list(channels.values())),
        names=tuple(channels),
        log_target=log_target,
        log_last=log_last,
        volatility=volatility,
        har=np.column_stack([moving_mean(log_target, span) for span in HAR_SPANS]),
    )


def required_columns(column: str, target: str) -> tuple[str, ...]:
    """Return the columns without which `target` cannot be forecast."""
    return {"price": (column,), "range": ("high", "low"), "volume": ("volume",)}[target]


def _price_channels(frame, own, move, has_bars, volatility, log_volume) -> dict:
    """Daily moves in units of the volatility known the evening before."""
    unit = _previous(volatility)
    channels = {"own": own / unit}
    if has_bars:
        open_, high, low, close = (np.log(frame[name].to_numpy()) for name in OHLC)
        top, bottom = np.maximum(open_, close), np.minimum(open_, close)
        channels["gap"] = (open_ - _previous(close)) / unit
        channels["body"] = (close - open_) / unit
        # A bar whose Open or Close lies outside High..Low counts as touching it.
        channels["upper"] = np.maximum(high - top, 0) / unit
        channels["lower"] = np.maximum(bottom - low, 0) / unit
    else:
        channels["move"] = move / unit
    if log_volume is not None:
        channels["volume"] = log_volume - moving_mean(log_volume, _VOLUME_SPAN)
    channels["volatility"] = np.log(volatility)
    return channels


def _activity_channels(log_target, move, log_range, log_volume) -> dict:
    """The series itself, its slow means, and the market's other pulses."""
    channels = {"own": log_target}
    for span in HAR_SPANS[1:]:
        channels[f"mean_{span}"] = moving_mean(log_target, span)
    channels["move"] = move
    channels["absolute_move"] = np.log(np.abs(move) + 1e-3)
    if log_range is not None and log_range is not log_target:
        channels["range"] = log_range
    if log_volume is not None and log_volume is not log_target:
        channels["volume"] = log_volume - moving_mean(log_volume, _VOLUME_SPAN)
    return channels


def _volatility(frame: pd.DataFrame, move: np.ndarray, has_bars: bool) -> np.ndarray:
    """Moving standard deviation of a day's move, from the bar where there is one.

    With bars: squared overnight gap plus the variance of the session after
    Garman & Klass (1980); otherwise the squared move from close to close.
    """
    if has_bars:
        open_, high, low, close = (np.log(frame[name].to_numpy()) for name in OHLC)
        session = 0.5 * (high - low) ** 2 - (2 * np.log(2) - 1) * (close - open_) ** 2
        variance = np.maximum(session, 0) + (open_ - _previous(close)) ** 2
    else:
        variance = move**2
    smooth = pd.Series(variance).ewm(alpha=1 - _DECAY).mean().to_numpy()
    return np.sqrt(smooth + 1e-8)


def _log_range(frame: pd.DataFrame) -> np.ndarray:
    span = np.log(frame["high"].to_numpy() / frame["low"].to_numpy())
    return np.log(np.maximum(span, _SMALLEST_RANGE))


def _log(volume: pd.Series) -> np.ndarray:
    """Return the log; a day without trade counts as the least traded day so far."""
    values = volume.to_numpy()
    least = np.minimum.accumulate(np.where(values > 0, values, np.inf))
    least = np.where(np.isfinite(least), least, 1.0)
    return np.log(np.where(values > 0, values, least))


def _previous(values: np.ndarray) -> np.ndarray:
    """Shift by one row; the first row, which has no yesterday, keeps its own."""
    return np.concatenate([values[:1], values[:-1]])


def _difference(values: np.ndarray) -> np.ndarray:
    return values - _previous(values)


def moving_mean(values: np.ndarray, span: int) -> np.ndarray:
    """Return the mean of the last `span` rows, of fewer at the beginning."""
    return pd.Series(values).rolling(span, min_periods=1).mean().to_numpy()
