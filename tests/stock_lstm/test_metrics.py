"""Scores against hand arithmetic and independent implementations."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from projects.stock_lstm import metrics

ACTUAL = np.array([2.0, 4.0, np.nan, 8.0])
FORECAST = np.array([1.0, 4.0, 7.0, 10.0])  # errors 1, 0, -, -2
LEVELS = np.array([0.05, 0.3, 0.5, 0.9])


def test_errors_by_hand_leave_out_the_unknown():
    assert metrics.rmse(ACTUAL, FORECAST) == pytest.approx((5 / 3) ** 0.5)
    assert metrics.mae(ACTUAL, FORECAST) == pytest.approx(1.0)
    assert metrics.mape(ACTUAL, FORECAST) == pytest.approx(25.0)  # 50, 0, 25 %


def test_mase_divides_by_the_steps_of_the_training_series():
    train = np.array([1.0, 3.0, 2.0])  # steps 2 and 1
    assert metrics.mase(ACTUAL, FORECAST, train) == pytest.approx(1 / 1.5)


def test_mase_of_persistence_on_its_own_series_is_one():
    series = np.random.default_rng(0).normal(size=50).cumsum()
    assert metrics.mase(series[1:], series[:-1], series) == pytest.approx(1.0)


def test_pinball_equals_scikit_learn():
    random = np.random.default_rng(1)
    actual, quantiles = random.normal(size=40), random.normal(size=(40, 4))
    expected = [
        mean_pinball_loss(actual, quantiles[:, i], alpha=level)
        for i, level in enumerate(LEVELS)
    ]
    assert metrics.pinball(actual, quantiles, LEVELS) == pytest.approx(
        np.mean(expected)
    )


def test_pinball_of_a_day_by_hand():
    losses = metrics.pinball_losses(
        np.array([3.0, np.nan]), np.array([[1.0, 4.0], [0.0, 0.0]]), LEVELS[[1, 3]]
    )
    # 2 above the 30 % quantile costs .6; 1 below the 90 % quantile costs .1.
    np.testing.assert_allclose(losses, [0.35, np.nan])


@pytest.mark.parametrize("truth", [-1.7, 0.0, 0.4, 2.5])
def test_crps_of_many_levels_is_that_of_the_normal_distribution(truth):
    levels = np.arange(1, 2000) / 2000
    quantiles = stats.norm.ppf(levels)[None]
    density, below = stats.norm.pdf(truth), stats.norm.cdf(truth)
    closed_form = truth * (2 * below - 1) + 2 * density - np.pi**-0.5
    score = metrics.crps(np.array([truth]), quantiles, levels)
    assert score == pytest.approx(closed_form, abs=2e-3)


def test_crps_of_two_levels_by_hand():
    # Both losses are .25: triangles of 1/32 at the ends, 1/8 between; twice that.
    levels = np.array([0.25, 0.75])
    actual, quantiles = np.array([0.0, np.nan]), np.array([[-1.0, 1.0], [5.0, 6.0]])
    assert metrics.crps(actual, quantiles, levels) == pytest.approx(0.375)


def test_coverage_counts_the_edges_and_only_known_days():
    lower, upper = np.array([2.0, 5.0, 0.0, 0.0]), np.array([3.0, 9.0, 9.0, 8.0])
    assert metrics.coverage(ACTUAL, lower, upper) == pytest.approx(2 / 3)


def test_diebold_mariano_one_step_ahead_is_the_t_test():
    random = np.random.default_rng(2)
    loss, other = random.gamma(2, size=30), random.gamma(2.5, size=30)
    loss[4] = other[7] = np.nan
    known = np.isfinite(loss - other)
    expected = stats.ttest_1samp((loss - other)[known], 0.0)
    statistic, p_value = metrics.diebold_mariano(loss, other)
    assert (statistic, p_value) == pytest.approx((expected.statistic, expected.pvalue))


def test_diebold_mariano_three_steps_ahead_equals_a_slow_loop():
    random = np.random.default_rng(3)
    noise = random.normal(size=82)
    difference = 0.3 + noise[2:] + 0.7 * noise[1:-1] + 0.4 * noise[:-2]
    n, h = len(difference), 3
    mean = sum(difference) / n
    total = 0.0
    for s in range(n):
        for t in range(n):
            if abs(s - t) < h:
                total += (difference[s] - mean) * (difference[t] - mean) / n
    plain = mean / (total / n) ** 0.5
    corrected = plain * ((n + 1 - 2 * h + h * (h - 1) / n) / n) ** 0.5
    p_value = 2 * stats.t(n - 1).cdf(-abs(corrected))
    result = metrics.diebold_mariano(difference, np.zeros(n), h)
    assert result == pytest.approx((corrected, p_value))


@pytest.mark.parametrize("horizon", [1, 4])
def test_diebold_mariano_finds_nothing_where_nothing_is(horizon):
    """Under the null p is uniform, also for the overlapping errors of a path."""
    random = np.random.default_rng(4)
    p_values = []
    for _ in range(400):
        noise = random.normal(size=249 + horizon)
        losses = np.convolve(noise, np.ones(horizon), "valid")
        p_values.append(metrics.diebold_mariano(losses, 0 * losses, horizon)[1])
    assert stats.kstest(p_values, "uniform").pvalue > 0.01
    assert 0.02 < np.mean(np.array(p_values) < 0.05) < 0.09


def test_diebold_mariano_would_find_too_much_without_the_horizon():
    """The check above can fail: counted as one step, paths seem to differ."""
    random = np.random.default_rng(4)
    found = 0
    for _ in range(100):
        losses = np.convolve(random.normal(size=253), np.ones(4), "valid")
        found += metrics.diebold_mariano(losses, 0 * losses, 1)[1] < 0.05
    assert found > 20


def test_diebold_mariano_names_the_better_one_by_its_sign():
    worse = np.array([2.0, 3.0, 4.0, 3.0, 2.5])
    statistic, p_value = metrics.diebold_mariano(np.ones(5), worse)
    assert statistic < 0 and p_value < 0.05
    assert metrics.diebold_mariano(worse, np.ones(5))[0] == -statistic


@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_equal_forecasts_do_not_differ(n):
    losses = np.arange(n, dtype=float)
    assert metrics.diebold_mariano(losses, losses.copy(), 2) == (0.0, 1.0)


def test_paths_that_are_nowhere_known_do_not_differ():
    unknown = np.full(10, np.nan)
    assert metrics.diebold_mariano(unknown, unknown, 20) == (0.0, 1.0)


def test_days_fewer_than_steps_decide_nothing():
    """Then the variance is zero but for rounding, and any p would come out."""
    random = np.random.default_rng(5)
    for _ in range(20):
        assert metrics.diebold_mariano(random.normal(size=11), np.ones(11), 20)[1] == 1
