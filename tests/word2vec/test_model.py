"""Each model moves its matrices as word2vec.c's inner loop does."""

import itertools

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.huffman import build_tree
from projects.word2vec.model import (
    MODELS,
    OBJECTIVES,
    assign_matrices,
    build_model,
    word_matrices,
)
from projects.word2vec.pairs import PADDING
from projects.word2vec.reference import Recipe, compile_model
from tests.word2vec import oracle

COMBINATIONS = list(itertools.product(MODELS, OBJECTIVES))
COUNTS = np.array([50, 20, 20, 9, 4, 2, 1])
WORDS, DIM, NOISE, RATE = len(COUNTS), 5, 3, 0.3
TREE = build_tree(COUNTS)
# Keras 3.15 on TensorFlow meets this in NumPy 2 whenever it saves a variable.
saves = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


@pytest.fixture(scope="module")
def models():
    """Return compiled models; the tests set the matrices that they need."""
    built = {}
    for model, objective in COMBINATIONS:
        net = built[model, objective] = build_model(
            WORDS, DIM, model=model, objective=objective, tree=TREE, seed=1
        )
        recipe = Recipe(model, objective, 2, NOISE, 0.0, 8, 0, DIM, RATE, 1)
        compile_model(net, recipe, examples=4.0, num_batches=10**9)
    return built


@pytest.fixture(params=COMBINATIONS, ids="-".join)
def case(request, models):
    """Return model, objective and the net, with random matrices."""
    net = models[request.param]
    random = np.random.default_rng(2)
    shapes = [matrix.shape for matrix in word_matrices(net)]
    assign_matrices(net, *(random.normal(size=shape) for shape in shapes))
    return *request.param, net


def examples_of(model, number, seed=3):
    """Return (inputs, target, noise); noise has its target and itself twice."""
    random = np.random.default_rng(seed)
    examples = []
    for _ in range(number):
        size = 1 if model == "skip_gram" else random.integers(1, 5)
        inputs, target = random.integers(0, WORDS, size), random.integers(WORDS)
        examples.append((inputs.tolist(), target, random.integers(0, WORDS, NOISE)))
    return examples


def batch_of(model, objective, examples):
    """Return inputs and labels as the models take them."""
    inputs, targets, noise = zip(*examples, strict=True)
    targets = np.array(targets, np.int32)
    if model == "skip_gram":
        named = {"center_word": np.array(inputs, np.int32)[:, 0]}
    else:
        padded = [words + [PADDING] * (4 - len(words)) for words in inputs]
        named = {"window": np.array(padded, np.int32)}
    if objective == "softmax":
        return named, targets
    named["target_word"] = targets
    if objective == "hierarchical":
        return named, np.ones((len(targets), 1), np.float32)
    labels = np.zeros((len(targets), 1 + NOISE), np.float32)
    labels[:, 0] = 1
    return named | {"noise": np.array(noise, np.int32)}, labels


def learned(matrices, objective, examples):
    """Return both matrices after word2vec.c has seen the examples."""
    copies = [matrix.astype(np.float64) for matrix in matrices]
    oracle.train(objective, *copies, examples, RATE, TREE)
    return copies


def step(net, model, objective, examples, weights=None):
    """Take one step of `fit`; return the matrices before and after it."""
    before = word_matrices(net)
    net.train_on_batch(*batch_of(model, objective, examples), sample_weight=weights)
    return before, word_matrices(net)


def test_one_example_moves_the_matrices_as_word2vec_c_does(case):
    model, objective, net = case
    example = [([3], 1, [4, 0, 1])]  # noise without twins, but with the target
    before, after = step(net, model, objective, example)
    for ours, theirs, old in zip(
        after, learned(before, objective, example), before, strict=True
    ):
        assert np.abs(theirs - old).max() > 0.01
        np.testing.assert_allclose(ours, theirs, atol=2e-6)


