"""Scores of forecasts, in plain numpy.

All take `actual` of shape (n,); values that are NaN in `actual` (not yet known)
are left out.
"""

import numpy as np
from scipy import stats


def rmse(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Return the root of the mean squared error, in the unit of the series."""
    return float(np.sqrt(np.nanmean((actual - forecast) ** 2)))


def mae(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Return the mean absolute error, in the unit of the series."""
    return float(np.nanmean(np.abs(actual - forecast)))


def mape(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Return the mean absolute percentage error, in percent."""
    return float(100 * np.nanmean(np.abs((actual - forecast) / actual)))


def mase(actual: np.ndarray, forecast: np.ndarray, train: np.ndarray) -> float:
    """Return the MAE over the training MAE of "no change" (Hyndman & Koehler 2006).

    Args:
        actual: shape (n,).
        forecast: shape (n,).
        train: shape (m,), the series before the test. A volatile test year
            makes even persistence exceed 1: read it beside persistence's own.
    """
    return mae(actual, forecast) / float(np.mean(np.abs(np.diff(train))))


def pinball(actual: np.ndarray, quantiles: np.ndarray, levels: np.ndarray) -> float:
    """Return the mean pinball loss over all levels, in the unit of the series.

    Args:
        actual: shape (n,).
        quantiles: shape (n, Q), the forecast of each level.
        levels: shape (Q,), in (0, 1).
    """
    return float(np.nanmean(pinball_losses(actual, quantiles, levels)))


def pinball_losses(
    actual: np.ndarray, quantiles: np.ndarray, levels: np.ndarray
) -> np.ndarray:
    """Return the pinball loss of each day, mean over the levels, shape (n,)."""
    error = actual[:, None] - quantiles
    return np.maximum(levels * error, (levels - 1) * error).mean(axis=1)


def crps(actual: np.ndarray, quantiles: np.ndarray, levels: np.ndarray) -> float:
    """Return the continuous ranked probability score, from the quantiles.

    CRPS is twice the pinball loss integrated over all levels (Laio & Tamea
    2007); here by the trapezoid rule over the levels given, with the outermost
    held to 0 and 1.
    """
    error = actual[:, None] - quantiles
    loss = np.nanmean(np.maximum(levels * error, (levels - 1) * error), axis=0)
    edges = np.concatenate([[0.0], levels, [1.0]])
    # The pinball loss of the levels 0 and 1 vanishes for a bounded forecast.
    return float(2 * np.trapezoid(np.concatenate([[0.0], loss, [0.0]]), edges))


def coverage(actual: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> float:
    """Return the share of known values inside [lower, upper]."""
    known = np.isfinite(actual)
    inside = (actual >= lower) & (actual <= upper)
    return float(inside[known].mean())


def diebold_mariano(
    loss: np.ndarray, other_loss: np.ndarray, horizon: int = 1
) -> tuple[float, float]:
    """Test whether two forecasts' losses differ by more than chance.

    Diebold & Mariano (1995) with the small-sample correction of Harvey,
    Leybourne & Newbold (1997): the variance of the mean difference counts
    autocovariances up to lag `horizon - 1`; Student's t with n - 1 degrees.

    Args:
        loss: shape (n,), of the forecast in question (squared errors, say).
        other_loss: shape (n,), of its rival on the same days.
        horizon: steps ahead of the forecast.

    Returns:
        The statistic (negative: the first is better) and the two-sided p-value;
        (0.0, 1.0) when the two never differ, or the days are too few to tell.
    """
    difference = (loss - other_loss)[np.isfinite(loss) & np.isfinite(other_loss)]
    n = len(difference)
    if n < 3 or n <= horizon:  # all autocovariances together sum to zero
        return 0.0, 1.0
    centered = difference - difference.mean()
    variance = centered @ centered / n
    for lag in range(1, min(horizon, n)):
        variance += 2 * (centered[lag:] @ centered[:-lag]) / n
    if variance <= 0:
        return 0.0, 1.0
    correction = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = difference.mean() / np.sqrt(variance / n) * np.sqrt(max(correction, 0))
    return float(statistic), float(2 * stats.t.sf(abs(statistic), n - 1))
