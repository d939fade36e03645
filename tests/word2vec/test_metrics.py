"""Scores by hand, and beside SciPy's."""

import math

import numpy as np
import pytest
from scipy import stats

from projects.word2vec.metrics import (
    accuracy,
    accuracy_error,
    spearman,
    spearman_error,
)


def test_accuracy_is_a_share_or_unknown():
    assert accuracy(3, 12) == 0.25
    assert accuracy(0, 5) == 0
    assert math.isnan(accuracy(0, 0))


def test_spearman_by_hand():
    assert spearman(np.array([1, 2, 3]), np.array([10, 100, 1000])) == 1
    assert spearman(np.array([1, 2, 3]), np.array([3, 2, -9])) == -1
    # Ranks 1 2 3 4 and 2 1 4 3: 1 - 6 * 4 / (4 * 15) = .6.
    swapped = spearman(np.array([1, 2, 3, 4]), np.array([2, 1, 4, 3]))
    assert swapped == pytest.approx(0.6)
    # Ranks 1.5 1.5 3 and 1 2 3: covariance 1.5, spreads 1.5 and 2.
    tied = spearman(np.array([5, 5, 7]), np.array([1, 2, 3]))
    assert tied == pytest.approx(1.5 / math.sqrt(3))


def test_spearman_with_ties_is_that_of_scipy():
    generator = np.random.default_rng(0)
    one = generator.integers(0, 9, 200)
    other = one + generator.integers(0, 9, 200)
    expected = stats.spearmanr(one, other).statistic
    assert spearman(one, other) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0]])
def test_spearman_of_what_does_not_differ_is_undefined(values):
    values = np.array(values)
    assert math.isnan(spearman(values, np.arange(len(values))))


def test_standard_errors_are_the_spread_of_repeated_tests():
    generator = np.random.default_rng(0)
    answers = generator.binomial(400, 0.3, size=20_000)
    assert accuracy_error(120, 400) == pytest.approx(np.std(answers / 400), rel=0.02)
    assert 0 < accuracy_error(0, 400) < 0.01
    draws = generator.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], (3000, 100))
    correlations = [spearman(one, other) for one, other in draws.transpose(0, 2, 1)]
    error = spearman_error(np.mean(correlations), 100)
    assert error == pytest.approx(np.std(correlations), rel=0.05)
