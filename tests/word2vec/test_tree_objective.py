"""Hierarchical softmax in bands: the same as turn by turn, and no turn is lost."""

import numpy as np
import pytest

from projects.word2vec.huffman import build_tree
from projects.word2vec.tree_objective import _TOP, CbowTree, SkipGramTree, _Paths
from tests.word2vec import pair_by_pair as slow

WORDS, DIM = 2 * _TOP + 10, 6
BOTH = pytest.mark.parametrize("kind", [SkipGramTree, CbowTree])


def make(kind, words=WORDS, cap=1e9, chunk=8):
    """Return an objective, a slab for it and matrices."""
    layout, counts = slow.pairs_layout(chunk), counts_of(words)
    objective = kind(counts, layout, sample=1e-2, cap=cap)
    slab = slow.make_slab(layout, words)
    slab |= objective.draw(slab["words"], np.random.default_rng(3))
    return objective, slab, slow.random_matrices(words, objective.rows, DIM)


def counts_of(words):
    return 1000 // np.arange(1, words + 1)


def walker(objective, slab, scales=(1, 1)):
    """Return a function that takes one step pair by pair and turn by turn."""
    tree = build_tree(counts_of(len(objective.constants["top"])))
    model = "cbow" if isinstance(objective, CbowTree) else "skip_gram"

    def ask(target, group):
        length = tree.lengths[target]
        codes = tree.codes[target, :length]
        return tree.points[target, :length], 1.0 - codes, np.ones(length)

    def walk(matrices, at, rate):
        found = slow.examples(
            objective.layout, slab, at, model=model, hierarchical=True
        )
        return slow.step(matrices, found, ask, rate, scales)

    return walk


@BOTH
def test_the_program_is_the_walk_from_turn_to_turn(kind):
    objective, slab, matrices = make(kind, cap=15.0)
    assert objective.rows == WORDS - 1
    assert slab["nodes"].max() >= _TOP  # some turns are below the top
    scales = slow.capped_scales(objective)
    slow.check_program(objective, slab, matrices, walker(objective, slab, scales))


@BOTH
def test_a_step_goes_down_its_own_loss(kind):
    """CBOW's rows of words do so where a window is one word (else see its text)."""
    objective, slab, matrices = make(kind)
    if kind is CbowTree:
        slow.cut_into_couples(objective.layout, slab, WORDS)
    *_, total = walker(objective, slab)(matrices, 0, 0.1)
    slow.check_gradient(objective, slab, matrices, total)


@BOTH
@pytest.mark.parametrize("words, chunk", [(2, 8), (3, 8), (_TOP, 8), (_TOP + 3, 16)])
def test_trees_of_few_nodes_and_other_chunks(kind, words, chunk):
    objective, slab, matrices = make(kind, words, chunk=chunk)
    assert objective.rows == words - 1
    expected, *_ = walker(objective, slab)(matrices, 1, float(slab["rates"][1]))
    ours = slow.one_step(objective, slab, matrices, at=1)
    for mine, theirs in zip(ours, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-5)


@BOTH
def test_a_single_word_teaches_nothing(kind):
    objective, slab, matrices = make(kind, words=1)
    ours = slow.one_step(objective, slab, matrices)
    for mine, before in zip(ours, matrices, strict=True):
        np.testing.assert_array_equal(mine, before.astype(np.float32))


@BOTH
def test_rows_are_scaled_by_what_they_expect(kind):
    objective, *_ = make(kind, cap=2.0)
    counts, tree = counts_of(WORDS), build_tree(counts_of(WORDS))
    share = counts / counts.sum()
    kept = counts * np.minimum(1, np.sqrt(0.01 / share) + 0.01 / share)
    kept /= kept.sum()
    visits = np.zeros(WORDS - 1)
    for word, length in enumerate(tree.lengths):
        visits[tree.points[word, :length]] += kept[word]
    # A window of 3 stands for (3 + 1) / 2 words on either side.
    updates = {
        SkipGramTree: (4 * kept * (kept * tree.lengths).sum(), 4 * visits),
        CbowTree: (4 * kept, visits),
    }[kind]
    for name, each in zip(("center", "context"), updates, strict=True):
        expected = np.minimum(1, 2 / (128 * each))
        np.testing.assert_allclose(
            objective.constants[f"{name}_scales"], expected, rtol=1e-5
        )


def ways_below(tree, word, top):
    """Return (node, 1 - code) of the turns of a word below the top."""
    turns = zip(tree.points[word], 1 - tree.codes[word], strict=True)
    there = list(turns)[: tree.lengths[word]]
    return [(int(node), int(turn)) for node, turn in there if node >= top]


@pytest.mark.parametrize("length", [200, 20, 7, 1])
def test_lists_hold_all_turns_until_they_are_full(length):
    tree, top = build_tree(counts_of(60)), 3
    paths = _Paths(tree, top)
    words = np.random.default_rng(1).integers(0, 60, (5, 6))
    packed = paths.pack(words, length)
    for row, chunk in enumerate(words):
        found = [
            (node, owner, turn)
            for owner, word in enumerate(chunk)
            for node, turn in ways_below(tree, word, top)
        ]
        assert length == 200 or len(found) > length  # the last ones are dropped
        free = [(0, -1, 0)] * (length - len(found))
        ours = [
            packed[name].reshape(5, length)[row]
            for name in ("nodes", "owners", "turns")
        ]
        assert list(zip(*ours, strict=True)) == found[:length] + free


def test_the_top_says_which_nodes_and_turns_are_on_the_way():
    tree = build_tree(counts_of(60))
    paths = _Paths(tree, 5)
    for word in range(60):
        nodes, turns = np.zeros(5, int), np.zeros(5, int)
        for node, code in zip(
            tree.points[word, : tree.lengths[word]], tree.codes[word], strict=False
        ):
            if node < 5:
                nodes[node], turns[node] = 1, 1 - code
        np.testing.assert_array_equal(paths.top[word], [*nodes, *turns])
        assert paths.lengths[word] == tree.lengths[word] - nodes.sum()


def test_nearly_all_chunks_find_room():
    counts = counts_of(1000)
    paths, shares = _Paths(build_tree(counts), _TOP), counts / counts.sum()
    random = np.random.default_rng(2)
    words = random.choice(1000, (20_000, 8), p=shares)
    needed = paths.lengths[words].sum(axis=1)
    room = paths.room(shares, 8)
    assert (needed > room).mean() < 0.01
    assert room < 8 * paths.lengths.max()  # not simply room for the worst
    # All words with equally long ways: room for exactly these.
    even = _Paths(build_tree(np.full(128, 3)), 31)
    assert even.room(np.full(128, 1 / 128), 8) == 8 * 2
    assert _Paths(build_tree(np.array([2, 1])), 1).room(np.array([0.6, 0.4]), 8) == 1


def test_lists_are_laid_out_by_step_and_chunk():
    objective, slab, _ = make(SkipGramTree)
    layout, tree = objective.layout, build_tree(counts_of(WORDS))
    shape = (layout.steps, layout.chunks, objective.length)
    assert slab["nodes"].shape == slab["owners"].shape == slab["turns"].shape == shape
    centers = slow.centers_of(layout, 1)[2 * layout.chunk : 3 * layout.chunk]
    words = slab["words"][centers]
    found = [node for word in words for node, _ in ways_below(tree, word, _TOP)]
    assert slab["nodes"][1, 2, : len(found)].tolist() == found
