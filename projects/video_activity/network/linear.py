"""Logistic regression on one summary of the features."""

from dataclasses import dataclass

import numpy as np
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
    features = np.asarray(features, np.float64)
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-6, scale, 1.0)
    scaled = (features - mean) / scale
    seen, back = _turn(scaled)
    model = LogisticRegression(
        C=strength, class_weight="balanced", solver="newton-cholesky", tol=1e-6
    )
    model.fit(seen, labels)
    weights = model.coef_ @ back
    bias = model.intercept_
    if classes == 2:  # scikit-learn tells one logit of two
        weights = np.concatenate([-weights, weights]) / 2
        bias = np.concatenate([-bias, bias]) / 2
    return Linear(mean, scale, weights.T, bias)


def _turn(scaled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn clips into the space that they span.

    The penalty does not see a rotation, so the fit there is the same, and with fewer
    clips than features many times faster.

    Returns:
        The clips there, (clips, rank), and what brings weights back, (rank, dim).
    """
    if scaled.shape[1] <= len(scaled):
        return scaled, np.eye(scaled.shape[1])
    values, vectors = np.linalg.eigh(scaled @ scaled.T)
    kept = values > values[-1] * 1e-10
    lengths, vectors = np.sqrt(values[kept]), vectors[:, kept]
    return vectors * lengths, (vectors / lengths).T @ scaled
