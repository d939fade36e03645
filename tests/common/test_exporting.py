"""A model as a file says what Keras says, or there is no file."""

import importlib.util
import json

import keras
import numpy as np
import pytest

from common import engines, exporting
from common.errors import UserError
from common.export_options import FORMATS, ExportOptions
from common.exporting import Part, export, export_all
from common.lstm import FusedLSTM


def make_part(name="net"):
    """Return a net with a FusedLSTM both ways, a state handed on, and two batches."""
    keras.utils.set_random_seed(1)
    given = {
        "x": keras.Input((4, 3), name="x"),
        "state": keras.Input((2,), name="state"),
        "there": keras.Input((4,), name="there", dtype="bool"),
    }
    read = keras.layers.Bidirectional(FusedLSTM(2))
    found = {
        "y": keras.layers.Dense(2)(read(given["x"], mask=given["there"])),
        "state": keras.layers.Dense(2)(given["state"]),
    }
    random = np.random.default_rng(0)
    examples = [
        {
            "x": random.normal(size=(count, 4, 3)).astype(np.float32),
            "state": random.normal(size=(count, 2)).astype(np.float32),
            "there": np.arange(4) < random.integers(1, 5, (count, 1)),
        }
        for count in (2, 5)
    ]
    return Part(name, keras.Model(given, found), examples, {"y": "a number"})


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_says_what_keras_says(format, tmp_path):
    part = make_part()
    path, difference = export(part, format, tmp_path / "a" / "b")
    assert path == tmp_path / "a" / "b" / f"net.{format}"
    assert 0 <= difference < 1e-5
    with np.load(f"{path}.npz") as stored:
        example = {n: stored[f"input.{n}"] for n in ("x", "state", "there")}
        expected = {n: stored[f"output.{n}"] for n in ("y", "next_state")}
    kept = part.model(part.examples[0], training=False)
    np.testing.assert_array_equal(expected["next_state"], kept["state"])
    np.testing.assert_allclose(expected["y"], kept["y"], atol=1e-6)
    found = engines.ENGINES[format].load(path)(example)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, atol=1e-5)

    described = json.loads((tmp_path / "a" / "b" / f"net.{format}.json").read_text())
    batch = 2 if format == "tflite" else None
    assert {"name": "x", "shape": [batch, 4, 3], "dtype": "float32"} in described[
        "inputs"
    ]
    assert [line["name"] for line in described["outputs"]] == ["y", "next_state"]
    assert described["largest_difference"] == difference
    assert described["meaning"] == {"y": "a number"}
    assert not list((tmp_path / "a" / "b").glob(".*"))


@pytest.mark.parametrize("wrong", [1.1e-4, np.nan])
def test_a_file_that_says_something_else_is_not_kept(wrong, tmp_path, monkeypatch):
    answer = {"y": np.zeros((2, 2), np.float32), "next_state": np.zeros((2, 2))}

    def load(path):
        assert path.read_text() == "model"
        return lambda given: {n: a + wrong for n, a in answer.items()}

    bad = engines.Engine(
        "numpy", True, lambda m, path, s: path.write_text("model"), load
    )
    monkeypatch.setitem(engines.ENGINES, "onnx", bad)
    monkeypatch.setattr(exporting, "_ask_keras", lambda model, example: answer)
    with pytest.raises(UserError, match="differ from Keras by at most 0.0001"):
        export(make_part(), "onnx", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_unless_overwritten(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        exporting, "export", lambda *given: (written.append(given) or tmp_path, 0.5)
    )
    (tmp_path / "vocabulary.txt").write_text("a")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "two.onnx").touch()
    parts = [make_part("one"), make_part("two")]
    given = (parts, [tmp_path / "vocabulary.txt"])
    with pytest.raises(UserError, match="has two.onnx"):
        export_all(*given, ExportOptions(), tmp_path / "out")
    assert not written
    lines = export_all(*given, ExportOptions(overwrite=True), tmp_path / "out")
    assert lines == [f"{tmp_path}: differs from Keras by at most 5.0e-01"] * 2
    assert (tmp_path / "out" / "vocabulary.txt").read_text() == "a"


@pytest.mark.parametrize(
    ("format", "package"), [("onnx", "onnxruntime"), ("tflite", "ai_edge_litert")]
)
def test_a_missing_package_is_told(format, package, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == package else find(name),
    )
    with pytest.raises(UserError, match=rf"{package} .*\.\[export\]"):
        ExportOptions(format=format)
    ExportOptions(format="saved_model")


def test_other_backends_are_refused(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(UserError, match="KERAS_BACKEND=jax"):
        ExportOptions()
