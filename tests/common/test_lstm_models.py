"""Models with `FusedLSTM`: trained, saved, made portable, on other backends."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from common.lstm import FusedLSTM, portable
from tests.common.test_lstm import (
    BATCH,
    FEATURES,
    INPUTS,
    MASKS,
    TIME,
    UNITS,
    assert_close,
    pair,
)

REPOSITORY = Path(__file__).resolve().parents[2]


def build_model(layer, seed=1):
    """Return a small net that masks, stacks, drops, nests and goes both ways."""
    encoder = keras.Sequential(
        [
            keras.Input((TIME, FEATURES)),
            keras.layers.Masking(),
            layer(UNITS, return_sequences=True),
            keras.layers.Dropout(0.2, seed=seed),
        ]
    )
    inputs = keras.Input((TIME, FEATURES))
    outputs = keras.layers.Bidirectional(layer(UNITS))(encoder(inputs))
    return keras.Model(inputs, keras.layers.Dense(1)(outputs))


@pytest.fixture(scope="module")
def trained():
    """Return a plain and a fused model, each trained alike, and their losses."""
    inputs = np.where(MASKS["with holes"][..., None], INPUTS, 0.0)
    targets = inputs.sum(axis=(1, 2))[:, None]
    keras.utils.set_random_seed(0)
    models = [build_model(layer) for layer in (keras.layers.LSTM, FusedLSTM)]
    models[1].set_weights(models[0].get_weights())
    losses = []
    for model in models:
        model.compile(keras.optimizers.Adam(0.01), "mse")
        history = model.fit(
            inputs, targets, epochs=5, batch_size=2, shuffle=False, verbose=0
        )
        losses.append(history.history["loss"])
    return models, losses


def test_training_equals_keras(trained):
    models, (plain, fused) = trained
    np.testing.assert_allclose(fused, plain, rtol=1e-5)
    assert fused[-1] < fused[0]
    weights = [model.get_weights() for model in models]
    assert_close(weights[1], weights[0], tolerance=1e-4)


def test_jit_compile_is_declined_aloud():
    model = build_model(FusedLSTM)
    with pytest.warns(UserWarning, match="Proceeding with `jit_compile=False`"):
        model.compile("adam", "mse", jit_compile=True)
    history = model.fit(INPUTS, np.ones((BATCH, 1)), verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_saved_fused_model_loads_again(trained, tmp_path):
    (_, model), _ = trained
    model.save(tmp_path / "fused.keras")
    loaded = keras.saving.load_model(tmp_path / "fused.keras")
    assert isinstance(loaded.layers[1].layers[1], FusedLSTM)
    assert_close(
        [loaded.predict(INPUTS, verbose=0)], [model.predict(INPUTS, verbose=0)]
    )


def test_portable_copy_holds_no_fused_layer(trained):
    (_, model), _ = trained
    copy = portable(model)
    kinds = {type(layer) for layer in copy._flatten_layers()}
    assert keras.layers.LSTM in kinds
    assert FusedLSTM not in kinds
    assert [layer.name for layer in copy.layers] == [
        layer.name for layer in model.layers
    ]
    assert_close([copy.predict(INPUTS, verbose=0)], [model.predict(INPUTS, verbose=0)])


def test_weight_files_interchange(trained, tmp_path):
    (plain, fused), _ = trained
    copy = portable(fused)
    copy.save_weights(tmp_path / "fused.weights.h5")
    other = build_model(keras.layers.LSTM)
    other.load_weights(tmp_path / "fused.weights.h5")
    back = build_model(FusedLSTM)
    back.set_weights(other.get_weights())
    for one, two in zip(back.get_weights(), fused.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def run_python(code, tmp_path, **environment):
    """Run code in a fresh interpreter elsewhere; return what it printed."""
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)} | environment,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    return process.stdout


def test_portable_file_needs_no_class_of_ours(trained, tmp_path):
    (_, model), _ = trained
    portable(model).save(tmp_path / "portable.keras")
    np.save(tmp_path / "inputs.npy", INPUTS)
    code = """
import sys
sys.modules["common"] = None  # any import of it fails
import keras, numpy
model = keras.saving.load_model("portable.keras")
numpy.save("outputs.npy", model.predict(numpy.load("inputs.npy"), verbose=0))
"""
    run_python(code, tmp_path)
    assert_close(
        [np.load(tmp_path / "outputs.npy")], [model.predict(INPUTS, verbose=0)]
    )


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_run_the_layer_of_keras(backend, tmp_path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    plain, fused = pair(return_sequences=True)
    names = ["kernel", "recurrent", "bias"]
    weights = dict(zip(names, fused.get_weights(), strict=True))
    np.savez(tmp_path / "inputs.npz", inputs=INPUTS, **weights)
    code = """
import sys
sys.modules["tensorflow"] = None  # any import of it fails
import keras, numpy
from common.lstm import FusedLSTM
data = numpy.load("inputs.npz")
layer = FusedLSTM(4, return_sequences=True)
layer.build(data["inputs"].shape)
layer.set_weights([data[name] for name in ("kernel", "recurrent", "bias")])
outputs = layer(data["inputs"])
numpy.save("outputs.npy", keras.ops.convert_to_numpy(outputs))
print(keras.backend.backend(), layer.supports_jit)
"""
    printed = run_python(code, tmp_path, KERAS_BACKEND=backend)
    assert printed.split() == [backend, "True"]
    assert_close([np.load(tmp_path / "outputs.npy")], [plain(INPUTS)])
