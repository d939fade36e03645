"""Probabilities that mean what they say."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

_BOUNDS = np.log(0.05), np.log(20.0)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the number by which logits are divided to be neither shy nor bold.

    Guo, Pleiss, Sun, Weinberger 2017, "On Calibration of Modern Neural Networks": the
    temperature of least log loss. The logits must be of clips that the model did not
    learn from.

    Args:
        logits: Float, (clips, classes).
        labels: Int, (clips,).
    """

    def loss(log_temperature: float) -> float:
        scores = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(scores[np.arange(len(labels)), labels].mean())

    found = minimize_scalar(loss, bounds=_BOUNDS, method="bounded")
    return float(np.exp(found.x))
