"""Known answers on straight lines; fitted rivals never see the test."""

import dataclasses

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from projects.stock_lstm import baselines
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.windows import Windows
from tests.stock_lstm.series import make_frame, make_series

LINE = make_series(0.5 + np.arange(50) / 10)
ORIGINS = np.array([20, 33])
HORIZON = 7


def make_windows(n, rule, seed, num_targets=2):
    """Windows of random inputs, 8 rows of 3 channels, whose residual is `rule`."""
    random = np.random.default_rng(seed)
    inputs = random.normal(size=(n, 8, 3)).astype("float32")
    target = rule(inputs) + 0.01 * random.normal(size=n)
    targets = np.column_stack([target, -2 * target][:num_targets]).astype("float32")
    anchor = random.normal(size=(n, num_targets))
    scale = random.uniform(0.5, 2, size=(n, num_targets))
    return Windows(inputs, targets, anchor, scale, np.arange(n))


def linear(inputs):
    return 0.7 * inputs[:, 1, 2] - 0.4 * inputs[:, 7, 0]


def bent(inputs):
    return np.where(inputs[:, 6, 1] > 0, 1.0, -1.0) * np.sign(inputs[:, 5, 0])


def garbage(windows):
    targets = np.full_like(windows.targets, np.nan)
    targets[::2] = 1e9
    return dataclasses.replace(windows, targets=targets)


def test_naive_forecasts_of_a_straight_line():
    forecasts = baselines.naive_forecasts(LINE, ORIGINS, HORIZON)
    assert set(forecasts) == {
        *("last value", "moving average 5", "drift", "seasonal naive 5")
    }
    row = ORIGINS[:, None]
    for name, rows in {
        "last value": row + np.zeros(7),
        "moving average 5": row - 2 + np.zeros(7),  # the middle of the five
        "drift": row + np.arange(1, 8),  # exact
        "seasonal naive 5": row + [-4, -3, -2, -1, 0, -4, -3],
    }.items():
        np.testing.assert_allclose(forecasts[name], 0.5 + rows / 10, err_msg=name)


def test_the_last_close_is_a_rival_where_it_differs():
    series = dataclasses.replace(LINE, log_last=LINE.log_target + 0.07)
    forecasts = baselines.naive_forecasts(series, ORIGINS, 2)
    np.testing.assert_allclose(
        forecasts["last Close"], [[2.57, 2.57], [3.87, 3.87]], rtol=1e-12
    )


def test_naive_forecasts_of_the_range():
    values = np.random.default_rng(0).normal(size=50)
    series = make_series(values, har=np.zeros((50, 3)))
    forecasts = baselines.naive_forecasts(series, np.array([30]), 2)
    weights = 0.94 ** np.arange(30, -1, -1)
    for name, expected in {
        "last value": values[30],
        "mean of 5 days": values[26:31].mean(),
        "mean of 22 days": values[9:31].mean(),
        "moving average .94": np.average(values[:31], weights=weights),
    }.items():
        np.testing.assert_allclose(forecasts[name], [[expected] * 2], err_msg=name)
    assert "drift" not in forecasts


def test_a_week_repeats_itself():
    series = make_series(np.tile([1.0, 5.0, 2.0, 8.0, 3.0], 9))
    forecast = baselines.seasonal(series.log_target, np.arange(10, 30), 12)
    rows = np.arange(10, 30)[:, None] + np.arange(1, 13)
    np.testing.assert_array_equal(forecast, series.log_target[rows])


