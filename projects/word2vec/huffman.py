"""The tree of hierarchical softmax: common words near the root, rare ones deep.

Morin and Bengio: Hierarchical Probabilistic Neural Network Language Model,
AISTATS 2005; with Huffman's tree: Mikolov et al., https://arxiv.org/abs/1301.3781.
A word's probability is a product of as many yes-or-no choices as its code is
long, about log2(n), instead of a softmax over all `n` words.
"""

from dataclasses import dataclass

import numpy as np

from common.errors import UserError


@dataclass(frozen=True, eq=False)
class HuffmanTree:
    """The ways from the root to `n` words, past `n - 1` inner nodes.

    Inner node 0 is the root, and of two nodes the one with the smaller number is
    passed at least as often: the first rows of the matrix of nodes are the
    busiest, as those of words are.

    Attributes:
        points: int32, shape `(n, depth)`: the inner nodes that a word passes, the
            root first, padded with 0.
        codes: int8, same shape: 0 or 1, the turn taken at each, padded with 0.
        lengths: int32, shape `(n,)`: how many of them count.
        visits: float64, shape `(n - 1,)`: the share of all words of the text that
            pass an inner node; the root's is 1.
    """

    points: np.ndarray
    codes: np.ndarray
    lengths: np.ndarray
    visits: np.ndarray

    @property
    def depth(self) -> int:
        """The length of the longest code."""
        return self.points.shape[1]

    def expected_visits(self, shares: np.ndarray) -> np.ndarray:
        """Return the share of words that pass an inner node, in another text.

        Args:
            shares: The share of each word in that text, shape `(n,)`.

        Returns:
            float64, shape `(n - 1,)`.
        """
        there = np.arange(self.depth) < self.lengths[:, None]
        weights = np.repeat(shares, self.lengths)
        return np.bincount(self.points[there], weights, minlength=len(self.visits))


def build_tree(counts: np.ndarray) -> HuffmanTree:
    """Build Huffman's tree, a fraction of a second for 100,000 words.

    As in word2vec.c, turn 1 leads to the heavier half. Of equally heavy nodes a
    word is joined before an inner node, which makes the tree as shallow as an
    optimal one can be.

    Args:
        counts: How often each word was seen, whole numbers from 0, shape `(n,)`.

    Raises:
        UserError: There is no word.
    """
    counts = np.asarray(counts, np.int64)
    if not len(counts):
        raise UserError(
            "A Huffman tree needs at least one word. Received: no counts. Give it"
            " the counts of a vocabulary."
        )
    n = len(counts)
    # Of words with one count the last is joined first, so codes never get shorter.
    order = n - 1 - np.argsort(counts[::-1], kind="stable")
    lighter, heavier, weights = _join(counts[order])
    parent = np.full(2 * n - 1, -1, np.int64)
    turn = np.zeros(2 * n - 1, np.int8)
    for turned, children in enumerate((lighter, heavier)):
        # Joined later means heavier: counting from the end makes the root 0.
        parent[children] = np.arange(n - 2, -1, -1)
        turn[children] = turned
    leaf = np.empty(n, np.int64)
    leaf[order] = np.arange(n)
    points, codes, lengths = _climb(leaf, parent, turn, n)
    visits = weights[::-1] / max(1, counts.sum())
    return HuffmanTree(points, codes, lengths, visits)


def _join(leaves: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join the two lightest nodes until one is left (two queues, van Leeuwen 1976).

    Joined nodes come out by rising weight, so that both queues stay sorted and the
    lightest node is always at the head of one.

    Args:
        leaves: Weights by rising order, shape `(n,)`.

    Returns:
        For each joined node the lighter child, the heavier child and the weight,
        each of shape `(n - 1,)`. Children below `n` are leaves, `n + i` is the
        i-th joined node.
    """
    n, endless = len(leaves), 1 << 62
    weights = [*leaves.tolist(), *[endless] * n]
    lighter, heavier = [0] * (n - 1), [0] * (n - 1)
    leaf, inner = 0, n
    for new in range(n, 2 * n - 1):
        # The last leaf is followed by the first joined node: stop there.
        if leaf < n and weights[leaf] <= weights[inner]:
            first, leaf = leaf, leaf + 1
        else:
            first, inner = inner, inner + 1
        if leaf < n and weights[leaf] <= weights[inner]:
            second, leaf = leaf, leaf + 1
        else:
            second, inner = inner, inner + 1
        lighter[new - n], heavier[new - n] = first, second
        weights[new] = weights[first] + weights[second]
    joined = np.array(weights[n : 2 * n - 1], np.int64)
    return np.array(lighter, np.int64), np.array(heavier, np.int64), joined


def _climb(
    leaf: np.ndarray, parent: np.ndarray, turn: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Climb from all leaves to the root at once; return points, codes, lengths.

    Args:
        leaf: The node of each word, int64, shape `(n,)`.
        parent: By node, the number of its parent among inner nodes, 0 the root.
        turn: By node, which child of its parent it is.
        n: Number of words.
    """
    lengths = np.zeros(n, np.int32)
    steps = []
    words, nodes = np.arange(n), leaf
    while len(words := words[(below := parent[nodes] >= 0)]):
        nodes = nodes[below]
        steps.append((words, parent[nodes], turn[nodes]))
        lengths[words] += 1
        nodes = 2 * n - 2 - parent[nodes]
    points = np.zeros((n, len(steps)), np.int32)
    codes = np.zeros((n, len(steps)), np.int8)
    for height, (words, inner, turns) in enumerate(steps):
        place = lengths[words] - 1 - height
        points[words, place] = inner
        codes[words, place] = turns
    return points, codes, lengths
