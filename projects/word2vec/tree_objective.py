"""Hierarchical softmax for the fast step: turns in a Huffman tree.

A word is predicted by the turns on its way down (huffman.py). The nodes near the root
are on nearly every way: a chunk scores all of them at once, and two products with
the weights of the pairs say which scores count how often. The nodes below are few
for each word; those of a chunk are packed into one list of fixed length, so that
their scores are a dense product, too. As in word2vec.c the words of a window predict
the word in its middle; over a text those are the same pairs as the other way round.
"""

from typing import Any, NamedTuple

import numpy as np
from keras import ops

from projects.word2vec.banded import (
    Arrays,
    Layout,
    Tables,
    add_rows,
    bands,
    by_columns,
    by_rows,
    own_words,
    row_scales,
)
from projects.word2vec.huffman import HuffmanTree, build_tree
from projects.word2vec.subsampling import kept_shares

CHUNK = 8  # centers that share a list of nodes; more of them waste more of the band
_TOP = 31  # nodes that all words share, at most
_SPARE = 3.0  # standard deviations of room in the list of a chunk


class _View(NamedTuple):
    """What a step looks at; `hidden` (chunks, i, dim) predicts."""

    halo: Any  # ids of the words in the windows, (chunks, halo)
    pairs: Any  # weights, (chunks, chunk, halo)
    hidden: Any
    deep: Any  # rows of the packed nodes, (chunks, length, dim)
    deep_scores: Any  # (chunks, i, length)
    deep_weights: Any
    turns: Any  # 1 for one turn, 0 for the other, (chunks, 1, length)
    top_scores: Any  # (chunks, i, top)
    top_weights: Any
    top_turns: Any  # weights of the turns 1, (chunks, i, top)


class _Tree:
    """What skip-gram and CBOW have in common."""

    def __init__(
        self, counts: np.ndarray, layout: Layout, *, sample: float, cap: float
    ):
        """Prepare for the words of a vocabulary.

        Args:
            counts: how often each word was seen, (n,).
            layout: how slabs are cut, with chunks of `CHUNK`.
            sample: as for `keep_probabilities`.
            cap: as for `row_scales`.
        """
        self.layout = layout
        tree, shares = build_tree(counts), kept_shares(counts, sample)
        self.rows = max(1, len(tree.visits))
        self._top = min(_TOP, self.rows)
        self._paths = _Paths(tree, self._top)
        self.length = self._paths.room(shares, layout.chunk)
        visits = np.zeros(self.rows)
        visits[: len(tree.visits)] = tree.expected_visits(shares)
        center, context = self._updates(shares, visits, float(shares @ tree.lengths))
        self.constants = {
            "center_scales": row_scales(center, layout.batch_size, cap),
            "context_scales": row_scales(context, layout.batch_size, cap),
            "top": self._paths.top,
        }

    def draw(self, words: np.ndarray, random: np.random.Generator) -> Arrays:
        """Return the packed nodes of each chunk; nothing is random about them."""
        layout = self.layout
        centers = words[layout.window : layout.window + layout.words]
        shape = (layout.chunks, layout.steps, layout.chunk)
        centers = centers.reshape(shape).swapaxes(0, 1).reshape(-1, layout.chunk)
        shape = (layout.steps, layout.chunks, self.length)
        packed = self._paths.pack(centers, self.length)
        return {name: array.reshape(shape) for name, array in packed.items()}

    def loss(self, tables: Tables, slab: Arrays) -> Any:
        """Return the mean loss of a prediction in the first step of a slab."""
        view = self._look(tables, slab, 0)
        signs = 1 - 2 * view.turns
        total = ops.sum(view.deep_weights * ops.softplus(signs * view.deep_scores))
        others = view.top_weights - view.top_turns
        total = total + ops.sum(view.top_turns * ops.softplus(-view.top_scores))
        total = total + ops.sum(others * ops.softplus(view.top_scores))
        # Every prediction passes the root.
        return total / ops.maximum(ops.sum(view.top_weights[:, :, 0]), 1e-6)

    def step(self, tables: Tables, slab: Arrays, at: Any, rate: Any) -> Tables:
        """Return the tables after a step."""
        view, dim = self._look(tables, slab, at), tables[0].shape[1]
        deep = view.turns - ops.sigmoid(view.deep_scores)
        deep = rate * view.deep_weights * deep
        top = view.top_turns - view.top_weights * ops.sigmoid(view.top_scores)
        top = ops.reshape(rate * top, (-1, self._top))
        change = ops.reshape(ops.matmul(deep, view.deep), (-1, dim))
        change = change + ops.matmul(top, tables[1][: self._top])
        flat = ops.reshape(view.hidden, (-1, dim))
        changes = [
            by_columns(deep, view.hidden),
            ops.matmul(ops.transpose(top), flat),
        ]
        nodes = ops.reshape(slab["nodes"][at], (-1,))
        rows = [nodes, ops.arange(self._top, dtype="int32")]
        halo = ops.reshape(view.halo, (-1,))
        change = self._spread(view, change)
        return (
            add_rows(tables[0], halo, change, slab["center_scales"]),
            add_rows(
                tables[1],
                ops.concatenate(rows),
                ops.concatenate(changes, axis=0),
                slab["context_scales"],
            ),
        )

    def _look(self, tables: Tables, slab: Arrays, at: Any) -> _View:
        layout, dim = self.layout, tables[0].shape[1]
        halo, pairs = bands(layout, slab, at)
        y = ops.take(tables[0], ops.reshape(halo, (-1,)), axis=0)
        y = ops.reshape(y, (layout.chunks, layout.halo, dim))
        hidden, weights = self._hidden(y, pairs)  # weights: (chunks, chunk, i)
        deep = ops.take(tables[1], ops.reshape(slab["nodes"][at], (-1,)), axis=0)
        deep = ops.reshape(deep, (layout.chunks, self.length, dim))
        owner = ops.one_hot(slab["owners"][at], layout.chunk, dtype="float32")
        top = ops.take(slab["top"], own_words(layout, halo), axis=0)
        top = ops.cast(ops.reshape(top, (layout.chunks, layout.chunk, -1)), "float32")
        top = ops.matmul(ops.transpose(weights, (0, 2, 1)), top)
        top_scores = ops.matmul(hidden, ops.transpose(tables[1][: self._top]))
        return _View(
            halo,
            pairs,
            hidden,
            deep,
            by_rows(hidden, deep),
            by_rows(ops.transpose(weights, (0, 2, 1)), owner),
            ops.cast(slab["turns"][at], "float32")[:, None, :],
            top_scores,
            top[:, :, : self._top],
            top[:, :, self._top :],
        )

    def _hidden(self, y: Any, pairs: Any) -> tuple[Any, Any]:
        raise NotImplementedError

    def _spread(self, view: _View, change: Any) -> Any:
        raise NotImplementedError

    def _updates(self, shares, visits, length):
        raise NotImplementedError


