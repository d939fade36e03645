"""The cells of LSTM variants, against formulas in NumPy and against Keras."""

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.experiments.variant_cell import VARIANTS, VariantLSTMCell

UNITS, FEATURES, BATCH = 3, 2, 4


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step_by_hand(variant, weights, x, h, c):
    """One step, each variant as the paper writes it, gate by gate."""
    kernel, recurrent, bias, *peepholes = weights
    blocks = np.split(x @ kernel + h @ recurrent + bias, kernel.shape[1] // UNITS, 1)
    if variant == "vanilla":
        i, f, z, o = blocks
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(z)
        return _sigmoid(o) * np.tanh(c), c
    if variant == "NIG":
        f, z, o = blocks
        c = _sigmoid(f) * c + np.tanh(z)
        return _sigmoid(o) * np.tanh(c), c
    if variant == "NFG":
        i, z, o = blocks
        c = c + _sigmoid(i) * np.tanh(z)
        return _sigmoid(o) * np.tanh(c), c
    if variant == "NOG":
        i, f, z = blocks
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(z)
        return np.tanh(c), c
    if variant == "NIAF":
        i, f, z, o = blocks
        c = _sigmoid(f) * c + _sigmoid(i) * z
        return _sigmoid(o) * np.tanh(c), c
    if variant == "NOAF":
        i, f, z, o = blocks
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(z)
        return _sigmoid(o) * c, c
    if variant == "CIFG":
        i, z, o = blocks
        c = (1 - _sigmoid(i)) * c + _sigmoid(i) * np.tanh(z)
        return _sigmoid(o) * np.tanh(c), c
    i, f, z, o = blocks
    p_i, p_f, p_o = peepholes
    c_new = _sigmoid(f + p_f * c) * c + _sigmoid(i + p_i * c) * np.tanh(z)
    return _sigmoid(o + p_o * c_new) * np.tanh(c_new), c_new


def _numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _random_weights(cell, generator):
    """Give a cell weights of which no two are alike, peepholes too."""
    cell.set_weights([generator.normal(size=w.shape) for w in cell.get_weights()])
    return [w.astype("float64") for w in cell.get_weights()]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_steps_as_written_by_hand(variant):
    generator = np.random.default_rng(0)
    cell = VariantLSTMCell(UNITS, variant)
    cell.build((None, FEATURES))
    weights = _random_weights(cell, generator)
    x = generator.normal(size=(BATCH, FEATURES)).astype("float32")
    h, c = generator.normal(size=(2, BATCH, UNITS)).astype("float32")
    found = keras.tree.map_structure(_numpy, cell(x, [h, c]))
    output, (state, memory) = found
    expected, expected_memory = step_by_hand(variant, weights, x, h, c)
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(state, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(memory, expected_memory, rtol=1e-5, atol=1e-6)


def test_vanilla_is_the_cell_of_keras():
    generator = np.random.default_rng(1)
    ours, theirs = VariantLSTMCell(UNITS), keras.layers.LSTMCell(UNITS)
    for cell in (ours, theirs):
        cell.build((None, FEATURES))
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        assert mine.shape == other.shape
    np.testing.assert_array_equal(
        _numpy(ours.bias), _numpy(theirs.bias)
    )  # forget gates open
    theirs.set_weights(_random_weights(ours, generator))
    sequences = generator.normal(size=(BATCH, 6, FEATURES)).astype("float32")
    both = [
        keras.layers.RNN(c, return_sequences=True)(sequences) for c in (ours, theirs)
    ]
    np.testing.assert_allclose(*map(_numpy, both), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("variant", "blocks"),
    {"vanilla": 4, "NIG": 3, "NFG": 3, "NOG": 3, "NIAF": 4, "CIFG": 3}.items(),
)
def test_a_gate_that_is_not_there_has_no_weights(variant, blocks):
    cell = VariantLSTMCell(UNITS, variant)
    cell.build((None, FEATURES))
    assert cell.count_params() == blocks * UNITS * (FEATURES + UNITS + 1)


def test_peepholes_add_three_numbers_for_each_unit():
    cell = VariantLSTMCell(UNITS, "peephole")
    cell.build((None, FEATURES))
    assert cell.count_params() == 4 * UNITS * (FEATURES + UNITS + 1) + 3 * UNITS


def test_coupled_gates_keep_at_first_what_other_forget_gates_keep():
    cell = VariantLSTMCell(UNITS, "CIFG")
    cell.build((None, FEATURES))
    kept = 1 - _sigmoid(_numpy(cell.bias)[:UNITS])
    np.testing.assert_allclose(kept, _sigmoid(1.0), rtol=1e-6)


def test_a_saved_net_answers_as_before(tmp_path):
    inputs = keras.Input((5, FEATURES))
    model = keras.Model(
        inputs, keras.layers.RNN(VariantLSTMCell(3, "peephole"))(inputs)
    )
    model.save(tmp_path / "net.keras")
    loaded = keras.saving.load_model(tmp_path / "net.keras")
    x = np.random.default_rng(2).normal(size=(BATCH, 5, FEATURES)).astype("float32")
    np.testing.assert_allclose(_numpy(loaded(x)), _numpy(model(x)), rtol=1e-6)


def test_unknown_variant_is_refused():
    with pytest.raises(UserError, match="one of vanilla, NIG"):
        VariantLSTMCell(3, "none")
