"""Fast training learns what the reference learns."""

import dataclasses

import numpy as np
import pytest

from projects.word2vec import fast
from projects.word2vec.fast import fit_fast, make_objective
from projects.word2vec.model import word_matrices
from projects.word2vec.reference import fit_reference
from tests.word2vec.fast_toy import (  # noqa: F401
    ALL,
    RECIPE,
    assert_same,
    programs,
)
from tests.word2vec.toy import ToyCorpus, two_topics

pytestmark = [pytest.mark.backend, pytest.mark.usefixtures("programs")]


def topics_found(center):
    """Return the share of the words whose nearest three are of their topic."""
    alike = cosines(center) - 2 * np.eye(len(center))
    nearest = np.argsort(-alike, axis=1)[:, :3]
    return (nearest % 2 == np.arange(len(center))[:, None] % 2).mean()


def cosines(matrix):
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit @ unit.T


@pytest.mark.parametrize("model, objective", ALL)
def test_neighbors_are_of_one_topic(model, objective):
    recipe = dataclasses.replace(RECIPE, model=model, objective=objective)
    matrices, history = fit_fast(two_topics(), recipe)
    rows = 19 if objective == "hierarchical" else 20
    assert [matrix.shape for matrix in matrices] == [(20, 8), (rows, 8)]
    assert {matrix.dtype for matrix in matrices} == {np.dtype("float32")}
    assert topics_found(matrices[0]) == 1.0
    assert len(history["loss"]) == 4
    assert history["loss"][3] < history["loss"][0] < 12


def test_before_training_neighbors_are_of_any_topic():
    recipe = dataclasses.replace(RECIPE, learning_rate=1e-9)
    (center, context), _ = fit_fast(two_topics(), recipe)
    assert topics_found(center) < 0.8
    # The beginning of word2vec.c: noise of at most half a unit in sum, and zeros.
    assert np.abs(center).max() == pytest.approx(0.5 / 8, rel=0.05)
    assert abs(center.mean()) < 0.01 and np.abs(context).max() < 1e-6


def test_a_seed_decides_everything():
    recipe = dataclasses.replace(RECIPE, sample=0.01, epochs=1)
    corpus = two_topics(num_sentences=430)
    first, again = fit_fast(corpus, recipe), fit_fast(corpus, recipe)
    assert_same(first, again)
    other, _ = fit_fast(corpus, dataclasses.replace(recipe, seed=2))
    assert (first[0][0] != other[0]).any()


def ring(num_sentences=300, words=20, seed=3):
    """Return a corpus in which words stand near their neighbors on a ring."""
    random = np.random.default_rng(seed)
    middles = random.integers(0, words, (num_sentences, 1))
    return ToyCorpus((middles + random.integers(-2, 3, (num_sentences, 8))) % words)


@pytest.mark.parametrize(
    "model, objective", [("skip_gram", "negative"), ("cbow", "hierarchical")]
)
def test_it_finds_what_the_reference_finds(model, objective):
    recipe = dataclasses.replace(
        RECIPE, model=model, objective=objective, learning_rate=0.05
    )
    corpus = ring()
    (ours, _), history = fit_fast(corpus, recipe)
    net, expected = fit_reference(corpus, recipe, quiet=True)
    theirs = word_matrices(net)[0]
    pairs = np.triu_indices(20, 1)
    alike = [cosines(matrix)[pairs] for matrix in (ours, theirs)]
    lengths = [np.linalg.norm(matrix, axis=1).mean() for matrix in (ours, theirs)]
    assert np.corrcoef(*alike)[0, 1] > 0.95
    assert lengths[0] == pytest.approx(lengths[1], rel=0.2)
    # The reference leaves out noise that is the true word by chance.
    assert history["loss"][-1] == pytest.approx(expected["loss"][-1], abs=0.25)


