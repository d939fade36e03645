"""The encoder-decoder: masks, steps, gradients, and the lecture's form in NumPy."""

import itertools

import keras
import numpy as np
import pytest

from projects.couplet.network.architecture import (
    ATTENTIONS,
    CELLS,
    ENCODERS,
    Architecture,
)
from projects.couplet.network.model import build_model, set_frequencies
from projects.couplet.tokens import PAD, START
from tests.couplet.toy_couplets import random_weights

IDS, LONGEST = 12, 4
LENGTHS = np.array([4, 3, 2])
REAL = np.arange(LONGEST) < LENGTHS[:, None]
_random = np.random.default_rng(3)
SOURCE, TARGET = np.where(REAL, _random.integers(6, IDS, (2, 3, LONGEST)), PAD)
PREVIOUS = np.concatenate([np.full((3, 1), START), TARGET[:, :-1]], axis=1)
# Each attention with each encoder, each cell and each order of the source.
WAYS = [*itertools.product(ENCODERS, ("aligned", "reversed"))]
FORMS = [
    (attention, encoder, order, CELLS[(number + row) % 3])
    for number, attention in enumerate(ATTENTIONS)
    for row, (encoder, order) in enumerate(WAYS)
]


def make_form(attention, encoder, order, cell, **others):
    return Architecture(
        attention=attention,
        encoder=encoder,
        cell=cell,
        aligned=order == "aligned",
        direct=order == "aligned",
        reverse_source=order == "reversed",
        units=8,
        embedding_dim=6,
        **others,
    )


def run(model, **inputs):
    """Run a model as it is in use; return arrays."""
    given = {name: keras.ops.convert_to_tensor(x) for name, x in inputs.items()}
    given = given["source"] if model.name == "encode" else given
    outputs = model(given, training=False)
    return keras.tree.map_structure(keras.ops.convert_to_numpy, outputs)


def log_softmax(logits):
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


@pytest.fixture(scope="module", params=FORMS, ids="-".join)
def built(request):
    """Return a form and its model, whose weights are far from zero."""
    form = make_form(*request.param)
    model = build_model(IDS, form)
    random_weights(model.full)
    return form, model


def test_padding_changes_nothing(built):
    _, model = built
    together = run(model.full, source=SOURCE, previous=PREVIOUS)
    own = slice(2, 3), slice(0, LENGTHS[2])
    alone = run(model.full, source=SOURCE[own], previous=PREVIOUS[own])
    np.testing.assert_allclose(together[own], alone, atol=2e-5)


def test_steps_say_what_the_whole_line_says(built):
    form, model = built
    logits = run(model.full, source=SOURCE, previous=PREVIOUS)
    expected = log_softmax(logits)
    memory = run(model.encode, source=SOURCE)
    names = [x.name for x in model.step.inputs if x.name.startswith("state_")]
    assert len(names) == (4 if form.cell == "lstm" else 2)
    state = {name: np.zeros((3, form.units), np.float32) for name in names}
    for position in range(LONGEST):
        here = slice(position, position + 1)
        after = run(
            model.step,
            previous=PREVIOUS[:, here],
            here=SOURCE[:, here],
            encoded_here=memory["encoded"][:, here],
            source=SOURCE,
            **memory,
            **state,
        )
        own = after.pop("log_probs")
        real = REAL[:, position]
        np.testing.assert_allclose(own[real], expected[real, position], atol=3e-5)
        state = after


def test_a_step_sees_nothing_of_what_comes_later(built):
    _, model = built
    changed = PREVIOUS.copy()
    changed[:, 2] = 11
    before = run(model.full, source=SOURCE, previous=PREVIOUS)
    after = run(model.full, source=SOURCE, previous=changed)
    np.testing.assert_array_equal(before[:, :2], after[:, :2])
    assert np.abs(before[0, 2:] - after[0, 2:]).max() > 1e-3


def test_every_character_of_the_source_matters(built):
    _, model = built
    changed = np.tile(SOURCE[:1], (1 + LONGEST, 1))
    for row in range(LONGEST):
        changed[1 + row, row] = 6 + (changed[0, row] - 5) % 6
    logits = run(model.full, source=changed, previous=PREVIOUS[[0] * len(changed)])
    # Even the last character reaches the first step.
    assert (np.abs(logits[1:, 0] - logits[0, 0]).max(axis=-1) > 1e-6).all()


