"""The report of a run: every score beside its baseline, figures that can be read."""

import csv
import json

import numpy as np
import pytest
from matplotlib import image

from common import reporting
from projects.stock_lstm import figures, slides
from projects.stock_lstm.baselines import constant_quantiles, naive_forecasts
from projects.stock_lstm.forecasts import Forecasts, true_values
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.report import (
    Subject,
    make_report,
    name_target,
    write_history,
)
from projects.stock_lstm.slides_report import make_slides_report
from tests.stock_lstm.series import make_frame

SUBJECT = Subject("made.csv", ("rows were turned",), "LSTM", "python train.py")
HISTORIES = [
    {"loss": [3.0, 2.0], "val_loss": [3.0, 3.5]},
    {"loss": [3.0], "val_loss": [2.0]},
]
DAYS = 30


def make_forecasts(series, horizon=1, days=DAYS):
    """Forecast the last days by a net that knows half of what comes."""
    origins = np.arange(len(series) - 1 - days, len(series) - 1)
    actual = true_values(series, origins, horizon)
    last = np.repeat(series.log_last[origins, None], horizon, axis=1)
    point = np.where(np.isfinite(actual), (actual + last) / 2, last)
    spread = 0.02 * np.linspace(-2, 2, len(LEVELS))
    return Forecasts(
        origins=origins,
        actual=actual,
        point=point,
        rivals=naive_forecasts(series, origins, horizon),
        quantiles=point[..., None] + spread,
        constant=constant_quantiles(series, origins, origins[0], LEVELS, horizon),
    )


def make_series(target="price", num_rows=120):
    return make_indicators(make_frame(num_rows), "open", target)


@pytest.fixture(scope="module")
def series():
    return make_series()


@pytest.fixture(scope="module")
def report(series):
    return make_report(SUBJECT, series, make_forecasts(series), HISTORIES)


def test_every_score_stands_beside_its_baselines(report):
    text = report.to_markdown()
    assert text.startswith("# made.csv: Open of the next day, 30 test days\n\nThe winn")
    names = list(report.metrics["scores"])
    assert names[0] == "LSTM" and set(names[1:]) == {
        *("last value", "last Close", "moving average 5", "drift"),
        "seasonal naive 5",
    }
    for name, score in report.metrics["scores"].items():
        cells = [name, *(f"{score[k]:.4g}" for k in ("rmse", "mae", "mase"))]
        assert "| " + " | ".join(cells) + " |" in text
    for name, band in report.metrics["bands"].items():
        assert f"| {name} | {1e4 * band['pinball']:.2f} |" in text
    assert list(report.metrics["bands"]) == ["LSTM", "constant width"]


def test_the_saved_report(report, tmp_path, monkeypatch):
    files = []
    write = reporting.write_text

    def watch(path, text):
        files.extend(p for p in tmp_path.rglob("*") if p.is_file())
        write(path, text)

    monkeypatch.setattr(reporting, "write_text", watch)
    report.save(tmp_path)
    drawn = ["calibration", "errors", "forecast", "learning_curves"]
    before = sorted(p.relative_to(tmp_path).as_posix() for p in files)
    assert before == [f"figures/{name}.png" for name in drawn] + ["metrics.json"]
    for name in drawn:
        pixels = image.imread(tmp_path / "figures" / f"{name}.png")
        assert pixels.shape[1] == 1080 and 0.5 < pixels.mean() < 0.999
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert (metrics["test_days"], metrics["horizon"]) == (DAYS, 1)
    assert metrics["scores"]["LSTM"] == report.metrics["scores"]["LSTM"]
    text = (tmp_path / "report.md").read_text()
    assert all(f"(figures/{name}.png)" in text for name in drawn)
    assert "- rows were turned" in text and "    python train.py\n" in text


def test_a_path_has_a_table_of_its_steps():
    series = make_series("range")
    forecasts = make_forecasts(series, horizon=3)
    report = make_report(SUBJECT, series, forecasts)
    assert report.title == "made.csv: log(High/Low) of the next 3 days, 30 test days"
    steps = report.tables[-1]
    assert [row[0] for row in steps.rows] == ["1", "2", "3"]
    assert "learning_curves" not in report.figures and report.warnings == []
    rival = steps.columns[2].removeprefix("RMSE ")
    for h, row in enumerate(steps.rows):
        known = slice(0, DAYS - h)
        actual = series.log_target[forecasts.origins[known] + h + 1]
        for cell, guess in zip(
            row[1:3], (forecasts.point, forecasts.rivals[rival]), strict=True
        ):
            error = actual - guess[known, h]
            assert cell == pytest.approx(np.mean(error**2) ** 0.5)
        low, high = forecasts.quantiles[known, h, 1], forecasts.quantiles[known, h, 7]
        inside = np.mean((low <= actual) & (actual <= high))
        assert row[4] == f"{inside:.1%}"


def test_steps_that_nobody_knows_yet_are_left_out():
    series = make_series("volume")
    report = make_report(SUBJECT, series, make_forecasts(series, horizon=9, days=4))
    assert [row[0] for row in report.tables[-1].rows] == ["1", "2", "3", "4"]
    assert "nan" not in report.to_markdown()


