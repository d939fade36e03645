"""Positions on a straight line; what is fitted has seen training rows only."""

import dataclasses
import json

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.windows import (
    Scaler,
    first_origin,
    fit_scaler,
    make_windows,
    split_origins,
)
from tests.stock_lstm.series import make_frame, make_series

N, LENGTH, HORIZON = 90, 7, 3
LINE = make_series(np.arange(N) / 100)  # row t holds t / 100
UNIT = Scaler(np.zeros(1), np.ones(1), np.ones(HORIZON), np.empty((0, 4)))


def random_series(target, seed=0, num_rows=120):
    return make_indicators(make_frame(num_rows, seed), "open", target)


def test_rows_of_a_window_on_a_straight_line():
    windows = make_windows(LINE, UNIT, np.array([30, 50]), LENGTH)
    assert windows.inputs.shape == (2, LENGTH, 1)
    assert windows.inputs.dtype == windows.targets.dtype == np.float32
    rows = [[24, 25, 26, 27, 28, 29, 30], [44, 45, 46, 47, 48, 49, 50]]
    np.testing.assert_allclose(windows.inputs[..., 0] * 100, rows, rtol=1e-5)
    np.testing.assert_allclose(windows.anchor * 100, [[30] * 3, [50] * 3])
    # Step h is of row origin + h: 1, 2 and 3 hundredths above the last known.
    np.testing.assert_allclose(windows.targets * 100, [[1, 2, 3]] * 2, rtol=1e-4)
    assert len(windows) == 2 and windows.origins.tolist() == [30, 50]


