"""Several nets in one table: each seed, their mean, and the best naive forecast."""

import numpy as np
import pytest

from projects.stock_lstm.backtest import Backtest
from projects.stock_lstm.comparison import make_comparison
from projects.stock_lstm.forecasts import Forecasts
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.report import Subject
from tests.stock_lstm.series import make_series

N = 40
ACTUAL = 3 + 0.1 * np.random.default_rng(0).normal(size=(N, 1))
WIDE = ACTUAL[..., None] + np.linspace(-1, 1, len(LEVELS))


def make_backtest(*offsets):
    """Return the backtest of nets each of which errs by its offset, on alternate sides.

    The rivals: naive ones that err by .1 and .2, and HAR, which errs by .05.
    """
    # Sizes that differ from day to day, of mean square 1: a test needs spread.
    side = np.where(np.arange(N) % 2, 1.2, -np.sqrt(0.56))[:, None]
    seeds = np.array([ACTUAL + offset * side for offset in offsets])
    errors = {"last value": 0.1, "mean of 5 days": 0.2, "HAR": 0.05}
    rivals = {name: ACTUAL + error for name, error in errors.items()}
    forecasts = Forecasts(
        np.arange(N), ACTUAL, seeds.mean(axis=0), rivals, WIDE / 1.0, 2 * WIDE - 3
    )
    return Backtest(forecasts, seeds, np.empty((0, 1, len(LEVELS))), ())


@pytest.fixture(scope="module")
def report():
    series = make_series(np.zeros(N + 1), har=np.zeros((N + 1, 3)))
    nets = {"lstm": make_backtest(0.02, 0.04), "rnn": make_backtest(0.3, 0.5)}
    return make_comparison(Subject("made", (), "", "command"), series, nets)


def test_each_seed_and_their_mean_are_scored(report):
    rows = report.metrics["scores"]
    np.testing.assert_allclose(rows["LSTM"]["seeds"], [0.02, 0.04])
    assert rows["LSTM"]["ensemble"] == pytest.approx(0.03)
    assert rows["RNN"]["ensemble"] == pytest.approx(0.4)
    assert rows["HAR"]["ensemble"] == pytest.approx(0.05)
    assert rows["LSTM"]["coverage_90"] == 1.0
    assert rows["LSTM"]["pinball_change"] < 0


def test_rows_stand_best_first_beside_the_best_naive(report):
    assert report.metrics["best_naive"] == "last value"  # HAR is fitted
    names = [row[0] for row in report.tables[0].rows]
    assert names == ["LSTM", "HAR", "last value", "mean of 5 days", "RNN"]
    assert report.tables[0].rows[0][1] == "0.03 ± 0.014"
    assert report.tables[0].rows[2][3] is None  # no test against itself


def test_the_verdict_names_the_better_and_the_worse(report):
    assert report.verdict == (
        "Best naive forecast: last value, RMSE 0.1. Better than it, beyond chance:"
        " LSTM. Worse, beyond chance: RNN."
    )