def test_a_batch_moves_them_by_the_sum_of_its_examples(case):
    model, objective, net = case
    examples = [e for e in examples_of(model, 40) if len(set(e[2])) == NOISE]
    # Word2vec.c moves a word once for each time it is in the window.
    before, after = step(net, model, objective, examples)
    for place, old in enumerate(before):
        moves = [learned(before, objective, [e])[place] - old for e in examples]
        np.testing.assert_allclose(after[place] - old, sum(moves), atol=2e-5)


def test_weightless_examples_move_nothing(case):
    model, objective, net = case
    examples = examples_of(model, 6)
    before, _ = step(net, model, objective, examples[:2])
    _, expected = before, word_matrices(net)
    assign_matrices(net, *before)
    _, after = step(net, model, objective, examples, np.array([1, 1, 0, 0, 0, 0.0]))
    for ours, theirs in zip(after, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_the_loss_is_that_of_the_questions(case):
    model, objective, net = case
    examples = examples_of(model, 5)
    center, context = word_matrices(net)
    total = 0.0
    for inputs, target, noise in examples:
        scores = context @ center[inputs].mean(axis=0)
        if objective == "softmax":
            total -= scores[target] - np.log(np.exp(scores).sum())
        elif objective == "negative":
            others = [word for word in noise if word != target]
            total -= np.log(oracle.sigmoid(scores[target]))
            total -= np.log(oracle.sigmoid(-scores[others])).sum()
        else:
            length = TREE.lengths[target]
            signs = 1.0 - 2 * TREE.codes[target, :length]
            chosen = oracle.sigmoid(signs * scores[TREE.points[target, :length]])
            total -= np.log(chosen).sum()
    inputs, labels = batch_of(model, objective, examples)
    loss = net.evaluate(inputs, labels, batch_size=5, verbose=0)
    assert loss == pytest.approx(total / 4.0, rel=1e-4)  # compiled for 4 a batch


def test_the_tree_gives_probabilities_that_add_up_to_one(models):
    net = models["skip_gram", "hierarchical"]
    random = np.random.default_rng(5)
    assign_matrices(
        net, random.normal(size=(WORDS, DIM)), random.normal(size=(WORDS - 1, DIM))
    )
    words = np.arange(WORDS, dtype=np.int32)
    for center in words:
        inputs = {"center_word": np.full(WORDS, center, "int32"), "target_word": words}
        chances = oracle.sigmoid(net.predict_on_batch(inputs)).prod(axis=1)
        assert chances.sum() == pytest.approx(1, abs=1e-5)
        assert chances.min() > 0 and chances.std() > 0.01


def test_the_start_is_that_of_word2vec_c():
    model = build_model(500, 20, model="skip_gram", objective="negative", seed=7)
    center, context = word_matrices(model)
    assert center.shape == context.shape == (500, 20)
    assert -0.025 <= center.min() < -0.0249 and 0.0249 < center.max() <= 0.025
    assert not context.any()
    again = build_model(500, 20, model="cbow", objective="softmax", seed=7)
    assert (word_matrices(again)[0] == center).all()
    other = build_model(500, 20, model="cbow", objective="softmax", seed=8)
    assert (word_matrices(other)[0] != center).any()


def test_inner_nodes_have_the_rows_of_hierarchical_softmax(models):
    shapes = [m.shape for m in word_matrices(models["cbow", "hierarchical"])]
    assert shapes == [(WORDS, DIM), (WORDS - 1, DIM)]


@saves
def test_saved_models_answer_as_before(case, tmp_path):
    model, objective, net = case
    inputs, _ = batch_of(model, objective, examples_of(model, 6))
    net.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for ours, theirs in zip(word_matrices(loaded), word_matrices(net), strict=True):
        assert (ours == theirs).all()
    expected = net.predict_on_batch(inputs)
    assert (loaded.predict_on_batch(inputs) == expected).all()
    assert expected.std() > 0.1
    assert float(loaded.optimizer.learning_rate) == pytest.approx(RATE * 4)


@pytest.mark.parametrize(
    "words, dim, objective",
    [(0, 5, "negative"), (1, 5, "hierarchical"), (9, 0, "softmax")],
)
def test_sizes_too_small_are_told(words, dim, objective):
    with pytest.raises(UserError, match="The model needs"):
        build_model(words, dim, model="cbow", objective=objective)