def test_targets_past_the_end_are_unknown():
    windows = make_windows(LINE, UNIT, np.arange(N - 4, N), LENGTH)
    known = np.isfinite(windows.targets).astype(int)
    assert known.tolist() == [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert np.isfinite(windows.inputs).all() and np.isfinite(windows.anchor).all()


def test_inputs_are_scaled_and_clipped_targets_are_not():
    channels = np.zeros((N, 1))
    channels[10:13, 0] = [3.0, 5.0, -900.0]
    values = np.where(np.arange(N) > 12, 50.0, 0.0)
    series = make_series(values, channels=channels)
    scaler = Scaler(np.ones(1), np.full(1, 2.0), np.full(1, 0.5), np.empty((0, 4)))
    windows = make_windows(series, scaler, np.array([12]), 3)
    np.testing.assert_allclose(windows.inputs[0, :, 0], [1, 2, -6])
    assert windows.targets.tolist() == [[100.0]]


def test_what_the_scaler_holds_by_hand():
    channels = np.column_stack([np.arange(N) % 2, np.full(N, 4.0)])
    steps = np.where(np.arange(N) % 2, 0.5, -0.25)  # exact in binary
    series = make_series(np.cumsum(steps), channels=channels)
    scaler = fit_scaler(series, 2, 79)
    np.testing.assert_allclose(scaler.mean, [0.5, 4.0])
    np.testing.assert_allclose(scaler.deviation, [0.5, 1.0])  # 1 where constant
    # One step is .5 or -.25; two steps are always .25, whose spread counts as 1.
    np.testing.assert_allclose(scaler.spread, [0.375, 1.0], atol=1e-3)


@pytest.mark.parametrize("target", ["price", "range", "volume"])
def test_rows_after_the_last_do_not_touch_the_scaler(target):
    frame = make_frame(120)
    changed = frame.copy()
    changed.iloc[80:] *= np.random.default_rng(1).uniform(0.2, 5, (40, 5))
    before, after = (
        fit_scaler(make_indicators(part, "open", target), HORIZON, 79)
        for part in (frame, changed)
    )
    for name in ("mean", "deviation", "spread", "har"):
        np.testing.assert_array_equal(
            getattr(before, name), getattr(after, name), err_msg=name
        )
    moved = fit_scaler(make_indicators(changed, "open", target), HORIZON, 80)
    assert not np.array_equal(before.spread, moved.spread)


@pytest.mark.parametrize("target", ["range", "volume"])
def test_har_is_the_least_squares_of_scikit_learn(target):
    series, last_row = random_series(target), 99
    scaler = fit_scaler(series, HORIZON, last_row)
    windows = make_windows(series, scaler, np.array([60, 110]), LENGTH)
    for h in range(1, HORIZON + 1):
        rows = np.arange(22, last_row - h + 1)
        fitted = LinearRegression().fit(series.har[rows], series.log_target[rows + h])
        np.testing.assert_allclose(scaler.har[h - 1, 0], fitted.intercept_)
        np.testing.assert_allclose(scaler.har[h - 1, 1:], fitted.coef_)
        expected = fitted.predict(series.har[[60, 110]])
        np.testing.assert_allclose(windows.anchor[:, h - 1], expected)


@pytest.mark.parametrize("target", ["price", "range"])
def test_training_targets_have_spread_one(target):
    series = random_series(target, num_rows=200)
    scaler = fit_scaler(series, HORIZON, 199)
    targets = make_windows(series, scaler, np.arange(22, 200), LENGTH).targets
    np.testing.assert_allclose(np.nanstd(targets, axis=0), 1, rtol=1e-5)


@pytest.mark.parametrize("target", ["price", "range"])
def test_to_log_undoes_the_residual(target):
    series = random_series(target)
    scaler = fit_scaler(series, HORIZON, 79)
    windows = make_windows(series, scaler, np.arange(30, 110), LENGTH)
    logs = windows.to_log(windows.targets.astype(float))
    for h in range(HORIZON):
        np.testing.assert_allclose(
            logs[:, h], series.log_target[31 + h : 111 + h], atol=1e-6
        )
    np.testing.assert_array_equal(windows.to_log(np.zeros((80, 3))), windows.anchor)
    several = np.stack([np.zeros((80, 3)), windows.targets], axis=-1)
    deep = windows.to_log(several)
    np.testing.assert_array_equal(deep[..., 0], windows.anchor)
    np.testing.assert_allclose(deep[..., 1], logs)


def test_a_scale_that_follows_the_volatility():
    series = dataclasses.replace(LINE, volatility=np.arange(1.0, N + 1))
    scaler = Scaler(np.zeros(1), np.ones(1), np.array([0.5, 2.0]), np.empty((0, 4)))
    windows = make_windows(series, scaler, np.array([9]), 2)
    assert windows.scale.tolist() == [[5.0, 20.0]]
    np.testing.assert_allclose(windows.targets, [[0.01 / 5, 0.02 / 20]])


def test_the_scaler_survives_json():
    series = random_series("range")
    scaler = fit_scaler(series, HORIZON, 99)
    again = Scaler.from_dict(json.loads(json.dumps(scaler.to_dict())))
    for name, value in vars(scaler).items():
        np.testing.assert_array_equal(value, getattr(again, name))
    origins = np.array([50])
    price = random_series("price")
    scaler = fit_scaler(price, 1, 99)
    again = Scaler.from_dict(json.loads(json.dumps(scaler.to_dict())))
    before, after = (make_windows(price, s, origins, 5) for s in (scaler, again))
    np.testing.assert_array_equal(before.anchor, after.anchor)


@pytest.mark.parametrize(("length", "origin"), [(2, 21), (22, 21), (23, 22), (60, 59)])
def test_the_first_origin_has_a_full_window_and_full_means(length, origin):
    assert first_origin(length) == origin


def test_split_by_hand():
    train, validation = split_origins(10, 32, 3, 0.25)
    # 20 origins from 10 to 29 have their three days known; two are left out.
    assert train.tolist() == list(range(10, 23))
    assert validation.tolist() == [25, 26, 27, 28, 29]


def test_no_training_target_lies_in_the_validation_days():
    random = np.random.default_rng(0)
    for _ in range(300):
        first, horizon = random.integers(1, 70), random.integers(1, 61)
        last_row = first + 60 + 2 * horizon + random.integers(0, 300)
        share = random.uniform(0.05, 0.5)
        train, validation = split_origins(first, last_row, horizon, share)
        assert len(train) and len(validation) and train[0] == first
        assert np.all(np.diff(train) == 1) and np.all(np.diff(validation) == 1)
        assert validation[-1] + horizon == last_row
        # The last training target is known on the evening of the first validation.
        assert train[-1] + horizon == validation[0]
        all_origins = last_row - horizon - first + 1
        assert len(validation) == pytest.approx(share * all_origins, abs=0.501)
