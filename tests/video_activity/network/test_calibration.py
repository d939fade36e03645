"""Temperatures."""

import numpy as np
import pytest
from scipy.special import softmax

from projects.video_activity.network.calibration import fit_temperature


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(true):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 3)) * 2
    shares = softmax(logits / true, axis=1)
    labels = (rng.random((20_000, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(true, rel=0.05)


def test_a_perfect_score_stays_within_bounds():
    logits = np.array([[5.0, 0.0], [0.0, 5.0]])
    assert 0.04 < fit_temperature(logits, np.array([0, 1])) < 21
