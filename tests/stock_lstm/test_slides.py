"""The slides' recipe: positions by hand, order as it stands, the lecture's files."""

import json

import keras
import numpy as np
import pandas as pd
import pytest

from common.errors import UserError
from common.progress import Progress
from projects.stock_lstm import metrics, slides, sources
from projects.stock_lstm.baselines import naive_forecasts
from projects.stock_lstm.data import Prices, read_prices
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import build_slides_model
from tests.stock_lstm.series import make_frame
from tests.stock_lstm.tiny import make_recipe

# Keras 3.15 on TensorFlow meets this in NumPy 2 whenever it saves a variable.
saves = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def make_prices(frame, name="a.csv"):
    return Prices(frame, "open", name, "0" * 64, ())


@pytest.fixture(scope="module")
def line():
    """Return the arrays of rows 0..99 (training) and 100..109 (test)."""
    return slides.make_slides_arrays(np.arange(100.0), np.arange(100.0, 110))


@pytest.fixture(scope="module")
def tiny_fit(tmp_path_factory):
    """Return arrays, recipe, checkpoint and fit of the smallest net."""
    train, test = make_frame(40).open.to_numpy(), make_frame(5, seed=1).open.to_numpy()
    arrays = slides.make_slides_arrays(train, test, 6)
    recipe = make_recipe(model="stacked", context_length=6, units=2, epochs=2)
    checkpoint = tmp_path_factory.mktemp("slides")
    fit = slides.fit_slides(arrays, recipe, checkpoint, quiet=True)
    return arrays, recipe, checkpoint, fit


class Echo:
    """A net that forecasts the last row of its window."""

    def predict(self, inputs, verbose):
        return inputs[:, -1]


def test_training_windows_are_the_sixty_rows_before_their_target(line):
    inputs = line.to_price(line.train_inputs)
    assert inputs.shape == (40, 60, 1) and line.train_inputs.dtype == np.float32
    np.testing.assert_allclose(inputs[0, :, 0], np.arange(60), atol=1e-4)
    np.testing.assert_allclose(inputs[39, :, 0], np.arange(39, 99), atol=1e-4)
    targets = line.to_price(line.train_targets)
    np.testing.assert_allclose(targets, np.arange(60, 100), atol=1e-4)


def test_test_windows_are_the_last_rows_of_both_files(line):
    inputs = line.to_price(line.test_inputs)
    assert inputs.shape == (10, 60, 1)
    np.testing.assert_allclose(inputs[0, :, 0], np.arange(40, 100), atol=1e-4)
    np.testing.assert_allclose(inputs[9, :, 0], np.arange(49, 109), atol=1e-4)


def test_scaling_knows_the_training_rows_only(line):
    assert (line.lowest, line.highest) == (0.0, 99.0)
    assert line.train_inputs.min() == 0 and line.train_targets.max() == 1
    assert line.test_inputs.max() == pytest.approx(108 / 99)  # leaves 0..1
    assert line.to_price([0.0, 0.5, 1.0]).tolist() == [0, 49.5, 99]
    moved = slides.make_slides_arrays(np.arange(100.0), np.full(10, 1e6))
    np.testing.assert_array_equal(moved.train_inputs, line.train_inputs)


def test_rows_newest_first_stay_so():
    """Training 9..3, test 12..10: the first test window holds the oldest rows."""
    arrays = slides.make_slides_arrays(
        np.arange(9.0, 2, -1), np.array([12.0, 11, 10]), 4
    )
    inputs = arrays.to_price(arrays.train_inputs)[..., 0]
    np.testing.assert_allclose(inputs, [[9, 8, 7, 6], [8, 7, 6, 5], [7, 6, 5, 4]])
    np.testing.assert_allclose(arrays.to_price(arrays.train_targets), [5, 4, 3])
    tests = arrays.to_price(arrays.test_inputs)[..., 0]
    np.testing.assert_allclose(tests, [[6, 5, 4, 3], [5, 4, 3, 12], [4, 3, 12, 11]])


def test_columns_keep_the_order_of_their_files():
    frame = make_frame(30)[::-1]
    train, test = slides.split_columns(make_prices(frame), None, 8)
    pd.testing.assert_series_equal(train, frame.open[8:])
    pd.testing.assert_series_equal(test, frame.open[:8])
    later = make_prices(make_frame(5, seed=1)[::-1])
    train, test = slides.split_columns(make_prices(frame), later, 8)
    assert len(train) == 30
    pd.testing.assert_series_equal(test, later.frame.open)


def test_too_few_rows_are_refused():
    column = make_frame(61).open
    slides.check_length(column, 60)
    with pytest.raises(UserError, match="at least 61 training rows.*Received: 60"):
        slides.check_length(column[:60], 60)


