"""Who won, by how much, by more than chance: said as the numbers are."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from common.reporting import Table
from projects.stock_lstm import scoring
from projects.stock_lstm.forecasts import Forecasts, to_unit
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.scoring import BandScore, Score

N = 80
NORMAL = stats.norm.ppf(LEVELS)
TRAIN = np.log([90.0, 100.0, 98.0, 110.0])  # steps 10, 2, 12: mean 8


def make_forecasts(horizon=1, net=1.0, naive=1.0, seed=0):
    """Return forecasts around 100 whose errors have these standard deviations."""
    random = np.random.default_rng(seed)
    actual = 100 + random.normal(size=(N, horizon))
    actual[np.add.outer(np.arange(N), np.arange(horizon)) >= N] = np.nan
    errors = {"net": net, "last value": naive, "drift": naive + 1, "ridge": 0.1}
    guess = {
        name: np.log(actual + scale * random.normal(size=actual.shape))
        for name, scale in errors.items()
    }
    # Unknown days are forecast, too.
    guess = {name: np.nan_to_num(g, nan=np.log(100)) for name, g in guess.items()}
    point = guess.pop("net")
    return Forecasts(
        origins=np.arange(100, 100 + N),
        actual=np.log(actual),
        point=point,
        rivals=guess,
        quantiles=np.log(100) + 0.01 * NORMAL + np.zeros((N, horizon, 1)),
        constant=np.log(100) + 0.03 * NORMAL + np.zeros((N, horizon, 1)),
    )


def scored(*scores):
    """Return scores as `score_points` does, of (name, rmse, p)."""
    found = [Score(name, rmse, rmse / 2, 1.0, p) for name, rmse, p in scores]
    return sorted(found, key=lambda score: score.rmse)


def test_prices_are_scored_in_their_currency():
    actual = np.log([[100.0], [110.0]])
    forecasts = Forecasts(
        origins=np.array([3, 4]),
        actual=actual,
        point=np.log([[104.0], [110.0]]),
        rivals={"last value": np.log([[100.0], [118.0]])},
    )
    net, rival = scoring.score_points(forecasts, TRAIN, "price", "LSTM")
    assert (net.name, rival.name) == ("LSTM", "last value")
    assert (net.rmse, net.mae) == pytest.approx((8**0.5, 2.0))
    assert (rival.rmse, rival.mae) == pytest.approx((32**0.5, 4.0))
    assert (net.mase, rival.mase) == pytest.approx((0.25, 0.5))
    assert net.p_value is None and rival.p_value == 1.0  # two days tell nothing


def test_range_and_volume_are_scored_as_logs():
    actual, guess = np.array([[1.0], [2.0]]), np.array([[1.5], [2.0]])
    forecasts = Forecasts(np.arange(2), actual, guess, {"HAR": guess})
    train = np.array([0.0, 2.0])
    for target in ("range", "volume"):
        net = scoring.score_points(forecasts, train, target, "LSTM")[0]
        assert (net.mae, net.mase) == pytest.approx((0.25, 0.125))
        np.testing.assert_array_equal(to_unit(actual, target), actual)


def test_the_p_value_is_that_of_a_paired_test():
    forecasts = make_forecasts(net=1.0, naive=1.3)
    actual, point = np.exp(forecasts.actual[:, 0]), np.exp(forecasts.point[:, 0])
    for score in scoring.score_points(forecasts, TRAIN, "price", "LSTM"):
        if score.name != "LSTM":
            rival = np.exp(forecasts.rivals[score.name][:, 0])
            loss, other = (actual - point) ** 2, (actual - rival) ** 2
            expected = stats.ttest_rel(loss, other).pvalue
            assert score.p_value == pytest.approx(expected)


def test_paths_count_only_where_all_of_them_is_known():
    forecasts = make_forecasts(horizon=3)
    loss = scoring.path_loss(forecasts.actual, forecasts.point)
    error = forecasts.actual - forecasts.point
    assert loss.shape == (N,)
    assert loss[5] == pytest.approx((error[5] ** 2).sum() / 3)
    assert np.isnan(loss).tolist() == [False] * (N - 2) + [True] * 2
    scores = scoring.score_points(forecasts, TRAIN, "price", "LSTM")
    assert all(np.isfinite(score.rmse) for score in scores)


@pytest.mark.parametrize(
    ("net", "naive", "begin"),
    [
        (0.5, 2.0, "The winner is LSTM: RMSE 0."),
        (2.0, 0.5, "The winner is last value: RMSE "),
        (
            1.0,
            1.02,
            "No winner: between LSTM and last value there is no significant difference",
        ),
    ],
    ids=["the net wins", "the net loses", "no winner"],
)
def test_the_verdict_on_made_forecasts(net, naive, begin):
    forecasts = make_forecasts(net=net, naive=naive)
    scores = scoring.score_points(forecasts, TRAIN, "price", "LSTM")
    assert scoring.verdict(scores, "LSTM").startswith(begin)


def test_the_words_of_the_verdict():
    wins = scored(("LSTM", 2.0, None), ("last Close", 2.5, 0.0004), ("drift", 9, 0.0))
    assert scoring.verdict(wins, "LSTM") == (
        "The winner is LSTM: RMSE 2 of LSTM against 2.5 of last Close (-20.0 %,"
        " Diebold-Mariano p < .001)."
    )
    loses = scored(("LSTM", 3.0, None), ("last Close", 2.4, 0.03))
    assert scoring.verdict(loses, "LSTM") == (
        "The winner is last Close: RMSE 3 of LSTM against 2.4 of last Close (+25.0 %,"
        " Diebold-Mariano p .030)."
    )
    for p_value, told in ((0.05, ".050"), (0.7, ".700")):
        tie = scored(("LSTM", 2.0, None), ("last Close", 2.5, p_value))
        assert scoring.verdict(tie, "LSTM") == (
            "No winner: between LSTM and last Close there is no significant"
            " difference: RMSE 2 of LSTM against 2.5 of last Close (-20.0 %,"
            f" Diebold-Mariano p {told}). last Close needs no net."
        )


def test_the_rival_of_the_verdict_needs_no_fitting():
    scores = scored(
        *[(name, 1.0, 0.5) for name in ("ridge", "boosting", "HAR", "ARIMA", "ETS")],
        ("LSTM", 1.5, None),
        ("drift", 3.0, 0.5),
        ("last value", 2.0, 0.5),
    )
    assert scoring.best_naive(scores, "LSTM").name == "last value"


def test_bands_are_scored_beside_a_constant_one():
    own, constant = scoring.score_bands(make_forecasts(), "LSTM")
    assert (own.name, constant.name) == ("LSTM", "constant width")
    # Outcomes of deviation .01: the own bands are right, the others 3 times too wide.
    assert own.coverage["90 %"] == pytest.approx(0.9, abs=0.08)
    assert own.coverage["80 %"] < own.coverage["90 %"] <= own.coverage["95 %"]
    assert list(constant.coverage.values()) == [1.0] * 3
    assert own.pinball < constant.pinball and own.crps < constant.crps
    assert own.p_value is None and constant.p_value < 0.001
    # A normal forecast of the right deviation has the score .01 / sqrt(pi).
    assert own.crps == pytest.approx(0.01 / np.pi**0.5, rel=0.15)


def test_bands_of_paths_leave_out_the_unknown():
    forecasts = make_forecasts(horizon=2)
    own, _ = scoring.score_bands(forecasts, "LSTM")
    losses, inside = [], []
    for day in range(N):
        for h in range(2):
            truth, band = forecasts.actual[day, h], forecasts.quantiles[day, h]
            if np.isfinite(truth):
                inside.append(band[LEVELS.index(0.1)] <= truth <= band[6])
                for level, quantile in zip(LEVELS, band, strict=True):
                    weight = level if truth > quantile else 1 - level
                    losses.append(weight * abs(truth - quantile))
    assert len(inside) == 2 * N - 1
    assert own.pinball == pytest.approx(np.mean(losses))
    assert own.coverage["80 %"] == pytest.approx(np.mean(inside))


def test_a_fitted_baseline_ahead_of_both_is_named():
    scores = scored(("HAR", 1.5, 0.2), ("LSTM", 2.0, None), ("last value", 2.5, 0.0))
    assert scoring.verdict(scores, "LSTM").endswith(
        "First in the table is HAR, RMSE 1.5 (p .200 against LSTM)."
    )


def test_what_a_plot_hides_is_told():
    close = np.log([[100.0], [104.0], [104.0], [104.0]])
    forecasts = Forecasts(
        origins=np.arange(4),
        actual=np.log([[112.0], [120.0], [89.0], [100.0]]),
        point=np.log([[101.0], [105.0], [105.0], [103.0]]),
        rivals={
            "last value": np.log([[100.0], [110.0], [100.0], [100.0]]),
            "last Close": close,
        },
    )
    levels, lag, direction = scoring.warnings_of(forecasts, TRAIN, "price", "NET")
    assert levels.startswith("50% of the test days lie above")  # 112, 120 > 110
    assert "(110.00), 25% below the lowest (90.00)" in levels
    # 1 from the last Close each day; 11, 15, 16 and 3 from what came.
    assert "NET lies 1 (root mean square) from the last Close" in lag
    assert f"and {np.sqrt(611 / 4):.3g} from what came" in lag
    # Up, up, not down, down; the Close alone: -, not up, not up, -.
    assert direction.startswith("Direction against the last Close: right on 75% of")
    assert "alone would be right on 0%: that is known beforehand" in direction


def test_only_what_holds_is_told():
    """No day outside the training prices; nearer to what came than to the last."""
    forecasts = make_forecasts()
    (direction,) = scoring.warnings_of(forecasts, TRAIN, "price", "NET")
    assert direction.startswith("Direction against the last value: right on")
    assert "known beforehand" not in direction  # there is no Close beside it
    assert scoring.warnings_of(forecasts, TRAIN, "range", "NET") == []


def test_the_table_of_points():
    scores = scored(("last value", 2.0, 0.0001), ("NET", 2.2, None), ("drift", 4, 0.6))
    table = scoring.point_table(scores, "price", "NET", "Title")
    assert table == Table(
        "Title",
        ("forecast", "RMSE", "MAE", "MASE", "NET is", "p"),
        [
            ("last value", 2.0, 1.0, 1.0, "+10.0 %", "< .001"),
            ("NET", 2.2, 1.1, 1.0, None, None),
            ("drift", 4, 2.0, 1.0, "-45.0 %", ".600"),
        ],
    )
    assert scoring.point_table(scores, "range", "NET", "T").columns[1] == "RMSE (log)"


def test_the_table_of_bands():
    coverage = {"80 %": 0.8, "90 %": 0.9125, "95 %": 1.0}
    scores = [
        BandScore("NET", 0.00153, 0.0031, coverage, None),
        BandScore("constant width", 0.0016, 0.0033, coverage, 0.04),
    ]
    table = scoring.band_table(scores, "Bands")
    assert table.columns == (
        *("bands", "pinball", "CRPS", "in 80 %", "in 90 %", "in 95 %", "p"),
    )
    assert table.rows == [
        ("NET", "15.30", "31.00", "80.0%", "91.2%", "100.0%", None),
        ("constant width", "16.00", "33.00", "80.0%", "91.2%", "100.0%", ".040"),
    ]


def test_scores_as_json():
    scores = scored(("NET", 2.0, None))
    assert scoring.to_json(scores) == {
        "NET": {"rmse": 2.0, "mae": 1.0, "mase": 1.0, "p_value": None}
    }
    own, _ = scoring.score_bands(make_forecasts(), "LSTM")
    assert scoring.to_json([own])["LSTM"]["coverage"] == own.coverage
    assert dataclasses.asdict(own)["name"] == "LSTM"
