"""`Model.fit` learns what stands together, and goes on where it was killed."""

import dataclasses
import itertools
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.model import MODELS, OBJECTIVES, word_matrices
from projects.word2vec.reference import (
    Recipe,
    bounded_batch_size,
    fit_reference,
)
from tests.word2vec import oracle
from tests.word2vec.toy import ToyCorpus, two_topics

REPOSITORY = Path(__file__).resolve().parents[2]
RECIPE = Recipe(
    model="skip_gram",
    objective="negative",
    window=3,
    negative=4,
    sample=0.0,
    batch_size=64,
    seed=1,
    embedding_dim=8,
    learning_rate=0.1,
    epochs=2,
)


def topics_found(center):
    """Return the share of the words whose nearest three are of their topic."""
    unit = center / np.linalg.norm(center, axis=1, keepdims=True)
    alike = unit @ unit.T - 2 * np.eye(len(unit))
    nearest = np.argsort(-alike, axis=1)[:, :3]
    return (nearest % 2 == np.arange(len(unit))[:, None] % 2).mean()


@pytest.mark.parametrize(
    "model, objective", list(itertools.product(MODELS, OBJECTIVES))
)
def test_neighbors_are_of_one_topic(model, objective):
    corpus = two_topics()
    recipe = dataclasses.replace(RECIPE, model=model, objective=objective)
    net, history = fit_reference(corpus, recipe, quiet=True)
    center, _ = word_matrices(net)
    assert topics_found(center) == 1.0
    assert history["loss"][1] < history["loss"][0] < 12


def test_before_training_neighbors_are_of_any_topic():
    recipe = dataclasses.replace(RECIPE, learning_rate=1e-9, epochs=1)
    net, _ = fit_reference(two_topics(num_sentences=20), recipe, quiet=True)
    assert topics_found(word_matrices(net)[0]) < 0.8


@pytest.mark.parametrize("model", MODELS)
def test_it_learns_what_word2vec_c_learns(model):
    """Both see other examples in another order, and find the same similarities."""
    corpus = two_topics(num_sentences=400, seed=5)
    recipe = dataclasses.replace(RECIPE, model=model, epochs=1)
    net, _ = fit_reference(corpus, recipe, quiet=True)
    ours, theirs = word_matrices(net)[0], one_by_one(corpus, recipe)
    alike = [unit @ unit.T for unit in map(unit_rows, (ours, theirs))]
    topic = np.arange(20) % 2
    same = topic[:, None] == topic
    others = ~np.eye(20, dtype=bool)
    for cosines in alike:
        assert cosines[same & others].min() > cosines[~same].max()
    means = [(c[same & others].mean(), c[~same].mean()) for c in alike]
    np.testing.assert_allclose(means[0], means[1], atol=0.1)
    lengths = [np.linalg.norm(m, axis=1).mean() for m in (ours, theirs)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.1)


def unit_rows(matrix):
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def one_by_one(corpus, recipe):
    """Train by the oracle, one example after the other, with a falling rate."""
    random = np.random.default_rng(9)
    counts = corpus.vocabulary.counts
    noise = counts**0.75 / (counts**0.75).sum()
    dim = recipe.embedding_dim
    center = random.uniform(-0.5 / dim, 0.5 / dim, (len(counts), dim))
    context = np.zeros_like(center)
    words = (corpus.tokens & 0x7FFFFFFF).reshape(-1, 8)
    for number, sentence in enumerate(words.tolist()):
        rate = recipe.learning_rate * (1 - number / len(words))
        spans = random.integers(1, recipe.window + 1, len(sentence))
        for here, word in enumerate(sentence):
            near = range(max(0, here - spans[here]), here + spans[here] + 1)
            around = [sentence[i] for i in near if i != here and i < len(sentence)]
            if recipe.model == "cbow":
                examples = [(around, word)]
            else:
                examples = [([word], other) for other in around]
            drawn = random.choice(len(counts), (len(examples), 4), p=noise)
            named = [(*e, d) for e, d in zip(examples, drawn.tolist(), strict=True)]
            oracle.train_negative(center, context, named, rate)
    return center


