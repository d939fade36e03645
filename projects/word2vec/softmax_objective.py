"""Full softmax for the fast step: every word against all words.

What the other two outputs avoid: each center costs 6 x n x dim multiplications and
additions, so it is for small vocabularies only, and to show what it costs. Its
gradient for a center is the same for all its pairs but for the true words: the
scores are taken once per center, not once per pair.
"""

from typing import Any

import numpy as np
from keras import ops

from projects.word2vec.banded import (
    Arrays,
    Layout,
    Tables,
    add_rows,
    bands,
    by_columns,
    own_words,
    row_scales,
)
from projects.word2vec.subsampling import expected_updates


class _Softmax:
    """What skip-gram and CBOW have in common."""

    model = ""

    def __init__(
        self, counts: np.ndarray, layout: Layout, *, sample: float, cap: float
    ):
        """Prepare for the words of a vocabulary.

        Args:
            counts: how often each word was seen, (n,).
            layout: how slabs are cut.
            sample: as for `keep_probabilities`.
            cap: as for `row_scales`.
        """
        self.layout = layout
        self.rows = len(counts)
        # Pushing all words down, in sum, is as strong as pulling the true ones up.
        center, context = expected_updates(
            counts, model=self.model, window=layout.window, negative=1, sample=sample
        )
        self.constants = {
            "center_scales": row_scales(center, layout.batch_size, cap),
            "context_scales": row_scales(context, layout.batch_size, cap),
        }

    def draw(self, words: np.ndarray, random: np.random.Generator) -> Arrays:
        """Return nothing: there is no noise."""
        return {}

    def loss(self, tables: Tables, slab: Arrays) -> Any:
        """Return the mean loss of a prediction in the first step of a slab."""
        *_, hidden, targets = self._look(tables, slab, 0)
        scores = ops.matmul(hidden, ops.transpose(tables[1]))
        weight = ops.sum(targets, axis=1)
        total = weight * ops.logsumexp(scores, axis=1) - ops.sum(targets * scores, 1)
        return ops.sum(total) / ops.maximum(ops.sum(weight), 1e-6)

    def step(self, tables: Tables, slab: Arrays, at: Any, rate: Any) -> Tables:
        """Return the tables after a step."""
        halo, pairs, hidden, targets = self._look(tables, slab, at)
        scores = ops.matmul(hidden, ops.transpose(tables[1]))
        weight = ops.sum(targets, axis=1, keepdims=True)
        error = rate * (targets - weight * ops.softmax(scores, axis=1))
        change = self._spread(pairs, ops.matmul(error, tables[1]))
        changes = ops.matmul(ops.transpose(error), hidden)
        changes = changes * slab["context_scales"][:, None]
        rows = self._rows(halo)
        center = add_rows(tables[0], rows, change, slab["center_scales"])
        return center, tables[1] + changes

    def _look(self, tables: Tables, slab: Arrays, at: Any) -> tuple:
        """Return halos, weights of pairs, hidden vectors, and true words (t, n)."""
        raise NotImplementedError

    def _spread(self, pairs: Any, change: Any) -> Any:
        raise NotImplementedError

    def _rows(self, halo: Any) -> Any:
        raise NotImplementedError


class SoftmaxSkipGram(_Softmax):
    """Each word predicts the words of its window."""

    model = "skip_gram"

    def _look(self, tables, slab, at):
        halo, pairs = bands(self.layout, slab, at)
        hidden = ops.take(tables[0], own_words(self.layout, halo), axis=0)
        # Row t of the true words: the weight of each word in the window of center t.
        center = ops.arange(self.layout.batch_size, dtype="int32")
        center = ops.reshape(center, (self.layout.chunks, self.layout.chunk, 1))
        places = ops.stack(
            [
                ops.broadcast_to(center, pairs.shape),
                ops.broadcast_to(halo[:, None, :], pairs.shape),
            ],
            axis=-1,
        )
        targets = ops.scatter_update(
            ops.zeros((self.layout.batch_size, self.rows)),
            ops.reshape(places, (-1, 2)),
            ops.reshape(pairs, (-1,)),
            reduction="add",
        )
        return halo, pairs, hidden, targets

    def _spread(self, pairs, change):
        return change

    def _rows(self, halo):
        return own_words(self.layout, halo)


class SoftmaxCbow(_Softmax):
    """The mean of a window predicts the word in its middle."""

    model = "cbow"

    def _look(self, tables, slab, at):
        halo, pairs = bands(self.layout, slab, at)
        dim = tables[0].shape[1]
        y = ops.take(tables[0], ops.reshape(halo, (-1,)), axis=0)
        y = ops.reshape(y, (self.layout.chunks, self.layout.halo, dim))
        total = ops.sum(pairs, axis=2, keepdims=True)
        hidden = ops.matmul(pairs / ops.maximum(total, 1e-6), y)
        own = own_words(self.layout, halo)
        alive = ops.cast(ops.reshape(total, (-1, 1)) > 0, "float32")
        targets = alive * ops.one_hot(own, self.rows, dtype="float32")
        return halo, pairs, ops.reshape(hidden, (-1, dim)), targets

    def _spread(self, pairs, change):
        shape = (self.layout.chunks, self.layout.chunk, change.shape[-1])
        return by_columns(pairs, ops.reshape(change, shape))

    def _rows(self, halo):
        return ops.reshape(halo, (-1,))
