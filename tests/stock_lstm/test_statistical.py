"""ARIMA and ETS, the optional rivals, on series whose next value is known."""

import numpy as np
import pytest

from projects.stock_lstm.statistical import classic_forecasts

pytest.importorskip("statsmodels")

START, ORIGINS = 250, np.arange(250, 256)


@pytest.fixture(scope="module")
def walk():
    return np.cumsum(np.random.default_rng(0).normal(size=300))


def test_a_random_walk_is_forecast_near_its_last_value(walk):
    forecasts = classic_forecasts(walk, ORIGINS, START, 2)
    assert set(forecasts) == {"ARIMA", "ETS"}
    for forecast in forecasts.values():
        assert forecast.shape == (6, 2)
        assert np.abs(forecast - walk[ORIGINS, None]).max() < 1.0


def test_the_hidden_walk_below_noise_is_found():
    """Of a slow walk under noise ARIMA(0,1,1) and ETS know more than the last value."""
    random = np.random.default_rng(1)
    hidden = np.cumsum(0.1 * random.normal(size=400))
    seen = hidden + random.normal(size=400)
    origins = np.arange(300, 399)
    last = np.mean((seen[origins] - seen[origins + 1]) ** 2)
    for forecast in classic_forecasts(seen, origins, 300, 1).values():
        assert np.mean((forecast[:, 0] - seen[origins + 1]) ** 2) < 0.75 * last


def test_no_later_row_is_seen(walk):
    changed = walk.copy()
    changed[ORIGINS[2] + 1 :] += 100.0
    before, after = (
        classic_forecasts(values, ORIGINS, START, 1) for values in (walk, changed)
    )
    for name, forecast in before.items():
        np.testing.assert_array_equal(forecast[:3], after[name][:3])
        assert np.all(np.abs(forecast[3:] - after[name][3:]) > 1)