def test_the_rate_falls_on_a_line_to_almost_nothing():
    net, _ = fit_reference(two_topics(num_sentences=40), RECIPE, quiet=True)
    schedule = net.optimizer._learning_rate
    steps = int(net.optimizer.iterations.numpy())
    first, middle = float(schedule(0)), float(schedule(steps / 2))
    assert middle == pytest.approx(first / 2, rel=1e-3)
    assert float(schedule(steps)) == pytest.approx(1e-4 * first, rel=1e-3)


def test_the_busiest_row_bounds_the_batch():
    counts = np.full(1000, 10)
    many = dataclasses.replace(RECIPE, batch_size=10**6)
    # 4 pairs x (1 + 4) questions change a center row of share 1/1000.
    assert bounded_batch_size(counts, many) == int(1.4 / (0.1 * 4 * 5 / 1000))
    # The root of the tree is changed by each of the 4 pairs.
    tree = dataclasses.replace(many, objective="hierarchical")
    assert bounded_batch_size(counts, tree) == int(1.4 / (0.1 * 4))
    mean = dataclasses.replace(tree, model="cbow")
    assert bounded_batch_size(counts, mean) == int(1.4 / 0.1)
    assert bounded_batch_size(counts, RECIPE) == 64
    assert bounded_batch_size(np.array([5]), many) == 1
    # Thinned out, a common word bounds it less.
    counts = np.array([1000, *[10] * 500])
    thinned = dataclasses.replace(many, sample=1e-3)
    assert bounded_batch_size(counts, thinned) > 3 * bounded_batch_size(counts, many)


def test_training_starts_from_given_matrices():
    corpus = two_topics(num_sentences=40)
    recipe = dataclasses.replace(RECIPE, learning_rate=1e-9, epochs=1)
    start = tuple(np.random.default_rng(i).normal(size=(20, 8)) for i in range(2))
    net, _ = fit_reference(corpus, recipe, start=start, quiet=True)
    for ours, given in zip(word_matrices(net), start, strict=True):
        np.testing.assert_allclose(ours, given, atol=1e-5)


def test_a_corpus_of_one_word_is_learned_without_a_fault():
    net, history = fit_reference(ToyCorpus([[0, 0, 0]] * 9), RECIPE, quiet=True)
    assert np.isfinite(word_matrices(net)[0]).all() and history["loss"][1] < 1


def test_progress_is_told_unless_quiet(capfd):
    corpus = two_topics(num_sentences=10)
    fit_reference(corpus, RECIPE, quiet=True)
    assert "training" not in capfd.readouterr().err
    fit_reference(corpus, RECIPE)
    assert "training: done at epoch 2/2" in capfd.readouterr().err


def test_a_rate_beyond_reason_is_told():
    recipe = dataclasses.replace(RECIPE, learning_rate=1e30)
    with pytest.raises(UserError, match="Lower the learning rate"):
        fit_reference(two_topics(num_sentences=30), recipe, quiet=True)


KILLED = """
import sys
from pathlib import Path
from tests.word2vec.test_reference import train_long
train_long(Path(sys.argv[1]))
"""


def train_long(checkpoint):
    """Train for four epochs of some tenths of a second; return matrices and losses."""
    recipe = dataclasses.replace(RECIPE, epochs=4, sample=0.05, batch_size=8)
    net, history = fit_reference(
        two_topics(120), recipe, checkpoint=checkpoint, quiet=True
    )
    return [matrix.tobytes() for matrix in word_matrices(net)], history["loss"]


def test_a_killed_training_goes_on_bit_for_bit(tmp_path):
    folder = tmp_path / "checkpoints"
    child = subprocess.Popen([sys.executable, "-c", KILLED, folder], cwd=REPOSITORY)
    while not list(folder.glob("epoch-??????")):
        assert child.poll() is None
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL  # it was not through
    assert train_long(folder) == train_long(None)
