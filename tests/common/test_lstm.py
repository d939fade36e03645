"""`FusedLSTM` against `keras.layers.LSTM`, which is a wholly different code."""

import keras
import numpy as np
import pytest

from common.lstm import FusedLSTM

tf = pytest.importorskip("tensorflow")
lstm_kernel = pytest.importorskip("common.lstm_kernel")
pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the kernel is TensorFlow's"
)

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
