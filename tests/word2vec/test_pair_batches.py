"""Batches hold every example of an epoch once, and depend on the epoch alone."""

import collections
import dataclasses

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.pair_batches import PairBatches, PairRecipe
from projects.word2vec.pairs import PADDING
from tests.word2vec.toy import ToyCorpus, two_topics

RECIPE = PairRecipe(
    model="skip_gram",
    objective="negative",
    window=2,
    negative=3,
    sample=0.0,
    batch_size=16,
    seed=4,
)
CORPUS = two_topics(num_sentences=90, length=9)


def make(corpus=CORPUS, block_size=128, **changes):
    recipe = dataclasses.replace(RECIPE, **changes)
    counts = corpus.vocabulary.counts
    return PairBatches(corpus, counts, recipe, block_size=block_size)


def examples(batches):
    """Count what is learned in an epoch: (inputs, target)."""
    found = collections.Counter()
    for inputs, labels, weights in batches:
        inputs, target = list(inputs.values()), inputs.get("target_word", labels)
        for row in np.flatnonzero(weights):
            found[tuple(np.atleast_1d(inputs[0][row])), int(target[row])] += 1
    return found


def content(batch):
    inputs, labels, weights = batch
    return [*(inputs[name].tolist() for name in sorted(inputs)), labels, weights]


def test_sentences_within_a_block_give_all_their_pairs():
    # Sentences of two: whatever the spans, each word is paired with the other.
    corpus = ToyCorpus([[i, i + 1] for i in range(0, 200, 2)])
    expected = {((i,), i ^ 1): 1 for i in range(200)}
    assert examples(make(corpus, block_size=32)) == expected
    assert examples(make(corpus, objective="softmax")) == expected


def test_windows_of_cbow():
    corpus = ToyCorpus([[3 * i, 3 * i + 1, 3 * i + 2] for i in range(40)])
    found = examples(make(corpus, model="cbow", window=1, batch_size=12))
    assert len(found) == 120
    assert found[(0, 2), 1] == found[(1, PADDING), 2] == found[(PADDING, 1), 0] == 1


def test_a_lone_word_has_no_window_to_learn_from():
    batches = make(ToyCorpus([[0]] * 30), model="cbow")
    assert not examples(batches)
    assert [len(weights) for *_, weights in batches] == [16, 16]


def test_a_batch_has_the_promised_shapes():
    for inputs, labels, weights in make():
        size = len(weights)
        assert size % 16 == 0 and size > 0
        assert inputs["center_word"].shape == inputs["target_word"].shape == (size,)
        assert inputs["noise"].shape == (size, 3) and labels.shape == (size, 4)
        assert {array.dtype for array in inputs.values()} == {np.dtype("int32")}
        assert (labels == [1, 0, 0, 0]).all()
        assert weights.sum() > size - 16


def test_batches_of_a_block_are_alike_in_size():
    sizes = [int(weights.sum()) for *_, weights in make()]
    for block in range(0, len(sizes), 8):
        assert max(sizes[block : block + 8]) - min(sizes[block : block + 8]) <= 1
    assert make().examples_per_batch() == pytest.approx(np.mean(sizes[:8]))


def test_the_number_of_batches_is_that_of_words():
    assert len(make()) == -(-90 * 9 // 16)
    assert len(make(sample=1e-3)) == len(make())


def test_other_epochs_and_seeds_draw_anew():
    first, again, later, other = make(), make(), make(), make(seed=5)
    later.set_epoch(1)
    assert str(content(first[3])) == str(content(again[3]))
    assert str(content(first[3])) != str(content(later[3]))
    assert str(content(first[3])) != str(content(other[3]))
    assert (first[0][0]["noise"] != first[1][0]["noise"]).any()


def test_a_batch_does_not_depend_on_what_was_asked_before():
    forward, backward = make(sample=0.01), make(sample=0.01)
    backward.set_epoch(2)
    backward[0]
    backward.set_epoch(0)
    last = len(forward) - 1
    backwards = [str(content(backward[i])) for i in range(last, -1, -1)]
    assert backwards[::-1] == [str(content(batch)) for batch in forward]


def test_thinning_leaves_fewer_examples():
    kept = sum(examples(make(sample=1e-3)).values())
    assert kept < 0.5 * sum(examples(make()).values())


def test_only_a_block_is_read_at_once():
    corpus = two_topics(num_sentences=90)
    list(make(corpus, block_size=64))
    assert corpus.largest == 64


def test_targets_of_the_other_objectives():
    inputs, labels, weights = make(objective="hierarchical")[0]
    assert labels.tolist() == [[1.0]] * len(weights) and "noise" not in inputs
    inputs, labels, _ = make(objective="softmax")[0]
    assert list(inputs) == ["center_word"] and labels.dtype == np.int32


@pytest.mark.parametrize("wrong", [{"window": 0}, {"batch_size": 0}])
def test_sizes_below_one_are_told(wrong):
    with pytest.raises(UserError, match="must be at least 1"):
        make(**wrong)
