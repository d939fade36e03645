"""Rows that come after a run: found, checked, forecast one by one."""

import numpy as np
import pandas as pd
import pytest

from common.errors import UserError
from projects.stock_lstm import later_rows
from projects.stock_lstm.baselines import drift
from projects.stock_lstm.forecaster import Forecaster
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.windows import fit_scaler
from tests.stock_lstm.series import make_frame
from tests.stock_lstm.tiny import make_ensemble

ALL = make_frame(200)
SEEN, LATER = ALL.iloc[:180], ALL.iloc[180:]


@pytest.mark.parametrize("first", [0, 100, 180])
def test_only_later_rows_are_appended(first):
    frame, notes = later_rows.extend(SEEN, ALL.iloc[first:])
    pd.testing.assert_frame_equal(frame, ALL, check_freq=False)
    assert "20 rows are later than 2020-09-08" in notes[0]


def test_other_columns_and_their_order_do_not_matter():
    news = LATER[LATER.columns[::-1]].assign(turnover=1.0)
    frame, _ = later_rows.extend(SEEN, news)
    assert list(frame) == list(SEEN)


def test_a_missing_column_is_named():
    with pytest.raises(UserError, match="without volume"):
        later_rows.extend(SEEN, LATER.drop(columns="volume"))


def test_a_split_is_noticed():
    halved = ALL.copy()
    halved[["open", "high", "low", "close"]] /= 2
    with pytest.raises(UserError, match="100% of the cells.*split"):
        later_rows.extend(SEEN, halved)


def test_a_gap_is_told():
    _, notes = later_rows.extend(SEEN.iloc[:150], LATER)
    assert any(note.startswith("no rows between 2020-07-28 and") for note in notes)


def test_few_later_rows_decide_nothing():
    assert later_rows.count_later(ALL, 195, "x.csv") == 5
    with pytest.raises(UserError, match="at least 5 rows later than .* 4 in x.csv"):
        later_rows.count_later(ALL, 196, "x.csv")


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (("2020-01-01", "D"), ["2020-03-02", "2020-03-03", "2020-03-04"]),
        (("2019-10-01 09:00", "h"), ["2019-10-03 22:00", "2019-10-03 23:00"]),
    ],
)
def test_the_next_dates_are_weekdays_or_steps(last, expected):
    start, step = last
    index = pd.date_range(start, periods=61, freq=step)
    dates = later_rows.presumed_dates(index, len(expected))
    # 61 days from Wednesday 2020-01-01 end on Sunday 2020-03-01.
    assert dates.tolist() == [pd.Timestamp(date) for date in expected]


@pytest.mark.parametrize("target", ["price", "range"])
def test_an_untrained_forecaster_forecasts_its_anchor(target):
    """Its head is zero: the point is "no change" or HAR; the rivals know as much."""
    indicators = make_indicators(ALL, "open", target)
    ensemble = make_ensemble(indicators, nets=1, horizon=2)
    model = ensemble.merged([ensemble.model.get_weights()])
    scaler = fit_scaler(indicators, 2, 179)
    empty = np.empty((0, 2, len(LEVELS)))
    fitted = Forecaster(model, scaler, np.ones(2), empty, "open", target)
    forecasts = later_rows.forecast_later(fitted, indicators, 180)
    assert forecasts.origins.tolist() == list(range(179, 200))
    rival = "last Close" if target == "price" else "HAR"
    np.testing.assert_allclose(forecasts.point, forecasts.rivals[rival])
    assert np.isnan(forecasts.actual[-1]).all()
    np.testing.assert_allclose(forecasts.actual[:-1, 0], indicators.log_target[180:])
    known = forecasts.without_last()
    assert len(known.origins) == 20 and np.isfinite(known.actual[:, 0]).all()
    if target == "price":
        expected = drift(indicators.log_target, forecasts.origins, 2)
        np.testing.assert_allclose(forecasts.rivals["drift"], expected)
