"""The tree: its codes are optimal, its nodes numbered as they are passed."""

import heapq
import itertools
import time

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.huffman import build_tree

RANDOM = np.random.default_rng(0)
FIBONACCI = [1, 1]
while len(FIBONACCI) < 60:
    FIBONACCI.append(FIBONACCI[-1] + FIBONACCI[-2])
COUNTS = {
    "hand": [45, 16, 13, 12, 9, 5],
    "one": [7],
    "two": [3, 2],
    "alike": [1] * 37,
    "zeros": [0, 0, 5, 0],
    "unsorted": [3, 50, 1, 20, 20, 7],
    "deep": FIBONACCI[::-1],
    "zipf": (10_000 / np.arange(1, 500)).astype(int),
    "random": RANDOM.integers(1, 1000, 300),
}


@pytest.fixture(params=COUNTS)
def counts(request):
    return np.array(COUNTS[request.param])


def paths(tree):
    """Return for each word its way: a tuple of (inner node, turn)."""
    return [
        tuple(zip(points[:n].tolist(), codes[:n].tolist(), strict=True))
        for points, codes, n in zip(tree.points, tree.codes, tree.lengths, strict=True)
    ]


def cost_by_heap(counts):
    """Return the sum of all joined weights: the length of the text in bits."""
    heap, cost = list(counts), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        cost += joined
        heapq.heappush(heap, joined)
    return cost


def test_the_textbook_tree():
    # Cormen et al., Introduction to Algorithms: a 45, b 13, c 12, d 16, e 9, f 5.
    tree = build_tree(np.array([45, 13, 12, 16, 9, 5]))
    assert tree.lengths.tolist() == [1, 3, 3, 3, 4, 4]
    codes = ["".join(str(turn) for _, turn in path) for path in paths(tree)]
    assert codes == ["0", "101", "100", "111", "1101", "1100"]
    np.testing.assert_allclose(tree.visits, [1, 0.55, 0.3, 0.25, 0.14])


def test_no_code_begins_another_and_none_is_missing(counts):
    tree = build_tree(counts)
    codes = {tuple(turn for _, turn in path) for path in paths(tree)}
    assert len(codes) == len(counts)
    assert sum(2.0 ** -len(code) for code in codes) == 1  # Kraft
    for code in codes:
        assert not any(code[:end] in codes for end in range(len(code)))


def test_the_text_is_as_short_as_can_be(counts):
    tree = build_tree(counts)
    assert int(counts @ tree.lengths) == cost_by_heap(counts.tolist())


def test_equal_turns_lead_to_one_node(counts):
    nodes = {}
    for path in paths(build_tree(counts)):
        for place, (node, _) in enumerate(path):
            turns = tuple(turn for _, turn in path[:place])
            assert nodes.setdefault(turns, node) == node
    assert sorted(nodes.values()) == list(range(len(counts) - 1))
    assert nodes.get((), 0) == 0


def test_nodes_with_small_numbers_are_passed_most(counts):
    tree = build_tree(counts)
    passed = np.zeros(len(counts) - 1)
    for path, count in zip(paths(tree), counts, strict=True):
        for node, _ in path:
            passed[node] += count
    np.testing.assert_allclose(tree.visits, passed / max(1, counts.sum()))
    assert all(a >= b for a, b in itertools.pairwise(tree.visits))


def test_of_the_best_trees_it_is_the_shallowest():
    # 1, 2, 3, 3 would be as short a text: (2 + (2 + (1 + 1))).
    assert build_tree(np.array([2, 2, 1, 1])).lengths.tolist() == [2, 2, 2, 2]


def test_padding_is_zero():
    tree = build_tree(np.array(COUNTS["zipf"]))
    behind = np.arange(tree.depth) >= tree.lengths[:, None]
    assert behind.any() and not tree.points[behind].any()
    assert not tree.codes[behind].any()


def test_visits_of_a_thinned_text():
    counts = np.array([45, 13, 12, 16, 9, 5])
    tree = build_tree(counts)
    np.testing.assert_allclose(tree.expected_visits(counts / 100), tree.visits)
    evenly = tree.expected_visits(np.full(6, 1 / 6))
    np.testing.assert_allclose(evenly, [1, 5 / 6, 3 / 6, 2 / 6, 2 / 6])


def test_codes_longer_than_forty():
    assert build_tree(np.array(COUNTS["deep"])).depth == 59


def test_a_common_word_has_a_short_code():
    tree = build_tree(np.array(COUNTS["zipf"]))
    assert (np.diff(tree.lengths) >= 0).all()


def test_large_vocabularies_take_seconds():
    counts = (1e7 / np.arange(1, 100_001)).astype(int)
    begun = time.process_time()
    tree = build_tree(counts)
    assert time.process_time() - begun < 5  # 0.2 s on a free core
    assert tree.points.dtype == np.int32 and tree.codes.dtype == np.int8


def test_no_words_is_told():
    with pytest.raises(UserError, match="at least one word"):
        build_tree(np.array([], int))
