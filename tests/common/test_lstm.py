"""`FusedLSTM` against `keras.layers.LSTM`, which is a wholly different code."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from common.lstm import FusedLSTM, portable

tf = pytest.importorskip("tensorflow")
lstm_kernel = pytest.importorskip("common.lstm_kernel")
if keras.backend.backend() != "tensorflow":
    pytest.skip("the kernel is TensorFlow's", allow_module_level=True)

# Keras 3.15 on TensorFlow meets this in NumPy 2 whenever it saves a variable.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

REPOSITORY = Path(__file__).resolve().parents[2]
BATCH, TIME, FEATURES, UNITS = 5, 7, 3, 4
LENGTHS = np.array([TIME, 3, 0, 1, 5])[:, None]
RANDOM = np.random.default_rng(0)
INPUTS = RANDOM.normal(size=(BATCH, TIME, FEATURES)).astype("float32")
STATES = RANDOM.normal(size=(2, BATCH, UNITS)).astype("float32")
MASKS = {
    "no mask": None,
    "right-padded": np.arange(TIME) < LENGTHS,
    "left-padded": np.arange(TIME) >= TIME - LENGTHS,
    "with holes": RANDOM.random((BATCH, TIME)) < 0.5,
    "all masked": np.zeros((BATCH, TIME), bool),
}


def pair(**arguments):
    """Return a Keras layer and a fused one of the same random weights."""
    plain = keras.layers.LSTM(UNITS, **arguments)
    fused = FusedLSTM(UNITS, **arguments)
    plain.build(INPUTS.shape)
    fused.build(INPUTS.shape)
    weights = [RANDOM.normal(size=w.shape) for w in plain.get_weights()]
    plain.set_weights(weights)
    fused.set_weights(weights)
    return plain, fused


def outputs_and_gradients(layer, mask):
    """Return all outputs, then the gradients of a sum that no symmetry cancels."""
    inputs, states = tf.constant(INPUTS), [tf.constant(s) for s in STATES]
    weights = [w.value for w in layer.trainable_variables]
    mask = None if mask is None else tf.constant(mask)
    with tf.GradientTape() as tape:
        tape.watch([inputs, *states])
        outputs = layer(inputs, mask=mask, initial_state=states)
        total = sum(tf.reduce_sum(tf.sin(o + i)) for i, o in enumerate(outputs))
    return [*outputs, *tape.gradient(total, [inputs, *states, *weights])]


def uses_kernel(layer):
    graph = tf.function(layer).get_concrete_function(tf.constant(INPUTS)).graph
    return "BlockLSTM" in {operation.type for operation in graph.get_operations()}


def assert_close(actual, expected, tolerance=1e-5):
    for one, other in zip(actual, expected, strict=True):
        one, other = np.asarray(one), np.asarray(other)
        scale = max(np.abs(other).max(), 1e-3)
        np.testing.assert_allclose(one / scale, other / scale, rtol=0, atol=tolerance)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("sequences", [True, False], ids=["sequences", "last"])
@pytest.mark.parametrize("backwards", [True, False], ids=["backwards", "forwards"])
@pytest.mark.parametrize("many_units", [1, 128], ids=["our gradient", "its gradient"])
def test_outputs_and_gradients_equal_keras(
    mask, sequences, backwards, many_units, monkeypatch
):
    monkeypatch.setattr(lstm_kernel, "MANY_UNITS", many_units)
    plain, fused = pair(
        return_state=True, return_sequences=sequences, go_backwards=backwards
    )
    expected = outputs_and_gradients(plain, MASKS[mask])
    assert_close(outputs_and_gradients(fused, MASKS[mask]), expected)


@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize("mask", ["right-padded", "with holes"])
def test_zero_output_for_mask(mask, backwards):
    plain, fused = pair(
        return_state=True,
        return_sequences=True,
        zero_output_for_mask=True,
        go_backwards=backwards,
    )
    expected = outputs_and_gradients(plain, MASKS[mask])
    actual = outputs_and_gradients(fused, MASKS[mask])
    assert_close(actual, expected)
    masked = MASKS[mask][:, ::-1] if backwards else MASKS[mask]
    assert not np.asarray(actual[0])[~masked].any()


@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_mask_need_not_be_boolean(dtype):
    _, fused = pair(return_sequences=True)
    mask = MASKS["with holes"]
    expected = fused(INPUTS, mask=mask)
    np.testing.assert_array_equal(fused(INPUTS, mask=mask.astype(dtype)), expected)


@pytest.mark.parametrize(
    ("arguments", "served"),
    [
        ({}, True),
        ({"use_bias": False}, True),
        ({"unit_forget_bias": False}, True),
        ({"dropout": 0.5, "seed": 1}, True),
        ({"use_cudnn": False}, True),
        ({"recurrent_dropout": 0.5, "seed": 1}, False),
        ({"activation": "relu"}, False),
        ({"recurrent_activation": "hard_sigmoid"}, False),
        ({"unroll": True}, False),
        ({"implementation": 1}, False),
        ({"dtype": "float64"}, False),
        ({"dtype": "mixed_bfloat16"}, False),
    ],
    ids=str,
)
def test_kernel_serves_or_keras_takes_over(arguments, served):
    plain, fused = pair(return_sequences=True, **arguments)
    assert uses_kernel(fused) is served
    assert fused.supports_jit is not served
    assert fused.compute_dtype == plain.compute_dtype
    for training in (False, True):
        actual = fused(INPUTS, training=training)
        expected = plain(INPUTS, training=training)
        assert actual.dtype == expected.dtype
        assert_close([tf.cast(actual, "float32")], [tf.cast(expected, "float32")])


@pytest.mark.parametrize("length", [TIME, None])
def test_many_units_of_unknown_length_equal_keras(length, monkeypatch):
    monkeypatch.setattr(lstm_kernel, "MANY_UNITS", UNITS)
    layers = pair(return_sequences=True)
    shape = (None, length, FEATURES)

    def gradients(layer, inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            total = tf.reduce_sum(tf.sin(layer(inputs)))
        return tape.gradient(total, [inputs, *(w.value for w in layer.weights)])

    expected, actual = (
        tf.function(gradients).get_concrete_function(layer, tf.TensorSpec(shape))(
            inputs=tf.constant(INPUTS)
        )
        for layer in layers
    )
    assert_close(actual, expected)


def test_keras_refuses_cudnn_on_a_processor_as_ever():
    layer = FusedLSTM(UNITS, use_cudnn=True)
    with pytest.raises(ValueError, match="cuDNN is not supported"):
        layer(INPUTS)


def test_time_and_batch_may_be_unknown():
    plain, fused = pair(return_sequences=True)
    for shape in [(None, None, FEATURES), (None, TIME, FEATURES)]:
        call = tf.function(fused, input_signature=[tf.TensorSpec(shape)])
        assert_close([call(INPUTS[:2])], [plain(INPUTS[:2])])


def test_odd_sizes_bring_no_warning(capfd):
    _, fused = pair()
    fused(INPUTS)
    assert "BlockLSTM" not in capfd.readouterr().err


def test_stateful_carries_on_and_resets():
    plain, fused = pair(stateful=True, return_sequences=True)
    first = np.asarray(fused(INPUTS))
    assert_close([first], [plain(INPUTS)])
    second = np.asarray(fused(INPUTS))
    assert np.abs(second - first).max() > 1e-2
    assert_close([second], [plain(INPUTS)])
    fused.reset_state()
    np.testing.assert_allclose(fused(INPUTS), first, atol=1e-6)


@pytest.mark.parametrize("mask", ["no mask", "right-padded", "with holes"])
@pytest.mark.parametrize("sequences", [True, False], ids=["sequences", "last"])
def test_bidirectional_equals_keras(mask, sequences):
    arguments = {"return_sequences": sequences, "return_state": True}
    plain = keras.layers.Bidirectional(keras.layers.LSTM(UNITS, **arguments))
    fused = keras.layers.Bidirectional(FusedLSTM(UNITS, **arguments))
    plain.build(INPUTS.shape)
    fused.build(INPUTS.shape)
    fused.set_weights(plain.get_weights())
    assert isinstance(fused.backward_layer, FusedLSTM)
    mask = None if MASKS[mask] is None else tf.constant(MASKS[mask])
    assert_close(fused(INPUTS, mask=mask), plain(INPUTS, mask=mask))


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
