"""The rolling test: every day once, in order, and nothing from after it."""

import numpy as np
import pytest

from common.errors import UserError
from common.progress import Progress
from projects.stock_lstm import metrics
from projects.stock_lstm.backtest import Split, check_length, run_backtest
from projects.stock_lstm.forecasts import forecast_table
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import LEVELS
from tests.stock_lstm.series import make_frame
from tests.stock_lstm.tiny import make_ensemble, make_recipe

ROWS, TEST_DAYS = 260, 40
SPLIT = Split(TEST_DAYS, refit_every=20)
FIRST = ROWS - 1 - TEST_DAYS  # origin of the first forecast
Q = len(LEVELS)


@pytest.fixture(scope="module")
def series():
    return make_indicators(make_frame(ROWS), "open", "price")


@pytest.fixture(scope="module")
def ensemble(series):
    """Return the one compiled ensemble that the tests here fit."""
    return make_ensemble(series)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="module")
def result(series, ensemble, folder):
    return run_backtest(series, ensemble, SPLIT, folder)


@pytest.fixture(scope="module")
def path_series():
    return make_indicators(make_frame(ROWS, seed=2), "close", "range")


@pytest.fixture(scope="module")
def path_ensemble(path_series):
    return make_ensemble(path_series, horizon=3, epochs=1)


@pytest.fixture(scope="module")
def path_result(path_series, path_ensemble):
    """Return a backtest three days ahead, with a last fold of 12 days."""
    return run_backtest(path_series, path_ensemble, Split(32, 20))


def everything(forecasts):
    """Return all that was forecast, by name."""
    return {
        "point": forecasts.point,
        "quantiles": forecasts.quantiles,
        "constant": forecasts.constant,
        **forecasts.rivals,
    }


def assert_equal_until(one, other, days):
    for name, values in everything(one).items():
        mine, theirs = values[:days], everything(other)[name][:days]
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-9, err_msg=name)


def test_every_test_day_is_forecast_once_and_in_order(result, series):
    forecasts = result.forecasts
    assert forecasts.origins.tolist() == list(range(FIRST, ROWS - 1))
    np.testing.assert_array_equal(
        forecasts.actual[:, 0], series.log_target[FIRST + 1 :]
    )
    shapes = {name: values.shape for name, values in everything(forecasts).items()}
    assert shapes.pop("quantiles") == shapes.pop("constant") == (TEST_DAYS, 1, Q)
    assert set(shapes.values()) == {(TEST_DAYS, 1)}
    assert set(shapes) - {"point"} == {
        *("last value", "last Close", "moving average 5", "drift"),
        *("seasonal naive 5", "ridge", "boosting"),
    }
    assert all(np.isfinite(v).all() for v in everything(forecasts).values())


def test_what_a_backtest_leaves(result):
    assert len(result.fits) == 2
    assert list(result.histories) == [
        *("fold 1, net 1", "fold 1, net 2", "fold 2, net 1", "fold 2, net 2")
    ]
    assert result.seed_points.shape == (2, TEST_DAYS, 1)
    np.testing.assert_allclose(result.forecasts.point, result.seed_points.mean(axis=0))
    assert np.ptp(result.seed_points, axis=0).max() > 0
    # The record begins with the 30 validation days of the first fold: 15 % of
    # the origins 21..218, and has one row per day since.
    assert result.record.shape == (30 + TEST_DAYS, 1, Q)
    assert np.isfinite(result.record).all()


def test_quantiles_are_in_order(result, path_result):
    for forecasts in (result.forecasts, path_result.forecasts):
        assert (np.diff(forecasts.quantiles, axis=-1) >= 0).all()
        assert (np.diff(forecasts.constant, axis=-1) >= 0).all()
        assert np.ptp(forecasts.quantiles, axis=-1).min() > 0


def test_on_a_random_walk_the_net_stays_near_the_last_close(result):
    """Zero weights at the start and the shrinkage keep it from doing harm."""
    actual = result.forecasts.actual[:, 0]
    net = metrics.rmse(actual, result.forecasts.point[:, 0])
    naive = metrics.rmse(actual, result.forecasts.rivals["last Close"][:, 0])
    assert net < 1.1 * naive


def change_after(frame, row):
    """Return the frame with other prices and volumes in all rows after one."""
    random = np.random.default_rng(1)
    later = frame.index[row + 1 :]
    frame.loc[later] *= random.uniform(0.5, 2, (len(later), 1))
    frame.loc[later, "high"] *= random.uniform(1, 1.1, len(later))
    frame.loc[later, "volume"] *= random.uniform(0.5, 2, len(later))
    return frame


def assert_blind(before, after, days):
    """Show that the forecasts of the first days are the same, later ones not."""
    assert_equal_until(before, after, days)
    for name, values in everything(before).items():
        assert not np.allclose(values[days:], everything(after)[name][days:]), name


@pytest.mark.parametrize("day", [7, 27], ids=["in the first fold", "in the second"])
def test_no_forecast_knows_a_later_row(result, ensemble, day):
    """Change all that comes after the evening on which day `day` is forecast."""
    frame = change_after(make_frame(ROWS), FIRST + day)
    changed = make_indicators(frame, "open", "price")
    other = run_backtest(changed, ensemble, SPLIT).forecasts
    assert_blind(result.forecasts, other, day + 1)


def test_no_path_knows_a_later_row(path_result, path_ensemble):
    frame = change_after(make_frame(ROWS, seed=2), ROWS - 33 + 9)
    changed = make_indicators(frame, "close", "range")
    other = run_backtest(changed, path_ensemble, Split(32, 20)).forecasts
    assert_blind(path_result.forecasts, other, 10)


