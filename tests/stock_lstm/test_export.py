"""The nets of a run as files: they forecast what the run forecasts."""

import json

import numpy as np
import pytest

from common.engines import ENGINES
from common.errors import run_main
from common.export_options import FORMATS
from projects.stock_lstm.export import main
from projects.stock_lstm.forecaster import fit_forecaster
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import LEVELS, build_slides_model
from projects.stock_lstm.windows import make_windows
from tests.stock_lstm.series import make_frame
from tests.stock_lstm.tiny import make_ensemble


def as_run(folder):
    """Add what makes a folder a finished run."""
    (folder / "config.json").write_text(json.dumps({"config": {}, "versions": {}}))
    (folder / "report.md").write_text("# A run\n")
    return folder


@pytest.fixture(scope="module")
def forecaster(tmp_path_factory):
    frame = make_frame(190)
    series = make_indicators(frame, "close", "price")
    record = np.zeros((60, 2, len(LEVELS)))
    checkpoints = tmp_path_factory.mktemp("checkpoints")
    ensemble = make_ensemble(series, horizon=2, epochs=1)
    return fit_forecaster(ensemble, series, record, checkpoints)[0]


@pytest.fixture(scope="module")
def run_dir(forecaster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    forecaster.save(folder)
    make_frame(190).to_csv(folder / "prices.csv", index_label="date")
    return as_run(folder)


@pytest.mark.parametrize("format", FORMATS)
def test_the_newest_window_is_forecast_alike(format, run_dir, forecaster, capsys):
    assert main(["--run-dir", str(run_dir), "--format", format]) == 0
    folder = run_dir / "export"
    assert f"{folder / 'forecaster'}.{format}: differs" in capsys.readouterr().out
    series = make_indicators(make_frame(190), "close", "price")
    newest = make_windows(series, forecaster.scaler, np.array([189]), 5)
    run = ENGINES[format].load(folder / f"forecaster.{format}")
    found = run({"window": newest.inputs})["output"]
    expected = forecaster.model.predict(newest.inputs, verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    with np.load(folder / f"forecaster.{format}.npz") as stored:
        np.testing.assert_array_equal(stored["input.window"], newest.inputs)
    described = json.loads((folder / f"forecaster.{format}.json").read_text())
    assert described["meaning"]["channels"] == list(series.names)
    assert (folder / "scaler.json").read_bytes() == (
        run_dir / "scaler.json"
    ).read_bytes()


def test_the_slides_net_can_be_exported(tmp_path):
    build_slides_model(6, units=3).save(tmp_path / "model.keras")
    scaler = {"recipe": "levels", "column": "open", "lowest": 1, "highest": 2}
    (tmp_path / "scaler.json").write_text(json.dumps(scaler))
    out = tmp_path / "out"
    given = ["--run-dir", str(as_run(tmp_path)), "--output", str(out)]
    assert main(given) == 0
    assert (out / "forecaster.onnx").is_file()
    assert run_main(main, given) == 2


def test_an_unfinished_run_is_refused(tmp_path, capsys):
    (tmp_path / "config.json").write_text("{}")
    assert run_main(main, ["--run-dir", str(tmp_path)]) == 2
    assert "lacks report.md" in capsys.readouterr().err