def test_names_of_what_is_forecast():
    names = [name_target(make_series(t, 30)) for t in ("price", "range", "volume")]
    assert names == ["Open", "log(High/Low)", "log volume"]


def test_the_history_of_every_fit(tmp_path):
    write_history(tmp_path, dict(zip(("fold 1, net 1", "all"), HISTORIES, strict=True)))
    with open(tmp_path / "history.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["fit", "epoch", "loss", "val_loss"]
    told = [[row[0], int(row[1]), *map(float, row[2:])] for row in rows[1:]]
    assert told == [
        ["fold 1, net 1", 1, 3.0, 3.0],
        ["fold 1, net 1", 2, 2.0, 3.5],
        ["all", 1, 3.0, 2.0],
    ]


def test_the_forecast_is_drawn_with_its_band_and_the_naive_one(series):
    days = series.dates[:90]
    actual = np.arange(90.0)
    bands = actual[:, None] + np.linspace(-4, 4, 9)
    figure = figures.plot_forecast(
        days, actual, actual + 1, bands, ("last Close", actual - 1), "T", "Open"
    )
    whole, zoom = figure.axes
    drawn = {line.get_label(): line.get_ydata() for line in whole.lines}
    np.testing.assert_array_equal(drawn["actual"], actual)
    np.testing.assert_array_equal(drawn["forecast"], actual + 1)
    np.testing.assert_array_equal(drawn["last Close"], actual - 1)
    shown = {line.get_label(): line.get_ydata() for line in zoom.lines}
    np.testing.assert_array_equal(shown["actual"], actual[-60:])
    band = whole.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (-3.0, 92.0)  # the 5 % and 95 % quantiles
    assert zoom.get_title(loc="left").startswith("The last 60 days: last Close needs")


def test_gains_add_up_and_rise_where_the_net_is_ahead(series):
    own, naive = np.array([1.0, np.nan, -3.0]), np.array([2.0, 5.0, 1.0])
    figure = figures.plot_errors(series.dates[:3], own, ("last", naive), "LSTM", "Open")
    gain = figure.axes[1].lines[-1].get_ydata()
    assert gain.tolist() == [3.0, 3.0, -5.0]


def test_calibration_counts_the_days_below_each_quantile():
    actual = np.array([0.0, 1.0, 2.0, np.nan])
    ladder = np.tile(np.linspace(-0.5, 3.5, 9), (4, 1))
    figure = figures.plot_calibration(actual, {"a": ladder, "b": ladder + 9})
    lines = {line.get_label(): line.get_ydata() for line in figure.axes[0].lines}
    shares = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3]) / 3
    np.testing.assert_allclose(lines["a"], shares)
    np.testing.assert_allclose(lines["b"], np.ones(9))


@pytest.fixture
def slides_report():
    """Return the report of an echo of yesterday's row, told newest first or not."""

    def make(newest_first):
        frame = make_frame(80)
        step = -1 if newest_first else 1
        learn, test = frame.open[:68][::step], frame.open[68:][::step]
        arrays = slides.make_slides_arrays(learn.to_numpy(), test.to_numpy(), 10)
        series = make_indicators(frame, "open", "price")
        origins = np.arange(67, 79)
        forecasts = Forecasts(
            origins=origins,
            actual=true_values(series, origins, 1),
            point=series.log_target[origins, None],
            rivals=naive_forecasts(series, origins, 1),
        )
        history = {"loss": [0.3, 0.1]}
        report = make_slides_report(
            SUBJECT, arrays, forecasts, series, history, newest_first
        )
        return frame.open.to_numpy(), report

    return make


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_report_of_the_slides(slides_report, newest_first, tmp_path):
    prices, report = slides_report(newest_first)
    step = -1 if newest_first else 1
    axis = report.figures["prediction"][1].axes[0]
    real, predicted = (line.get_ydata() for line in axis.lines)
    np.testing.assert_allclose(real, prices[68:][::step])
    np.testing.assert_allclose(predicted, prices[67:79][::step])
    assert [line.get_color() for line in axis.lines] == ["black", "#2a9d4a"]
    metrics = report.metrics
    moves = prices[68:] - prices[67:79]
    assert metrics["rmse"] == pytest.approx(np.mean(moves**2) ** 0.5)
    share = np.mean(np.abs(moves) / prices[68:])
    assert metrics["mape_percent"] == pytest.approx(100 * share)
    np.testing.assert_allclose(metrics["predicted"], predicted)
    losses = (metrics["loss_first_epoch"], metrics["loss_last_epoch"])
    assert (metrics["test_days"], *losses) == (12, 0.3, 0.1)
    told = [line for line in report.warnings if "newest first" in line]
    assert len(told) == newest_first
    if newest_first:
        assert f"({prices[:10].mean():.0f} on average)" in told[0]
        assert f"{prices[79]:.0f} is to be forecast" in told[0]
    report.save(tmp_path)
    assert len(list((tmp_path / "figures").glob("*.png"))) == 2
    assert "last Close" in (tmp_path / "report.md").read_text()
