"""Full softmax in bands: the same as pair by pair."""

import numpy as np
import pytest

from projects.word2vec.softmax_objective import SoftmaxCbow, SoftmaxSkipGram
from tests.word2vec import pair_by_pair as slow

WORDS, DIM = 40, 6
BOTH = pytest.mark.parametrize("kind", [SoftmaxSkipGram, SoftmaxCbow])


def make(kind, words=WORDS, cap=1e9, chunk=16):
    """Return an objective, a slab for it and matrices."""
    layout, counts = slow.pairs_layout(chunk), 1000 // np.arange(1, words + 1)
    objective = kind(counts, layout, sample=1e-2, cap=cap)
    slab = slow.make_slab(layout, words)
    assert objective.draw(slab["words"], np.random.default_rng(3)) == {}
    return objective, slab, slow.random_matrices(words, objective.rows, DIM)


def walker(objective, slab, scales=(1, 1)):
    """Return a function that takes one step pair by pair."""

    def ask(target, group):
        return np.arange(objective.rows), None, None

    def walk(matrices, at, rate):
        found = slow.examples(objective.layout, slab, at, model=objective.model)
        return slow.step(matrices, found, ask, rate, scales)

    return walk


@BOTH
def test_the_program_is_the_walk_from_pair_to_pair(kind):
    objective, slab, matrices = make(kind, cap=10.0)
    scales = slow.capped_scales(objective)
    slow.check_program(objective, slab, matrices, walker(objective, slab, scales))


@BOTH
def test_a_step_goes_down_its_own_loss(kind):
    """CBOW's rows of words do so where a window is one word (else see its text)."""
    objective, slab, matrices = make(kind)
    if kind is SoftmaxCbow:
        slow.cut_into_couples(objective.layout, slab, WORDS)
    *_, total = walker(objective, slab)(matrices, 0, 0.1)
    slow.check_gradient(objective, slab, matrices, total)


@BOTH
@pytest.mark.parametrize("words, chunk", [(2, 16), (3, 8)])
def test_small_vocabularies_and_other_chunks(kind, words, chunk):
    objective, slab, matrices = make(kind, words, chunk=chunk)
    expected, *_ = walker(objective, slab)(matrices, 1, float(slab["rates"][1]))
    ours = slow.one_step(objective, slab, matrices, at=1)
    for mine, theirs in zip(ours, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-5)


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
        SoftmaxSkipGram: (4 * 2 * kept, 4 * (kept + noise)),
        SoftmaxCbow: (4 * kept, kept + noise),
    }[kind]
    for name, each in zip(("center", "context"), updates, strict=True):
        expected = np.minimum(1, 2 / (128 * each))
        np.testing.assert_allclose(
            objective.constants[f"{name}_scales"], expected, rtol=1e-5
        )