class SkipGramTree(_Tree):
    """Each word of a window predicts the word in its middle."""

    def _hidden(self, y, pairs):
        return y, pairs

    def _spread(self, view, change):
        return change

    def _updates(self, shares, visits, length):
        pairs = self.layout.window + 1
        return pairs * length * shares, pairs * visits


class CbowTree(_Tree):
    """The mean of a window predicts the word in its middle."""

    def _hidden(self, y, pairs):
        total = ops.sum(pairs, axis=2, keepdims=True)
        alive = ops.cast(total > 0, "float32")
        mean = ops.matmul(pairs / ops.maximum(total, 1e-6), y)
        return mean, ops.eye(self.layout.chunk) * alive

    def _spread(self, view, change):
        shape = (self.layout.chunks, self.layout.chunk, change.shape[-1])
        return by_columns(view.pairs, ops.reshape(change, shape))

    def _updates(self, shares, visits, length):
        return (self.layout.window + 1) * shares, visits


class _Paths:
    """The ways of all words, as lists below the top and as rows at the top.

    Attributes:
        top: int8, (n, 2 * top): which top nodes a word passes, and of those where
            it takes turn 1.
    """

    def __init__(self, tree: HuffmanTree, top: int):
        there = np.arange(tree.depth) < tree.lengths[:, None]
        at_top = there & (tree.points < top)
        word, place = np.nonzero(at_top)
        node = tree.points[word, place]
        self.top = np.zeros((len(tree.lengths), 2 * top), np.int8)
        self.top[word, node] = 1
        self.top[word, top + node] = 1 - tree.codes[word, place]
        below = there & ~at_top
        self.lengths = below.sum(1).astype(np.int32)
        self._begin = np.cumsum(self.lengths) - self.lengths
        self._nodes = tree.points[below]
        self._turns = 1 - tree.codes[below]

    def room(self, shares: np.ndarray, chunk: int) -> int:
        """Return a length of list that the ways of nearly all chunks fit into."""
        mean = shares @ self.lengths
        deviation = np.sqrt(shares @ (self.lengths - mean) ** 2)
        room = chunk * mean + _SPARE * np.sqrt(chunk) * deviation
        longest = int(self.lengths.max(initial=0))
        return max(1, min(int(np.ceil(room / 8)) * 8, chunk * longest))

    def pack(self, words: np.ndarray, length: int) -> Arrays:
        """Put the nodes of each chunk into a list.

        What does not fit, one chunk in a thousand, loses its last nodes: those of
        its last words, wherever in the text they stand.

        Args:
            words: ids, (chunks, chunk).
            length: of the lists.

        Returns:
            `nodes`, int32, `owners` (which word of the chunk, -1 for none), int32,
            and `turns`, int8, each (chunks, length).
        """
        counts = self.lengths[words]
        after = np.cumsum(counts, axis=1)
        before = after - counts
        counts = np.minimum(counts, (length - before).clip(0)).reshape(-1)
        place = before + length * np.arange(len(words))[:, None]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        source = np.repeat(self._begin[words].reshape(-1), counts) + within
        target = np.repeat(place.reshape(-1), counts) + within
        owner = np.tile(np.arange(words.shape[1], dtype=np.int32), len(words))
        packed: dict[str, np.ndarray] = {
            "nodes": np.zeros(len(words) * length, np.int32),
            "owners": np.full(len(words) * length, -1, np.int32),
            "turns": np.zeros(len(words) * length, np.int8),
        }
        packed["nodes"][target] = self._nodes[source]
        packed["owners"][target] = np.repeat(owner, counts)
        packed["turns"][target] = self._turns[source]
        return packed