def test_a_finished_backtest_is_not_trained_again(
    result, series, ensemble, folder, monkeypatch
):
    begun = []
    monkeypatch.setattr(
        Progress, "on_epoch_begin", lambda self, epoch, logs=None: begun.append(epoch)
    )
    again = run_backtest(series, ensemble, SPLIT, folder)
    assert begun == []
    for name, values in everything(result.forecasts).items():
        np.testing.assert_array_equal(values, everything(again.forecasts)[name])
    np.testing.assert_array_equal(result.record, again.record)
    assert again.histories == result.histories


def test_a_killed_backtest_goes_on_as_if_nothing_was(
    result, series, ensemble, tmp_path, monkeypatch
):
    begun = []

    def count(self, epoch, logs=None):
        begun.append((self.description, epoch))
        if len(begun) == 6:  # the second epoch of the third of four fits
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "on_epoch_begin", count)
    with pytest.raises(KeyboardInterrupt):
        run_backtest(series, ensemble, SPLIT, tmp_path)
    again = run_backtest(series, ensemble, SPLIT, tmp_path)
    assert begun[5][0].startswith("fold 2/2, net 1/2")
    assert len(begun) == 6 + 3  # one epoch of the third fit, two of the fourth
    assert_equal_until(result.forecasts, again.forecasts, TEST_DAYS)
    assert again.histories == result.histories


def test_paths_end_with_the_series(path_result, path_series):
    forecasts = path_result.forecasts
    assert forecasts.origins.tolist() == list(range(ROWS - 33, ROWS - 1))
    for h in range(3):
        rows = forecasts.origins + h + 1
        known = rows < ROWS
        np.testing.assert_array_equal(
            forecasts.actual[known, h], path_series.log_target[rows[known]]
        )
        assert np.isnan(forecasts.actual[~known, h]).all() and (~known).sum() == h
    assert np.isnan(path_result.record[-1, 1:]).all()
    assert np.isfinite(path_result.record[-1, 0]).all()
    assert all(np.isfinite(v).all() for v in everything(forecasts).values())
    assert "HAR" in forecasts.rivals and "last Close" not in forecasts.rivals


def test_the_table_has_one_row_per_known_day_and_step(path_result, path_series):
    table = forecast_table(path_series, path_result.forecasts)
    assert len(table) == 32 + 31 + 30
    dates = make_frame(ROWS).index
    assert table.iloc[0][["date", "step"]].tolist() == [dates[ROWS - 32], 1]
    assert table.iloc[2][["date", "step"]].tolist() == [dates[ROWS - 30], 3]
    assert table.iloc[-1][["date", "step"]].tolist() == [dates[-1], 1]
    third = table[table.step == 3]
    np.testing.assert_array_equal(third.actual, path_series.log_target[ROWS - 30 :])
    np.testing.assert_array_equal(
        third["q0.5"], path_result.forecasts.quantiles[:-2, 2, LEVELS.index(0.5)]
    )
    assert not table.isna().any().any()


def test_prices_stand_in_their_currency_in_the_table(result, series):
    table = forecast_table(series, result.forecasts)
    frame = make_frame(ROWS)
    np.testing.assert_allclose(table.actual, frame.open.iloc[-TEST_DAYS:])
    np.testing.assert_allclose(table["last Close"], frame.close.iloc[FIRST:-1])
    assert table.date.tolist() == frame.index[-TEST_DAYS:].tolist()


@pytest.mark.parametrize(
    ("length", "horizon", "needed"), [(20, 1, 92), (30, 1, 100), (20, 5, 97)]
)
def test_the_fewest_rows(length, horizon, needed):
    """Before the first window 21 or 29; 51 (55) are 85 % of 60 (65); 10 to test; 1."""
    recipe = make_recipe(context_length=length, horizon=horizon)
    check_length(needed, recipe, Split(10, 5))
    with pytest.raises(UserError, match=f"at least {needed} rows.*Received: "):
        check_length(needed - 1, recipe, Split(10, 5))


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_the_fewest_rows_suffice(share):
    series = make_indicators(make_frame(134), "open", "volume")
    ensemble = make_ensemble(series, nets=1, epochs=1, validation_share=share)
    result = run_backtest(series, ensemble, Split(10, 4))
    assert [len(result.forecasts.origins), len(result.fits)] == [10, 3]
    assert all(np.isfinite(v).all() for v in everything(result.forecasts).values())


def test_a_planted_rule_is_found():
    """The next morning repeats 80 % of the day's move: half the error is known."""
    series = make_indicators(make_frame(520, follow=0.8), "open", "price")
    ensemble = make_ensemble(
        series, nets=1, epochs=40, patience=8, units=8, batch_size=32, dropout=0
    )
    forecasts = run_backtest(series, ensemble, Split(120, 120)).forecasts
    actual = forecasts.actual[:, 0]
    net, naive = (
        (actual - forecast[:, 0]) ** 2
        for forecast in (forecasts.point, forecasts.rivals["last Close"])
    )
    assert net.mean() ** 0.5 < 0.65 * naive.mean() ** 0.5
    statistic, p_value = metrics.diebold_mariano(net, naive)
    assert statistic < 0 and p_value < 0.001
    width, constant = (
        np.mean(q[:, 0, -2] - q[:, 0, 1])
        for q in (forecasts.quantiles, forecasts.constant)
    )
    assert width < 0.75 * constant
    inside = metrics.coverage(
        actual, forecasts.quantiles[:, 0, 1], forecasts.quantiles[:, 0, -2]
    )
    assert 0.8 < inside < 0.98
