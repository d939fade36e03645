"""Indicators by hand; none of them knows the future."""

import numpy as np
import pandas as pd
import pytest

from projects.stock_lstm.indicators import make_indicators, required_columns
from tests.stock_lstm.series import make_frame

LOGS = pd.DataFrame(
    {
        "open": [0.0, 0.3, 0.2, 0.1],
        "high": [0.2, 0.4, 0.5, 0.3],
        "low": [-0.1, 0.1, 0.2, 0.0],
        "close": [0.1, 0.2, 0.4, 0.1],
        "volume": [1.0, 3.0, 2.0, 6.0],
    },
    index=pd.date_range("2020-01-06", periods=4, name="date"),
)
ROWS = np.exp(LOGS)
# Squared gap + Garman and Klass: .5 (high - low)^2 - .3863 (close - open)^2.
GK = 2 * np.log(2) - 1
VARIANCES = [
    0.01 + 0.045 - GK * 0.01,  # the first day has no gap: its own Close, -.1
    0.04 + 0.045 - GK * 0.01,
    0.00 + 0.045 - GK * 0.04,
    0.09 + 0.045 - GK * 0.00,
]


def channel(indicators, name):
    return indicators.channels[:, indicators.names.index(name)]


def smooth(values):
    """Weigh each value by .9 to the power of its age."""
    means = []
    for t in range(len(values)):
        weights = [0.9 ** (t - s) for s in range(t + 1)]
        means.append(np.dot(weights, values[: t + 1]) / sum(weights))
    return np.array(means)


def test_bars_by_hand():
    indicators = make_indicators(ROWS, "open", "price")
    assert indicators.names == (
        *("own", "gap", "body", "upper", "lower"),
        *("volume", "volatility"),
    )
    np.testing.assert_allclose(indicators.log_target, LOGS["open"], atol=1e-12)
    np.testing.assert_allclose(indicators.log_last, LOGS["close"], atol=1e-12)
    volatility = np.sqrt(smooth(VARIANCES))
    np.testing.assert_allclose(indicators.volatility, volatility, rtol=1e-6)
    unit = volatility[[0, 0, 1, 2]]  # known the evening before
    for name, moves in {
        "own": [-0.1, 0.2, 0.0, -0.3],
        "gap": [-0.1, 0.2, 0.0, -0.3],
        "body": [0.1, -0.1, 0.2, 0.0],
        "upper": [0.1, 0.1, 0.1, 0.2],
        "lower": [0.1, 0.1, 0.0, 0.1],
    }.items():
        np.testing.assert_allclose(
            channel(indicators, name) * unit, moves, atol=1e-6, err_msg=name
        )
    np.testing.assert_allclose(channel(indicators, "volume"), [0, 1, 0, 3], atol=1e-12)
    np.testing.assert_allclose(
        channel(indicators, "volatility"), np.log(volatility), atol=1e-6
    )


def test_a_lone_price_column_by_hand():
    indicators = make_indicators(ROWS[["open"]], "open", "price")
    assert indicators.names == ("own", "move", "volatility")
    volatility = np.sqrt(smooth([0.0, 0.09, 0.01, 0.01]) + 1e-8)
    np.testing.assert_allclose(indicators.volatility, volatility)
    np.testing.assert_allclose(indicators.log_last, LOGS["open"], atol=1e-12)
    moves = channel(indicators, "move") * volatility[[0, 0, 1, 2]]
    np.testing.assert_allclose(moves, [0, 0.3, -0.1, -0.1], atol=1e-12)


