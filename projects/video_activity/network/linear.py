"""Logistic regression on one summary of the features."""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression


@dataclass(frozen=True)
class Linear:
    """Scaled features to logits.

    Attributes:
        mean: Of the features, (dim,).
        scale: Their standard deviation, (dim,); 1 for a feature that never changes.
        weights: (dim, classes).
        bias: (classes,).
    """

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Return logits (clips, classes), centered, of features (clips, dim)."""
        return (features - self.mean) / self.scale @ self.weights + self.bias


def fit_linear(
    features: np.ndarray, labels: np.ndarray, classes: int, strength: float
) -> Linear:
    """Fit a logistic regression; every class weighs the same.

    Args:
        features: Float, (clips, dim).
        labels: Int, (clips,); every class occurs.
        classes: Number of classes.
        strength: Of the fit: the inverse of the L2 penalty, `C` of scikit-learn.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-6, scale, 1.0)
    scaled = (features - mean) / scale
    # Fewer clips than features: the penalty does not see a rotation, so the fit in
    # the space that the clips span is the same, and 50 times faster.
    turn = PCA().fit(scaled) if scaled.shape[1] > len(scaled) else None
    seen = scaled if turn is None else turn.transform(scaled)
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)
    model.fit(seen, labels)
    weights = model.coef_ if turn is None else model.coef_ @ turn.components_
    bias = model.intercept_
    if classes == 2:  # scikit-learn tells one logit of two
        weights = np.concatenate([-weights, weights]) / 2
        bias = np.concatenate([-bias, bias]) / 2
    return Linear(mean, scale, weights.T, bias)
