"""Logistic regressions, beside scikit-learn without any rotation."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from projects.video_activity.network.linear import fit_linear

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("dim", [5, 80])  # fewer and more features than clips
def test_equals_scikit_learn(classes, dim):
    labels = np.arange(40) % classes
    features = RNG.normal(size=(40, dim)) + labels[:, None] * 0.3
    fitted = fit_linear(features, labels, classes, 0.1)
    scaled = (features - features.mean(0)) / features.std(0)
    peer = LogisticRegression(C=0.1, class_weight="balanced", max_iter=1000, tol=1e-8)
    expected = peer.fit(scaled, labels).predict_proba(scaled)
    logits = fitted.logits(features)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, expected, atol=2e-3)


def test_a_feature_that_never_changes_says_nothing():
    features = RNG.normal(size=(30, 3))
    features[:, 1] = 7.0
    labels = (features[:, 0] > 0).astype(int)
    fitted = fit_linear(features, labels, 2, 1.0)
    np.testing.assert_allclose(fitted.weights[1], 0, atol=1e-6)
    assert fitted.scale[1] == 1.0