def test_range_and_volume_by_hand():
    ranges = make_indicators(ROWS, "close", "range")
    np.testing.assert_allclose(
        ranges.log_target, np.log([0.3, 0.3, 0.3, 0.3]), atol=1e-12
    )
    volumes = make_indicators(ROWS, "close", "volume")
    np.testing.assert_allclose(volumes.log_target, [1, 3, 2, 6], atol=1e-12)
    for indicators in (ranges, volumes):
        np.testing.assert_array_equal(indicators.log_last, indicators.log_target)
        np.testing.assert_array_equal(indicators.volatility, np.ones(4))
        np.testing.assert_array_equal(channel(indicators, "own"), indicators.log_target)
        moves = [0, 0.1, 0.2, -0.3]
        np.testing.assert_allclose(channel(indicators, "move"), moves, atol=1e-12)
    assert "volume" in ranges.names and "range" not in ranges.names
    assert "range" in volumes.names and "volume" not in volumes.names


def test_har_means_are_those_of_a_day_a_week_a_month():
    frame = make_frame(40)
    indicators = make_indicators(frame, "open", "range")
    values = indicators.log_target
    for t in (0, 3, 21, 30, 39):
        expected = [values[max(t + 1 - span, 0) : t + 1].mean() for span in (1, 5, 22)]
        np.testing.assert_allclose(indicators.har[t], expected)


@pytest.mark.parametrize(
    ("target", "columns"),
    [
        ("price", "open high low close volume"),
        ("price", "open high low close"),
        ("price", "open close volume"),
        ("price", "close"),
        ("range", "open high low close volume"),
        ("range", "open high low"),
        ("volume", "open high low close volume"),
        ("volume", "close volume"),
    ],
)
def test_no_row_knows_the_future(target, columns):
    frame = make_frame(60)[columns.split()]
    column = frame.columns[0]
    whole = make_indicators(frame, column, target)
    changed = frame.copy()
    changed.iloc[40:] *= np.random.default_rng(1).uniform(
        0.5, 2, (20, len(frame.columns))
    )
    for other in (changed, frame.iloc[:40]):
        cut = make_indicators(other, column, target)
        for name in ("channels", "log_target", "log_last", "volatility", "har"):
            np.testing.assert_array_equal(
                getattr(whole, name)[:40], getattr(cut, name)[:40], err_msg=name
            )
    later = make_indicators(changed, column, target)
    assert not np.array_equal(whole.channels[40], later.channels[40])


@pytest.mark.parametrize("column", ["open", "close"])
def test_own_is_what_the_net_has_to_forecast(column):
    """Channel 0 of a row is the residual of the day before, in its volatility."""
    indicators = make_indicators(make_frame(50), column, "price")
    residual = indicators.log_target[1:] - indicators.log_last[:-1]
    own = channel(indicators, "own")[1:] * indicators.volatility[:-1]
    assert indicators.names[0] == "own"
    np.testing.assert_allclose(own, residual, atol=1e-12)


def test_a_bar_that_contradicts_itself_counts_as_touching():
    rows = ROWS.copy()
    rows.loc[rows.index[1], ["high", "low"]] = np.exp([0.25, 0.28])  # inside .2-.3
    indicators = make_indicators(rows, "open", "price")
    assert channel(indicators, "upper")[1] == 0
    assert channel(indicators, "lower")[1] == 0
    assert np.isfinite(indicators.channels).all()


@pytest.mark.parametrize("target", ["price", "range", "volume"])
def test_days_without_trade_stay_finite(target):
    frame = make_frame(40)
    frame.loc[:, ["open", "high", "low", "close"]] = 7.0
    frame.loc[:, "volume"] = 0.0
    indicators = make_indicators(frame, "close", target)
    for name in ("channels", "log_target", "log_last", "volatility", "har"):
        assert np.isfinite(getattr(indicators, name)).all(), name
    assert (indicators.volatility > 0).all()
    nothing = {"price": np.log(7.0), "range": np.log(1e-4), "volume": 0.0}[target]
    np.testing.assert_allclose(indicators.log_target, nothing)


def test_required_columns():
    assert required_columns("adj_close", "price") == ("adj_close",)
    assert required_columns("close", "range") == ("high", "low")
    assert required_columns("close", "volume") == ("volume",)
