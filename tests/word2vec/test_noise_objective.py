"""Negative sampling in bands: the same as pair by pair."""

import numpy as np
import pytest

from projects.word2vec.noise_objective import Cbow, SkipGram, _make_noise_table
from projects.word2vec.subsampling import noise_distribution
from tests.word2vec import pair_by_pair as slow

WORDS, DIM, NEGATIVE = 50, 6, 5
BOTH = pytest.mark.parametrize("kind", [SkipGram, Cbow])


def make(kind, words=WORDS, cap=1e9, layout=None):
    """Return an objective, a slab for it and matrices."""
    layout = layout or slow.pairs_layout()
    counts = 1000 // np.arange(1, words + 1)
    objective = kind(counts, layout, negative=NEGATIVE, sample=1e-2, cap=cap)
    slab = slow.make_slab(layout, words)
    slab |= objective.draw(slab["words"], np.random.default_rng(3))
    return objective, slab, slow.random_matrices(words, objective.rows, DIM)


def walker(objective, slab, scales=(1, 1)):
    """Return a function that takes one step pair by pair."""

    def walk(matrices, at, rate):
        noise = slab["noise"][at]
        groups = len(noise)

        def ask(target, group):
            rows = np.array([target, *noise[group]])
            labels = np.arange(len(rows)) == 0
            weights = np.where(labels, 1, NEGATIVE / noise.shape[1])
            return rows, labels.astype(float), weights

        found = slow.examples(
            objective.layout, slab, at, model=objective.model, groups=groups
        )
        return slow.step(matrices, found, ask, rate, scales)

    return walk


@BOTH
def test_the_program_is_the_walk_from_pair_to_pair(kind):
    objective, slab, matrices = make(kind, cap=30.0)
    assert slab["noise"].shape[1] > 1  # more than one group
    scales = slow.capped_scales(objective)
    slow.check_program(objective, slab, matrices, walker(objective, slab, scales))


@BOTH
def test_a_step_goes_down_its_own_loss(kind):
    """CBOW's rows of words do so where a window is one word (else see its text)."""
    objective, slab, matrices = make(kind)
    if kind is Cbow:
        slow.cut_into_couples(objective.layout, slab, WORDS)
    *_, total = walker(objective, slab)(matrices, 0, 0.1)
    slow.check_gradient(objective, slab, matrices, total)


@BOTH
@pytest.mark.parametrize("words, chunk", [(2, 16), (1, 16), (40, 8)])
def test_small_vocabularies_and_other_chunks(kind, words, chunk):
    objective, slab, matrices = make(kind, words, layout=slow.pairs_layout(chunk))
    expected, *_ = walker(objective, slab)(matrices, 1, float(slab["rates"][1]))
    ours = slow.one_step(objective, slab, matrices, at=1)
    for mine, theirs in zip(ours, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-5)


@BOTH
def test_words_without_context_teach_nothing(kind):
    objective, slab, matrices = make(kind)
    slab["sentences"] = np.arange(len(slab["words"]), dtype=np.int32)
    ours = slow.one_step(objective, slab, matrices)
    for mine, before in zip(ours, matrices, strict=True):
        np.testing.assert_array_equal(mine, before.astype(np.float32))


@BOTH
def test_rows_are_scaled_by_what_they_expect(kind):
    objective, *_ = make(kind, cap=2.0)
    counts = 1000 // np.arange(1, WORDS + 1)
    share = counts / counts.sum()
    kept = counts * np.minimum(1, np.sqrt(0.01 / share) + 0.01 / share)
    kept /= kept.sum()
    noise = counts**0.75 / (counts**0.75).sum()
    # A window of 3 stands for (3 + 1) / 2 words on either side.
    updates = {
        SkipGram: (4 * 6 * kept, 4 * (kept + 5 * noise)),
        Cbow: (4 * kept, kept + 5 * noise),
    }[kind]
    for name, each in zip(("center", "context"), updates, strict=True):
        expected = np.minimum(1, 2 / (128 * each))
        np.testing.assert_allclose(
            objective.constants[f"{name}_scales"], expected, rtol=1e-5
        )


def test_noise_is_drawn_in_proportion_and_again():
    objective, slab, _ = make(SkipGram)
    again = objective.draw(slab["words"], np.random.default_rng(3))["noise"]
    np.testing.assert_array_equal(slab["noise"], again)
    other = objective.draw(slab["words"], np.random.default_rng(4))["noise"]
    assert (slab["noise"] != other).any() and other.dtype == np.int32
    random = np.random.default_rng(5)
    many = [objective.draw(slab["words"], random)["noise"] for _ in range(400)]
    drawn = np.bincount(np.ravel(many), minlength=WORDS)
    expected = noise_distribution(1000 // np.arange(1, WORDS + 1)) * drawn.sum()
    assert (abs(drawn - expected) < 4 * np.sqrt(expected)).all()


def test_the_table_of_noise_has_each_word_as_often_as_it_should():
    shares = noise_distribution(np.array([5, 3, 0, 1, 1]))
    table = _make_noise_table(shares)
    assert abs(np.bincount(table) / len(table) - shares).max() < 2e-6
    many = _make_noise_table(np.full(100_000, 1e-5))
    assert np.bincount(many, minlength=100_000).min() >= 15
