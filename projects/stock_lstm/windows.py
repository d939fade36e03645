r"""Indicators -> arrays for a net: windows of the past, residuals of the future.

    row      t-L+1 ... t-1   t | t+1 ... t+H
             \___ inputs ___/     \ targets /
                           origin: the last known day

The net learns what is left over a forecast that needs no net (the *anchor*), in
units of a *scale* known at the origin:

    target[t, h] = (log_target[t+h] - anchor[t, h]) / scale[t, h]

Anchor of a price: the last Close ("no change"). Anchor of range and volume: the
HAR regression on the means of 1, 5 and 22 days (Corsi 2009). So a net that has
learned nothing forecasts the anchor, and can leave the range of past prices.
"""

from dataclasses import dataclass

import numpy as np

from projects.stock_lstm.indicators import WARM_UP, Indicators

_CLIP = 6.0  # standard deviations; a crash must not saturate the cell


@dataclass(frozen=True)
class Scaler:
    """All that is fitted on training rows; JSON-safe by `to_dict`.

    Attributes:
        mean: float64, shape (F,), of the channels.
        deviation: float64, shape (F,), of the channels.
        spread: float64, shape (H,), of (log_target - anchor) / volatility.
        har: float64, shape (H, 4), intercept and weights; empty for prices.
    """

    mean: np.ndarray
    deviation: np.ndarray
    spread: np.ndarray
    har: np.ndarray

    def to_dict(self) -> dict[str, list]:
        """Return lists of float for a JSON file."""
        return {name: array.tolist() for name, array in vars(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, list]) -> "Scaler":
        """Return the scaler that `to_dict` was made of."""
        return cls(**{name: np.asarray(value, float) for name, value in values.items()})


@dataclass(frozen=True)
class Windows:
    """n windows; see the module's drawing.

    Attributes:
        inputs: float32, shape (n, context_length, F).
        targets: float32, shape (n, H), residuals; NaN where not yet known.
        anchor: float64, shape (n, H), log of the forecast without a net.
        scale: float64, shape (n, H).
        origins: int64, shape (n,), row of the last known day.
    """

    inputs: np.ndarray
    targets: np.ndarray
    anchor: np.ndarray
    scale: np.ndarray
    origins: np.ndarray

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.origins)

    def to_log(self, residuals: np.ndarray) -> np.ndarray:
        """Turn residuals, shape (n, H) or (n, H, K), into logs of the target."""
        extra = (slice(None), slice(None)) + (None,) * (residuals.ndim - 2)
        return self.anchor[extra] + residuals * self.scale[extra]


def fit_scaler(indicators: Indicators, horizon: int, last_row: int) -> Scaler:
    """Fit on the rows up to and including `last_row`; later rows stay unseen."""
    seen = slice(0, last_row + 1)
    channels = indicators.channels[seen]
    deviation = channels.std(axis=0)
    future = future_values(indicators.log_target[seen], horizon)
    har = np.empty((0, 4))
    if indicators.target != "price":
        har = _fit_har(indicators.har[seen], future)
    anchor = _anchor(indicators, har, horizon)[seen]
    residual = (future - anchor) / indicators.volatility[seen, None]
    spread = np.nanstd(residual[WARM_UP:], axis=0)
    return Scaler(
        mean=channels.mean(axis=0),
        deviation=np.where(deviation > 0, deviation, 1.0),
        spread=np.where(spread > 0, spread, 1.0),
        har=har,
    )


def make_windows(
    indicators: Indicators, scaler: Scaler, origins: np.ndarray, context_length: int
) -> Windows:
    """Cut the windows that end on each of `origins` (>= `first_origin`)."""
    horizon = len(scaler.spread)
    scaled = (indicators.channels - scaler.mean) / scaler.deviation
    scaled = np.clip(scaled, -_CLIP, _CLIP).astype("float32")
    steps = origins[:, None] + np.arange(1 - context_length, 1)  # (n, L)
    anchor = _anchor(indicators, scaler.har, horizon)[origins]
    scale = indicators.volatility[origins, None] * scaler.spread
    future = future_values(indicators.log_target, horizon)[origins]
    return Windows(
        inputs=scaled[steps],
        targets=((future - anchor) / scale).astype("float32"),
        anchor=anchor,
        scale=scale,
        origins=origins,
    )


def first_origin(context_length: int) -> int:
    """Return the first row whose window and slow means are full."""
    return max(context_length, WARM_UP) - 1


def split_origins(
    first: int, last_row: int, horizon: int, validation_share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Split the origins whose targets are known at `last_row` by time.

    The H-1 origins between the two parts are left out: their targets would
    lie in the validation days.

    Returns:
        Training and validation origins, int64.
    """
    known = np.arange(first, last_row - horizon + 1)
    num_validation = int(round(validation_share * len(known)))
    cut = len(known) - num_validation
    return known[: max(cut - (horizon - 1), 0)], known[cut:]


def future_values(log_target: np.ndarray, horizon: int) -> np.ndarray:
    """Return log_target[t+1 .. t+H] per row, shape (N, H), NaN past the end."""
    padded = np.concatenate([log_target, np.full(horizon, np.nan)])
    return np.column_stack(
        [padded[h : h + len(log_target)] for h in range(1, horizon + 1)]
    )


def _anchor(indicators: Indicators, har: np.ndarray, horizon: int) -> np.ndarray:
    if len(har):
        return har[:, 0] + indicators.har @ har[:, 1:].T
    return np.repeat(indicators.log_last[:, None], horizon, axis=1)


def _fit_har(means: np.ndarray, future: np.ndarray) -> np.ndarray:
    """Least squares of each horizon on the three means; shape (H, 4)."""
    design = np.column_stack([np.ones(len(means)), means])
    weights = []
    for values in future.T:
        known = np.isfinite(values)
        known[:WARM_UP] = False
        weights.append(np.linalg.lstsq(design[known], values[known], rcond=None)[0])
    return np.array(weights)