def test_every_weight_learns(built):
    _, model = built
    before = model.full.get_weights()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.full.compile(keras.optimizers.SGD(1.0), loss, run_eagerly=True)
    inputs = {"source": SOURCE, "previous": PREVIOUS}
    model.full.train_on_batch(inputs, TARGET, REAL.astype("float32"))
    for variable, old in zip(model.full.weights, before, strict=True):
        if variable.path.endswith("key/bias"):
            continue  # adds the same to all scores, which a softmax does not see
        changed = not np.array_equal(keras.ops.convert_to_numpy(variable), old)
        assert changed == variable.trainable, variable.path
    model.full.set_weights(before)


def test_the_weights_of_a_look_are_told(built):
    form, model = built
    if form.attention == "none":
        assert model.looking is None
        return
    weights = run(model.looking, source=SOURCE, previous=PREVIOUS)
    assert weights.shape == (3, LONGEST, LONGEST)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    real = REAL[:, ::-1] if form.reverse_source else REAL
    assert not weights[np.broadcast_to(~real[:, None], weights.shape)].any()


@pytest.mark.parametrize(
    "form",
    [
        make_form("dot", "bi", "aligned", "lstm"),
        make_form("local", "uni", "reversed", "gru"),
    ],
)
def test_without_masks_lines_of_one_length_are_judged_alike(form):
    models = [build_model(IDS, form, padded=padded).full for padded in (True, False)]
    random_weights(models[0])
    models[1].set_weights(models[0].get_weights())
    source, previous = SOURCE[:, :2], PREVIOUS[:, :2]
    own, other = (run(model, source=source, previous=previous) for model in models)
    np.testing.assert_allclose(own, other, atol=1e-5)


def test_the_output_begins_with_what_is_common():
    model = build_model(IDS, make_form("dot", "uni", "aligned", "lstm")).full
    counts = np.array([0, 0, 0, 0, 0, 0, 50, 30, 20, 10, 5, 1])
    set_frequencies(model, counts)
    bias = model.get_layer("frequencies").get_weights()[0]
    assert np.exp(bias).sum() == pytest.approx(1)
    assert np.exp(bias[6] - bias[7]) == pytest.approx(50.5 / 30.5)
    assert np.isfinite(bias).all()


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def numpy_lstm(inputs, weights):
    """Run an LSTM over (time, features) as its equations say; return all outputs."""
    kernel, recurrent, bias = weights
    hidden = carry = np.zeros(len(recurrent))
    outputs = []
    for vector in inputs:
        gates = vector @ kernel + hidden @ recurrent + bias
        enter, forget, candidate, leave = np.split(gates, 4)
        carry = sigmoid(forget) * carry + sigmoid(enter) * np.tanh(candidate)
        hidden = sigmoid(leave) * np.tanh(carry)
        outputs.append(hidden)
    return np.array(outputs)


@pytest.mark.parametrize(("order", "way"), [("plain", 1), ("reversed", -1)])
def test_the_lecture_feeds_the_fixed_vector_at_every_step(order, way):
    form = make_form("none", "uni", order, "lstm", encoder_layers=1, decoder_layers=1)
    model = build_model(IDS, form, padded=False).full
    random_weights(model)
    weights = {layer.name: layer.get_weights() for layer in model.layers}
    (table,) = weights["characters"]
    source, previous = SOURCE[0], PREVIOUS[0]
    fixed = numpy_lstm(8.0 * table[source[::way]], weights["encoder_1"])[-1]
    fed = [np.concatenate([8.0 * table[number], fixed]) for number in previous]
    hidden = numpy_lstm(fed, weights["decoder_1"])
    kernel, bias = weights["features"]
    expected = (hidden @ kernel + bias) @ table.T + weights["frequencies"][0]
    logits = run(model, source=source[None], previous=previous[None])
    np.testing.assert_allclose(logits[0], expected, atol=1e-4)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("attention", ["none", "local", "multi_head"])
def test_half_precision_says_nearly_the_same(precision, attention):
    form = make_form(attention, "bi", "aligned", "lstm")
    exact = build_model(IDS, form).full
    keras.config.set_dtype_policy(precision)
    try:
        model = build_model(IDS, form).full
    finally:
        keras.config.set_dtype_policy("float32")
    random_weights(exact, scale=0.2)
    model.set_weights(exact.get_weights())
    logits, half = (run(m, source=SOURCE, previous=PREVIOUS) for m in (exact, model))
    assert half.dtype == np.float32 and np.abs(half - logits)[REAL].max() < 0.05
    assert not np.array_equal(half, logits)