def test_the_rate_falls_on_a_line_to_almost_nothing():
    recipe = dataclasses.replace(RECIPE, sample=0.01)
    corpus = two_topics()
    objective = make_objective(corpus, recipe)
    slabs = list(fast.draw_slabs(corpus, recipe, objective, 0))
    rates = np.concatenate([slab["rates"] for *_, slab in slabs])
    assert rates.dtype == np.float32 and (np.diff(rates) <= 0).all()
    assert rates[0] == pytest.approx(0.1) and rates[-1] >= 0.1 * 1e-3
    line = 0.1 * (1 - np.arange(len(rates)) / len(rates))
    np.testing.assert_allclose(rates, line, atol=0.005)
    shares = [share for _, share, _ in slabs]
    assert shares == sorted(shares) and shares[-1] == 1
    epochs = [epoch for epoch, *_ in slabs]
    assert epochs == sorted(epochs) and set(epochs) == {0, 1, 2, 3}
    # Slabs of different epochs and places differ in their noise.
    noise = [slab["noise"].tobytes() for *_, slab in slabs]
    assert len(set(noise)) == len(noise)
    # Whatever is passed over, the rest is the same.
    for (*_, late), (*_, slab) in zip(
        fast.draw_slabs(corpus, recipe, objective, 7), slabs[7:], strict=True
    ):
        for name in slab:
            np.testing.assert_array_equal(late[name], slab[name])


def test_objectives_are_cut_to_the_size_of_the_text():
    corpus = two_topics()  # 2400 words
    layout = make_objective(corpus, RECIPE).layout
    assert (layout.window, layout.batch_size, layout.chunk) == (3, 64, 16)
    assert layout.steps == 2400 // (64 * fast._SLABS)
    corpus.num_tokens = 10**9
    assert make_objective(corpus, RECIPE).layout.steps == fast._STEPS
    thinned = dataclasses.replace(RECIPE, sample=1e-9)
    corpus.num_tokens = 10**6
    assert make_objective(corpus, thinned).layout.steps == 1
    tree = dataclasses.replace(RECIPE, objective="hierarchical", model="cbow")
    assert make_objective(corpus, tree).layout.chunk == fast.CHUNK
    large = dataclasses.replace(RECIPE, objective="softmax", batch_size=512)
    assert make_objective(corpus, large).layout.batch_size == fast._SOFTMAX_BATCH
    # Twice the rate: half as many updates of a row at one point.
    corpus.num_tokens = 10**9
    busy = dataclasses.replace(RECIPE, batch_size=1024)
    fast_, slow = (
        make_objective(corpus, dataclasses.replace(busy, learning_rate=rate)).constants
        for rate in (0.2, 0.1)
    )
    for name in slow:
        np.testing.assert_allclose(fast_[name], slow[name] / 2, rtol=1e-6)


def test_it_goes_on_from_given_matrices():
    still = dataclasses.replace(RECIPE, learning_rate=1e-9, epochs=1)
    start = tuple(np.random.default_rng(i).normal(size=(20, 8)) for i in range(2))
    matrices, _ = fit_fast(two_topics(), still, start=start)
    for ours, given in zip(matrices, start, strict=True):
        np.testing.assert_allclose(ours, given, atol=1e-5)


def test_a_text_of_two_words_is_learned_without_a_fault():
    recipe = dataclasses.replace(
        RECIPE, objective="hierarchical", model="cbow", epochs=1
    )
    corpus = ToyCorpus([[0, 1], [1, 0, 0]])
    matrices, history = fit_fast(corpus, recipe)
    assert all(np.isfinite(matrix).all() for matrix in matrices)
    assert np.isfinite(history["loss"]).all()


def test_it_tells_how_far_it_is():
    told = []
    _, history = fit_fast(two_topics(), RECIPE, listen=lambda *now: told.append(now))
    shares, losses = np.transpose(told)
    assert (np.diff(shares) > 0).all() and shares[-1] == 1
    assert len(told) >= 4 * fast._SLABS
    per_epoch = losses.reshape(4, -1).mean(axis=1)
    np.testing.assert_allclose(history["loss"], per_epoch)
