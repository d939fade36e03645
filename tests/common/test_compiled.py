import keras
import numpy as np
import pytest

from common.compiled import compiled


@pytest.fixture(scope="module")
def model():
    words = keras.Input((None,), dtype="int32", name="words")
    scale = keras.Input((1,), name="scale")
    embedded = keras.layers.Embedding(9, 3)(words)
    lasting = keras.layers.Dropout(0.9)(embedded)
    sums = keras.ops.sum(lasting, axis=1) * scale
    return keras.Model({"words": words, "scale": scale}, {"sums": sums})


@pytest.mark.backend
@pytest.mark.parametrize("shape", [(1, 4), (1, 2), (5, 2), (5, 7)])
def test_it_does_what_predict_on_batch_does(model, shape):
    random = np.random.default_rng(0)
    inputs = {
        "scale": random.random((shape[0], 1)).astype("float32"),
        "words": random.integers(0, 9, shape).astype("int32"),
    }
    expected = model.predict_on_batch(inputs)
    received = compiled(model)(inputs | {"more": np.zeros(3)})
    assert received.keys() == {"sums"}
    assert isinstance(received["sums"], np.ndarray)
    np.testing.assert_array_equal(received["sums"], expected["sums"])


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's")
def test_one_trace_serves_all_shapes():
    calls = []

    class Counting(keras.layers.Layer):
        def call(self, inputs):
            calls.append(inputs.shape)
            return inputs + 1

    inputs = keras.Input((None,))
    run = compiled(keras.Model(inputs, Counting()(inputs)))
    calls.clear()
    for shape in [(1, 4), (2, 3), (3, 2), (4, 1)]:
        assert (run(np.zeros(shape, "float32")) == 1).all()
    assert len(calls) == 1
