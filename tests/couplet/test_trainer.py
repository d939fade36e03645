"""Training: what is learned, how steps grow and shrink, precision, resuming."""

import dataclasses
import math

import keras
import numpy as np
import pytest

from projects.couplet.config import Config
from projects.couplet.network import trainer
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.batches import EncodedPairs
from projects.couplet.network.trainer import Recipe, RiseAndFall, make_batches, train
from projects.couplet.tokens import END, PAD, UNKNOWN, Tokens
from tests.couplet.toy_couplets import FORM, RECIPE, draw_pairs

pytestmark = pytest.mark.backend

FEW = dataclasses.replace(RECIPE, epochs=2, reverse_share=0.0, blank_share=0.0)
LECTURE = Architecture(
    encoder="uni",
    encoder_layers=1,
    decoder_layers=1,
    attention="none",
    aligned=False,
    direct=False,
    units=32,
    embedding_dim=32,
    dropout=0.0,
)


def encode(number, min_count=1):
    first, second = draw_pairs(number)
    tokens = Tokens.from_lines([*first, *second], min_count=min_count)
    return tokens, EncodedPairs.of(first, second, tokens)


def test_the_partners_are_learned(learned):
    _, history = learned
    assert len(history["loss"]) == RECIPE.epochs
    assert history["loss"][-1] < history["loss"][0]
    assert history["val_loss"][-1] < 0.1


def test_the_lecture_learns_a_few_pairs_by_heart():
    """Without attention, and with an end of its own: all goes through one vector."""
    tokens, pairs = encode(16)
    often = EncodedPairs(np.tile(pairs.ids, (16, 1, 1)), np.tile(pairs.lengths, 16))
    recipe = dataclasses.replace(
        FEW, epochs=10, batch_tokens=128, learning_rate=0.03, end_token=True
    )
    _, history = train(LECTURE, recipe, tokens, (often, pairs), quiet=True)
    assert history["val_loss"][-1] < 0.1 < 1 < history["loss"][0]


def test_steps_rise_fall_and_end():
    plan = RiseAndFall(0.5, steps=1000, warm=100, cool=200)
    sizes = np.array([float(plan(step)) for step in range(1000)])
    assert sizes.argmax() == 99 and sizes.max() == pytest.approx(0.5)
    assert sizes[0] == pytest.approx(0.005)
    assert (np.diff(sizes[99:]) < 0).all()
    assert sizes[399] == pytest.approx(0.25)  # 1 / sqrt(4)
    assert 0 < sizes[-1] < 0.002
    longer = RiseAndFall(0.5, steps=2000, warm=100, cool=200)
    assert float(longer(700)) == pytest.approx(sizes[700])
    assert float(RiseAndFall.from_config(plan.get_config())(5)) == sizes[5]


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_a_training_of_few_steps_moves_too(steps):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    trainer.compile_model(model, Recipe(epochs=steps), 1)
    sizes = [float(model.optimizer._learning_rate(n)) for n in range(steps)]
    assert all(0 < size < 1.001 * Recipe.learning_rate for size in sizes)


def test_options_and_recipe_have_the_same_defaults():
    for field in dataclasses.fields(Recipe):
        assert getattr(Config(), field.name) == field.default, field.name


def test_the_recipe_decides_the_batches():
    tokens, pairs = encode(50)
    recipe = Recipe(
        batch_tokens=30, epoch_pairs=0, reverse_share=0, blank_share=1, end_token=True
    )
    inputs, targets, _ = make_batches(recipe, tokens, pairs)[0]
    assert not tokens.han_mask[inputs["source"]].any()
    assert (targets == END).any()
    assert targets.shape[0] == 30 // inputs["source"].shape[1]


@pytest.fixture
def untrained(monkeypatch):
    """Stop a training before its first step; return the model it would fit."""
    monkeypatch.setattr(trainer, "fit", lambda *args, **options: {})

    def build(recipe, min_count=1):
        tokens, pairs = encode(60, min_count)
        model, _ = train(FORM, recipe, tokens, (pairs, pairs), quiet=True)
        return model.full, tokens, pairs

    return build


def test_before_the_first_step_common_characters_are_likely(untrained):
    model, tokens, pairs = untrained(dataclasses.replace(FEW, end_token=True))
    bias = model.get_layer("frequencies").get_weights()[0]
    seen = pairs.ids[:, 1]
    for number in (tokens.id("，"), tokens.id("地")):
        count = (seen == number).sum()
        shares = math.exp(bias[number] - bias[END])
        assert shares == pytest.approx((count + 0.5) / (len(pairs) + 0.5), rel=1e-4)
    assert bias[PAD] == bias[UNKNOWN] == bias.min()


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_learns_and_leaves_keras_as_it_was(precision):
    tokens, pairs = encode(64)  # in one batch: XLA compiles each shape
    recipe = dataclasses.replace(FEW, precision=precision, batch_tokens=7 * 64)
    form = dataclasses.replace(FORM, encoder="uni")
    model, history = train(form, recipe, tokens, (pairs, pairs), quiet=True)
    assert keras.config.dtype_policy().name == "float32"
    assert model.full.get_layer("encoder_1").compute_dtype == precision[6:]
    scaled = isinstance(model.full.optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (precision == "mixed_float16")
    assert all(w.dtype == np.float32 for w in model.full.get_weights())
    assert history["loss"][1] < history["loss"][0] < 5
    assert all(map(math.isfinite, history["val_loss"]))
