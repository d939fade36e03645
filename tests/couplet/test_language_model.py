"""The model of poems: what it may see, and NumPy's steps against Keras' sequences."""

import keras
import numpy as np
import pytest

from projects.couplet.poems.batches import PieceBatches, Pieces
from projects.couplet.poems.corpus import NUM_ABOVE
from projects.couplet.poems.language_model import build_model
from projects.couplet.poems.steps import PoemSteps, weight_shapes
from projects.couplet.poems.training import compile_model
from projects.couplet.tokens import PAD, Tokens
from tests.couplet.tiny_poet import make_poems

pytestmark = pytest.mark.backend

NUM, DIM, UNITS = 30, 8, 6


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(1)
    model = build_model(NUM, DIM, UNITS, dropout=0.5)
    generator = np.random.default_rng(1)
    # Also the weights that begin as zeros and ones take part.
    model.set_weights([generator.normal(0, 0.7, w.shape) for w in model.weights])
    return model


def make_inputs(rows=3, time=11):
    generator = np.random.default_rng(2)
    return {
        "tokens": generator.integers(0, NUM, (rows, time)).astype("int32"),
        "above": generator.integers(0, NUM, (rows, time, NUM_ABOVE)).astype("int32"),
    }


def test_steps_are_those_of_the_model(model):
    inputs = make_inputs()
    logits = model.predict(inputs, verbose=0).astype("float64")
    expected = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    steps = PoemSteps.of(model.get_weights())
    state = steps.begin(3)
    for time in range(11):
        arguments = inputs["tokens"][:, time], inputs["above"][:, time]
        state, found = steps.step(state, *arguments)
        np.testing.assert_allclose(found, expected[:, time], rtol=1e-4, atol=1e-4)


def test_the_shapes_on_disk_are_those_of_the_model(model):
    shapes = [tuple(variable.shape) for variable in model.weights]
    assert weight_shapes(NUM, DIM, UNITS) == shapes


def test_states_are_taken_and_joined_by_text(model):
    steps, inputs = PoemSteps.of(model.get_weights()), make_inputs()
    arguments = inputs["tokens"][:, 0], inputs["above"][:, 0]
    whole, _ = steps.step(steps.begin(3), *arguments)
    mixed = whole.take([2, 0]).join(whole.take([1]))
    _, expected = steps.step(whole, *arguments)
    order = [2, 0, 1]
    _, found = steps.step(mixed, *(argument[order] for argument in arguments))
    np.testing.assert_allclose(found, expected[order], rtol=1e-5, atol=1e-6)


def test_the_model_does_not_look_ahead(model):
    inputs = make_inputs()
    before = model.predict(inputs, verbose=0)
    changed = {name: array.copy() for name, array in inputs.items()}
    changed["tokens"][:, 6] = (changed["tokens"][:, 6] + 1) % NUM
    after = model.predict(changed, verbose=0)
    assert np.array_equal(before[:, :6], after[:, :6])
    assert not np.allclose(before[:, 6:], after[:, 6:])


def test_padding_does_not_count():
    model = build_model(NUM, DIM, UNITS)
    compile_model(model, 0.01, 10)
    inputs, targets = make_inputs(2, 6), np.full((2, 6), 3, "int32")
    targets[:, 4:] = PAD
    short = {name: array[:, :4] for name, array in inputs.items()}
    padded = model.evaluate(inputs, targets, verbose=0)
    assert padded == pytest.approx(model.evaluate(short, targets[:, :4], verbose=0))


def test_the_step_size_rises_and_falls():
    model = build_model(NUM, DIM, UNITS)
    compile_model(model, 0.02, 1000)
    rate = model.optimizer._learning_rate
    sizes = [float(rate(step)) for step in (0, 50, 500, 999)]
    assert sizes == pytest.approx([0.0002, 0.02, 0.0109, 0.0002], rel=0.1)


def test_it_learns_what_stands_above():
    # Second clauses repeat first ones: without looking up there is no telling.
    poems = ["{0}，{0}。".format(poem[:5]) for poem in make_poems(400)]
    tokens = Tokens.from_lines(poems, min_count=1)
    keras.utils.set_random_seed(0)
    model = build_model(len(tokens), 16, 8)
    compile_model(model, 0.05, 150)
    batches = PieceBatches(Pieces.of(poems, tokens), batch_size=32)
    model.fit(batches, epochs=12, shuffle=False, verbose=0)
    inputs, targets = Pieces.of(poems[:50], tokens).batch(np.arange(50))
    guesses = model.predict(inputs, verbose=0).argmax(axis=-1)
    assert (guesses == targets)[:, 6:].mean() > 0.95
    assert (guesses == targets)[:, :5].mean() < 0.3
