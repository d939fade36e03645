"""The days after the last row, in the units of the user."""

import numpy as np
import pandas as pd
import pytest

from projects.stock_lstm.figures import plot_outlook
from projects.stock_lstm.forecasts import Forecasts
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.outlook import make_outlook
from tests.stock_lstm.series import make_series

DATES = pd.DatetimeIndex(["2020-01-06", "2020-01-07"])


def foresee(log_target, log_point, **series):
    """Return the outlook after three rows; its band is the point × exp(-.04 .. .04)."""
    indicators = make_series(log_target, **series)
    origins = np.array([1, 2])
    point = np.array([[9.0, 9.0], log_point])
    quantiles = point[..., None] + np.linspace(-0.04, 0.04, len(LEVELS))
    actual = np.full((2, 2), np.nan)
    forecasts = Forecasts(origins, actual, point, {}, quantiles, quantiles)
    return make_outlook(indicators, forecasts, DATES)


def test_a_price_is_told_in_its_currency():
    ahead = foresee(
        np.log([100, 110, 120]), np.log([121, 122]), log_last=np.log([101, 111, 119])
    )
    told = ahead.to_dict()
    assert told["last_known"] == {"date": "2020-01-03 00:00:00", "value": 120.0}
    assert [day["forecast"] for day in told["days"]] == [121.0, 122.0]
    assert told["days"][0]["quantiles"]["0.5"] == 121.0
    assert told["days"][1]["quantiles"]["0.975"] == pytest.approx(122 * np.exp(0.04))
    table = ahead.to_table().to_text()
    assert "Open: 120 on 2020-01-03, last known price 119" in table
    assert "2020-01-06" in table and "116.256 .. 125.938" in table


def test_a_range_is_told_as_a_share():
    """log(high/low) = 0.02 is a high 2.02 % over the low."""
    ahead = foresee(
        np.log([0.01, 0.03, 0.02]), np.log([0.02, 0.05]), har=np.ones((3, 3))
    )
    assert ahead.name == "High / Low - 1" and ahead.last_price is None
    np.testing.assert_allclose(ahead.point, [np.expm1(0.02), np.expm1(0.05)])
    assert ahead.known[-1] == pytest.approx(0.0202013, abs=1e-7)


def test_the_figure_shows_known_days_and_the_band():
    ahead = foresee(np.log([100, 110, 120]), np.log([121, 122]))
    figure = plot_outlook(
        np.arange("2020-01-01", "2020-01-04", dtype="M8[D]"), ahead.known, ahead
    )
    (axis,) = figure.axes
    assert axis.get_title(loc="left").startswith("Open: 122, 90 % band 118")
    labels = [text.get_text() for text in axis.get_legend().get_texts()]
    assert labels == ["known", "95% band", "90% band", "80% band", "forecast"]