def test_the_net_has_the_weights_of_the_slides():
    model = build_slides_model()
    assert model.count_params() == 71_051
    assert model.input_shape == (None, 60, 1) and model.output_shape == (None, 1)
    rates = [x.rate for x in model.layers if isinstance(x, keras.layers.Dropout)]
    assert rates == [0.2] * 4


@pytest.mark.parametrize("step", [1, -1], ids=["oldest first", "newest first"])
def test_forecasts_are_told_in_order_of_time(step):
    frame = make_frame(30)
    train, test = frame.open[:25][::step], frame.open[25:][::step]
    arrays = slides.make_slides_arrays(train.to_numpy(), test.to_numpy(), 4)
    series = make_indicators(frame, "open", "price")
    forecasts = slides.forecast_slides(Echo(), arrays, test.index, series)
    assert forecasts.origins.tolist() == [24, 25, 26, 27, 28]
    prices = frame.open.to_numpy()
    np.testing.assert_allclose(np.exp(forecasts.actual[:, 0]), prices[25:])
    # In order the echo is yesterday; turned round tomorrow, and the newest day
    # gets what stands above it: the end of the training file, the oldest row.
    echo = prices[24:29] if step == 1 else [*prices[26:], prices[0]]
    np.testing.assert_allclose(np.exp(forecasts.point[:, 0]), echo, rtol=1e-5)
    np.testing.assert_allclose(
        np.exp(forecasts.rivals["last Close"][:, 0]), frame.close[24:29]
    )
    assert forecasts.quantiles is None and forecasts.constant is None


@pytest.mark.backend
def test_a_fit_learns_repeats_itself_and_is_not_done_twice(tiny_fit, monkeypatch):
    arrays, recipe, checkpoint, (model, history) = tiny_fit
    assert set(history) == {"loss"} and len(history["loss"]) == 2
    begun = []
    monkeypatch.setattr(
        Progress, "on_epoch_begin", lambda self, epoch, logs=None: begun.append(epoch)
    )
    again, same = slides.fit_slides(arrays, recipe, checkpoint, quiet=True)
    assert begun == [] and same == history
    anew, equal = slides.fit_slides(arrays, recipe, None, quiet=True)
    assert begun == [0, 1] and equal == history
    for other in (again, anew):
        for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)


@saves
@pytest.mark.backend
def test_what_is_saved_loads_without_our_classes(tiny_fit, tmp_path):
    arrays, _, _, (model, _) = tiny_fit
    slides.save_slides(model, arrays, "open", tmp_path)
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert {type(layer).__module__.split(".")[0] for layer in again.layers} == {"keras"}
    said, before = (
        keras.ops.convert_to_numpy(net(arrays.test_inputs)) for net in (again, model)
    )
    np.testing.assert_allclose(said, before, rtol=1e-5)
    assert json.loads((tmp_path / "scaler.json").read_text()) == {
        "recipe": "levels",
        "column": "open",
        "lowest": arrays.lowest,
        "highest": arrays.highest,
    }


@pytest.fixture(scope="module")
def tata(mirror):
    """Return the lecture's two files as they stand, newest first."""
    paths = (sources.TATA_TRAIN.mirror_path, sources.TATA_TEST.mirror_path)
    return [read_prices(mirror / path, sort=False) for path in paths]


def test_the_first_test_window_of_the_lecture_holds_the_oldest_prices(tata):
    train, later = tata
    learn, test = slides.split_columns(train, later, 250)
    dates = learn.index[-60:]
    assert str(dates.min().date()) == "2010-07-21"
    assert str(dates.max().date()) == "2010-10-13"
    arrays = slides.make_slides_arrays(learn.to_numpy(), test.to_numpy())
    assert arrays.train_inputs.shape == (1975, 60, 1)
    assert arrays.test_inputs.shape == (16, 60, 1)
    window = arrays.to_price(arrays.test_inputs[0, :, 0])
    np.testing.assert_allclose(window, learn.to_numpy()[-60:], rtol=1e-5)
    assert window.max() < 150 and test.iloc[0] == 220.1


def test_no_change_on_the_days_of_the_lecture(tata):
    """The figures to beat: Open by the last Open 5.93, by the last Close 3.79."""
    series = make_indicators(sources.join(*tata).frame, "open", "price")
    origins = np.arange(len(series) - 17, len(series) - 1)
    actual = np.exp(series.log_target[origins + 1])
    scores = {
        name: metrics.rmse(actual, np.exp(forecast[:, 0]))
        for name, forecast in naive_forecasts(series, origins, 1).items()
    }
    assert scores["last value"] == pytest.approx(5.93, abs=0.005)
    assert scores["last Close"] == pytest.approx(3.79, abs=0.005)
    assert scores["drift"] == pytest.approx(5.94, abs=0.01)
