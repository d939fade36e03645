"""How far forecasts are off."""

import numpy as np


def rmse(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Return the root of the mean squared error, in the unit of the values."""
    return float(np.sqrt(np.mean((actual - forecast) ** 2)))