@pytest.mark.parametrize("target", ["price", "range"])
def test_naive_forecasts_do_not_know_the_future(target):
    frame = make_frame(60)
    changed = frame.copy()
    changed.iloc[41:] *= np.random.default_rng(1).uniform(0.5, 2, (19, 5))
    one, other = (
        baselines.naive_forecasts(
            make_indicators(part, "open", target), np.arange(25, 41), 3
        )
        for part in (frame, changed)
    )
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_har_is_fitted_on_known_rows_only():
    series = make_indicators(make_frame(120), "open", "volume")
    origins = np.arange(100, 110)
    forecast = baselines.har(series, 2, 90, origins)
    for h in (1, 2):
        rows = np.arange(22, 90 - h + 1)
        fitted = LinearRegression().fit(series.har[rows], series.log_target[rows + h])
        np.testing.assert_allclose(
            forecast[:, h - 1], fitted.predict(series.har[origins])
        )


def test_ridge_recovers_a_linear_rule():
    parts = [make_windows(n, linear, seed) for seed, n in enumerate((300, 80, 50))]
    train, validation, test = parts
    forecast = baselines.ridge(train, validation, garbage(test))
    truth = linear(test.inputs)
    residual = (forecast - test.anchor) / test.scale
    np.testing.assert_allclose(residual[:, 0], truth, atol=0.02)
    np.testing.assert_allclose(residual[:, 1], -2 * truth, atol=0.04)


def test_ridge_forecasts_one_step_too():
    parts = [make_windows(n, linear, n, num_targets=1) for n in (300, 80, 50)]
    forecast = baselines.ridge(*parts)
    residual = (forecast - parts[2].anchor) / parts[2].scale
    np.testing.assert_allclose(residual[:, 0], linear(parts[2].inputs), atol=0.02)


def test_ridge_falls_silent_where_there_is_nothing():
    """Validation days choose the penalty: noise is answered by the mean."""

    def noise(inputs):
        return np.random.default_rng(len(inputs)).normal(size=len(inputs))

    train, validation, test = (make_windows(n, noise, n) for n in (120, 80, 50))
    residual = (baselines.ridge(train, validation, test) - test.anchor) / test.scale
    assert residual[:, 0].std() < 0.1


def test_boosting_finds_what_no_line_can():
    train, validation, test = (make_windows(n, bent, n) for n in (600, 150, 100))
    truth = bent(test.inputs)
    for fit, low, high in ((baselines.boosting, 0, 0.3), (baselines.ridge, 0.8, 1.5)):
        forecast = fit(train, validation, garbage(test))
        residual = (forecast - test.anchor) / test.scale
        error = np.mean((residual[:, 0] - truth) ** 2)
        assert low < error < high, fit.__name__


def test_boosting_sees_neither_test_targets_nor_older_rows():
    train, validation, test = (make_windows(n, bent, n) for n in (200, 60, 40))
    older = test.inputs.copy()
    older[:, :3] = 77.0  # of eight rows the last five count
    blind = dataclasses.replace(garbage(test), inputs=older)
    forecast = baselines.boosting(train, validation, test)
    np.testing.assert_array_equal(
        forecast, baselines.boosting(train, validation, blind)
    )
    assert forecast.std() > 0


def test_a_band_of_constant_width_by_hand():
    # One step: 1, 2, 3, 4, 5; two steps: 3, 5, 7, 9. Row 6 on is the test.
    values = np.array([0.0, 1, 3, 6, 10, 15, 99, -50, 7])
    series = make_series(values)
    levels = (0.25, 0.5, 1.0)
    bands = baselines.constant_quantiles(series, np.array([5, 8]), 5, levels, 2)
    assert bands.shape == (2, 2, 3)
    np.testing.assert_allclose(bands[0], [[17, 18, 20], [19.5, 21, 24]])
    np.testing.assert_allclose(bands[1] - 7, bands[0] - 15)


def test_a_band_of_constant_width_stands_on_the_last_close():
    close = np.array([10.0, 11, 12, 13])
    series = make_series(close + [0, 1, 1, 1], log_last=close)  # moves of 2
    bands = baselines.constant_quantiles(series, np.array([3]), 3, (0.1, 0.9), 1)
    np.testing.assert_allclose(bands, [[[15, 15]]])
