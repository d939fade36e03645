"""Rolling conformal bands: shift each quantile by what lately happened.

A quantile forecast at level q should lie above the outcome in a share q of the
days. The shift that would have made it so over the last `window` known outcomes
is added to the next forecast (rolling form of split conformal prediction,
Romano, Patterson & Candes 2019). Outcomes enter only once they are known.
"""

import numpy as np

WINDOW = 250  # rows: one trading year
_FEWEST = 50  # below this the tail quantiles would be noise


def scores(
    log_actual: np.ndarray, log_quantiles: np.ndarray, volatility: np.ndarray
) -> np.ndarray:
    """Return how far above each quantile the outcome lay, in volatilities.

    Args:
        log_actual: shape (n, H); NaN where not yet known.
        log_quantiles: shape (n, H, Q).
        volatility: shape (n,), known at the origin.

    Returns:
        float64, shape (n, H, Q).
    """
    return (log_actual[..., None] - log_quantiles) / volatility[:, None, None]


def shifts(past_scores: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the shift of each level, shape (Q,), from scores of shape (m, Q)."""
    recent = past_scores[-WINDOW:]
    recent = recent[np.isfinite(recent).all(axis=1)]
    if len(recent) < _FEWEST:
        return np.zeros(len(levels))
    return np.array(
        [np.quantile(recent[:, i], level) for i, level in enumerate(levels)]
    )


def rolling_shifts(
    all_scores: np.ndarray, levels: np.ndarray, first: int
) -> np.ndarray:
    """Return the shifts of each origin from `first` on, known at that origin.

    Args:
        all_scores: shape (m, H, Q), of m consecutive origins.
        levels: shape (Q,).
        first: index of the first origin to calibrate.

    Returns:
        float64, shape (m - first, H, Q), in volatilities.
    """
    num_origins, horizon, _ = all_scores.shape
    table = [
        # An outcome h + 1 rows ahead of origin s is known at origin s + h + 1.
        [shifts(all_scores[: max(i - h, 0), h], levels) for h in range(horizon)]
        for i in range(first, num_origins)
    ]
    return np.array(table)


def calibrate(
    log_quantiles: np.ndarray, shift: np.ndarray, volatility: np.ndarray
) -> np.ndarray:
    """Shift the quantiles and put them in order; shape (n, H, Q)."""
    return np.sort(log_quantiles + shift * volatility[:, None, None], axis=-1)
