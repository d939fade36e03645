"""A fitted forecaster: the same after saving, in another process, or refused."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.stock_lstm import calibration
from projects.stock_lstm.forecaster import Forecaster, fit_forecaster, load_model
from projects.stock_lstm.forecasts import true_values
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import LEVELS
from tests.stock_lstm.series import make_frame
from tests.stock_lstm.tiny import make_ensemble

# Keras 3.15 on TensorFlow meets this in NumPy 2 whenever it saves a variable.
pytestmark = [
    pytest.mark.backend,
    pytest.mark.filterwarnings(
        "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    ),
]
REPOSITORY = Path(__file__).resolve().parents[2]
HORIZON, Q = 2, len(LEVELS)
ORIGINS = np.arange(190, 218)  # the last one has no known future, row 218 is the end
CHILD = """
import sys
from pathlib import Path
import numpy as np
from projects.stock_lstm.forecaster import Forecaster
from projects.stock_lstm.indicators import make_indicators
from tests.stock_lstm.series import make_frame

forecaster = Forecaster.load(Path(sys.argv[1]))
series = make_indicators(make_frame(219), forecaster.column, forecaster.target)
point, quantiles = forecaster.distribution(series, np.arange(190, 218))
np.savez(sys.argv[2], point=point, quantiles=quantiles, record=forecaster.record)
"""


@pytest.fixture(scope="module")
def series():
    return make_indicators(make_frame(219), "close", "volume")


@pytest.fixture(scope="module")
def fit(series, tmp_path_factory):
    """Return a forecaster fitted on rows 0..189, and what the fit left."""
    seen = make_indicators(make_frame(190), "close", "volume")
    ensemble = make_ensemble(seen, horizon=HORIZON, epochs=1)
    record = np.random.default_rng(0).normal(size=(60, HORIZON, Q))
    record[-1, 1] = np.nan
    folder = tmp_path_factory.mktemp("checkpoints")
    return (*fit_forecaster(ensemble, seen, record, folder), ensemble)


@pytest.fixture(scope="module")
def forecaster(fit):
    return fit[0]


@pytest.fixture(scope="module")
def saved(forecaster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    forecaster.save(folder)
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    """Return a copy of the saved forecaster that a test may spoil."""
    return Path(shutil.copytree(saved, tmp_path / "run"))


def test_it_forecasts_what_its_nets_forecast(fit, series):
    """The mean over the nets, shrunk towards the anchor, from logs to logs."""
    forecaster, fitted, ensemble = fit
    point, quantiles = forecaster.distribution(series, ORIGINS)
    assert point.shape == (28, HORIZON) and quantiles.shape == (28, HORIZON, Q)
    scaler = forecaster.scaler
    scaled = (series.channels - scaler.mean) / scaler.deviation
    windows = [scaled[t - 4 : t + 1].clip(-6, 6) for t in ORIGINS]
    outputs = np.zeros((28, HORIZON, Q + 1))
    for weights in fitted.weights:
        ensemble.model.set_weights(weights)
        found = ensemble.model(np.array(windows, "float32"))
        outputs += keras.ops.convert_to_numpy(found) / 2
    for h in range(HORIZON):
        anchor = scaler.har[h, 0] + series.har[ORIGINS] @ scaler.har[h, 1:]
        residual = outputs[:, h] * scaler.spread[h]
        shrunk = anchor + fitted.shrinkage[h] * residual[:, -1]
        np.testing.assert_allclose(point[:, h], shrunk, atol=1e-4)
        expected = np.sort(anchor[:, None] + residual[:, :-1], axis=1)
        np.testing.assert_allclose(quantiles[:, h], expected, atol=1e-4)
    assert (forecaster.column, forecaster.target) == ("close", "volume")


def test_bands_of_many_days_are_those_of_one_day_after_the_other(forecaster, series):
    """What is known grows by a row each evening; at once must be the same."""
    actual = true_values(series, ORIGINS, HORIZON)
    point, quantiles = forecaster.calibrated(series, ORIGINS, actual)
    plain_point, plain = forecaster.distribution(series, ORIGINS)
    np.testing.assert_array_equal(point, plain_point)
    assert np.abs(quantiles - plain).max() > 0.01
    for k in (0, 1, 2, 15, 27):
        known = actual[: k + 1].copy()
        for h in range(HORIZON):  # step h + 1 of the last h + 1 origins is to come
            known[max(k - h, 0) :, h] = np.nan
        evening = forecaster.calibrated(series, ORIGINS[: k + 1], known)[1][-1]
        np.testing.assert_allclose(evening, quantiles[k], rtol=0, atol=1e-6)


def test_bands_learn_from_what_came(forecaster, series):
    """After 27 evenings, 26 two-day paths have come to their end."""
    actual = true_values(series, ORIGINS, HORIZON)
    _, quantiles = forecaster.calibrated(series, ORIGINS, actual)
    _, plain = forecaster.distribution(series, ORIGINS)
    for h in range(HORIZON):
        news = actual[: 27 - h, h, None] - plain[: 27 - h, h]
        known = np.concatenate([forecaster.record[:, h], news])
        widths = calibration.track_widths(known, np.array(LEVELS))[-1]
        shift = np.concatenate([-widths, [0.0], widths[::-1]])
        expected = np.sort(plain[27, h] + shift)
        np.testing.assert_allclose(quantiles[27, h], expected, atol=1e-6)


def test_bands_begin_with_what_the_record_has_taught(forecaster, series):
    first = ORIGINS[:1]
    _, plain = forecaster.distribution(series, first)
    unknown = np.full((1, HORIZON), np.nan)
    _, quantiles = forecaster.calibrated(series, first, unknown)
    for h in range(HORIZON):
        known = forecaster.record[: 60 - h, h]
        widths = calibration.track_widths(known, np.array(LEVELS))[-1]
        shift = np.concatenate([-widths, [0.0], widths[::-1]])
        np.testing.assert_allclose(quantiles[0, h], np.sort(plain[0, h] + shift))


def test_a_forecaster_is_the_same_in_another_process(saved, forecaster, series):
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(saved), str(saved / "child.npz")],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert child.returncode == 0, child.stderr
    point, quantiles = forecaster.distribution(series, ORIGINS)
    with np.load(saved / "child.npz") as told:
        np.testing.assert_allclose(told["point"], point, rtol=0, atol=1e-6)
        np.testing.assert_allclose(told["quantiles"], quantiles, rtol=0, atol=1e-6)
        np.testing.assert_allclose(told["record"], forecaster.record, atol=1e-6)
        assert np.isnan(told["record"]).sum() == Q


def test_the_model_file_needs_no_code_of_ours(saved):
    with zipfile.ZipFile(saved / "model.keras") as archive:
        config = archive.read("config.json").decode()
    assert "common" not in config and "stock_lstm" not in config
    assert "LSTM" in config


def test_only_the_newest_outcomes_are_kept(forecaster, tmp_path):
    long = np.arange(1300 * HORIZON * Q, dtype=float).reshape(1300, HORIZON, Q)
    values = vars(forecaster) | {"record": long}
    Forecaster(**values).save(tmp_path)
    np.testing.assert_array_equal(Forecaster.load(tmp_path).record, long[-1000:])


def test_a_truncated_model_is_refused(folder):
    path = folder / "model.keras"
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UserError, match=r"model\.keras.*Train again"):
        Forecaster.load(folder)


@pytest.mark.parametrize("content", [b"", b"not a model\n", b"PK\x03\x04 no zip"])
def test_a_file_that_is_no_model_is_refused(folder, content):
    (folder / "model.keras").write_bytes(content)
    with pytest.raises(UserError, match=r"Received: .*model\.keras"):
        Forecaster.load(folder)


def test_a_model_that_could_run_code_is_refused(tmp_path):
    path, trap = tmp_path / "model.keras", str(tmp_path / "trap")
    inputs = keras.Input((3,))
    outputs = keras.layers.Lambda(lambda x: [x, open(trap, "w").close()][0])(inputs)
    keras.Model(inputs, outputs).save(path)
    os.remove(trap)  # made when the model was built, and whenever it is trusted:
    keras.saving.load_model(path, safe_mode=False)
    os.remove(trap)
    with pytest.raises(UserError, match="strangers") as refusal:
        load_model(path)
    assert "\n" not in str(refusal.value)
    assert not os.path.exists(trap)


@pytest.mark.parametrize("name", ["model.keras", "scaler.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(UserError, match=name):
        Forecaster.load(folder)


def test_a_run_of_the_slides_has_no_forecaster(folder):
    scaling = {"recipe": "levels", "column": "open", "lowest": 1, "highest": 2}
    (folder / "scaler.json").write_text(json.dumps(scaling))
    with pytest.raises(UserError, match="slides' recipe.*without --preset slides"):
        Forecaster.load(folder)


@pytest.mark.parametrize(
    "key", ["scaler", "shrinkage", "record", "column", "target", "scaler.har"]
)
def test_a_scaler_that_lacks_something_is_refused(folder, key):
    values = json.loads((folder / "scaler.json").read_text())
    *outer, name = key.split(".")
    del (values[outer[0]] if outer else values)[name]
    (folder / "scaler.json").write_text(json.dumps(values))
    with pytest.raises(UserError, match=r"scaler\.json.*Train again"):
        Forecaster.load(folder)


@pytest.mark.parametrize(
    "change",
    [{"scaler": []}, {"scaler": {"mean": "x"}}, {"record": "x"}, {"shrinkage": {}}],
    ids=str,
)
def test_a_scaler_of_the_wrong_kind_is_refused(folder, change):
    values = json.loads((folder / "scaler.json").read_text())
    (folder / "scaler.json").write_text(json.dumps(values | change))
    with pytest.raises(UserError, match=r"scaler\.json.*Train again"):
        Forecaster.load(folder)


@pytest.mark.parametrize("text", ["[1, 2]", "7", "{", ""])
def test_a_scaler_that_is_no_object_is_refused(folder, text):
    (folder / "scaler.json").write_text(text)
    with pytest.raises(UserError, match=r"scaler\.json"):
        Forecaster.load(folder)
