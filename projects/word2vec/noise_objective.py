"""Negative sampling for the fast step: the true word against words of noise.

Mikolov et al.: Distributed Representations of Words and Phrases, NIPS 2013. Unlike in
word2vec.c a group of center words shares its noise words: each counts `negative /
noise` times the pairs of a center. The expected loss is the same, with more distinct
words against each center, and the products are dense.
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
from projects.word2vec.subsampling import expected_updates, noise_distribution

_GROUP = 64  # center words that share noise words
_NOISE = 64  # noise words of a group


class _View(NamedTuple):
    """What a step looks at; `hidden` (groups, group, dim) predicts."""

    rows_in: Any  # ids of the rows that predict
    rows_out: Any  # ids of the rows that are predicted, the noise last
    pairs: Any  # weights, (chunks, chunk, halo)
    near: Any  # rows of the true words
    far: Any  # rows of the noise words, (groups, noise, dim)
    hidden: Any
    near_scores: Any
    far_scores: Any  # (groups, group, noise)
    far_weight: Any  # of each center's noise words, (groups, group, 1)


class _Noise:
    """What skip-gram and CBOW have in common."""

    model = ""

    def __init__(
        self,
        counts: np.ndarray,
        layout: Layout,
        *,
        negative: int,
        sample: float,
        cap: float,
    ):
        """Prepare for the words of a vocabulary.

        Args:
            counts: how often each word was seen, (n,).
            layout: how slabs are cut; `batch_size` is a multiple of 64.
            negative: noise words per pair.
            sample: as for `keep_probabilities`.
            cap: as for `row_scales`.
        """
        self.layout = layout
        self.rows = len(counts)
        self._share = negative / _NOISE
        self._groups = layout.batch_size // _GROUP
        self._table = _make_noise_table(noise_distribution(counts))
        updates = expected_updates(
            counts,
            model=self.model,
            window=layout.window,
            negative=negative,
            sample=sample,
        )
        names = ("center_scales", "context_scales")
        self.constants = {
            name: row_scales(rows, layout.batch_size, cap)
            for name, rows in zip(names, updates, strict=True)
        }

    def draw(self, words: np.ndarray, random: np.random.Generator) -> Arrays:
        """Return the noise words of a slab, int32, (steps, groups, noise)."""
        shape = (self.layout.steps, self._groups, _NOISE)
        drawn = random.integers(0, len(self._table), shape, np.int32)
        return {"noise": self._table[drawn]}

    def _look(self, tables: Tables, slab: Arrays, at: Any) -> _View:
        raise NotImplementedError

    def loss(self, tables: Tables, slab: Arrays) -> Any:
        """Return the mean loss of a prediction in the first step of a slab."""
        view = self._look(tables, slab, 0)
        weight = self._near_weight(view)
        total = ops.sum(weight * ops.softplus(-view.near_scores))
        total = total + ops.sum(view.far_weight * ops.softplus(view.far_scores))
        return total / ops.maximum(ops.sum(weight), 1e-6)

    def _near_weight(self, view: _View) -> Any:
        raise NotImplementedError


class SkipGram(_Noise):
    """Each word predicts the words of its window."""

    model = "skip_gram"

    def _look(self, tables: Tables, slab: Arrays, at: Any) -> _View:
        layout, dim = self.layout, tables[0].shape[1]
        halo, pairs = bands(layout, slab, at)
        own, near = own_words(layout, halo), ops.reshape(halo, (-1,))
        rows = ops.concatenate([near, ops.reshape(slab["noise"][at], (-1,))])
        z = ops.take(tables[1], rows, axis=0)
        near = ops.reshape(z[: near.shape[0]], (layout.chunks, layout.halo, dim))
        far = ops.reshape(z[layout.chunks * layout.halo :], (self._groups, _NOISE, dim))
        x = ops.take(tables[0], own, axis=0)
        hidden = ops.reshape(x, (self._groups, _GROUP, dim))
        x_near = ops.reshape(x, (layout.chunks, layout.chunk, dim))
        weight = ops.reshape(ops.sum(pairs, axis=2), (self._groups, _GROUP, 1))
        scores = by_rows(x_near, near), by_rows(hidden, far)
        return _View(own, rows, pairs, near, far, hidden, *scores, weight * self._share)

    def _near_weight(self, view: _View) -> Any:
        return view.pairs

    def step(self, tables: Tables, slab: Arrays, at: Any, rate: Any) -> Tables:
        """Return the tables after a step."""
        view, dim = self._look(tables, slab, at), tables[0].shape[1]
        # What is left of each label (1 for near, 0 for far), times its weight.
        error = rate * view.pairs * (1 - ops.sigmoid(view.near_scores))
        far_error = -rate * view.far_weight * ops.sigmoid(view.far_scores)
        change = ops.reshape(ops.matmul(error, view.near), (-1, dim))
        change = change + ops.reshape(ops.matmul(far_error, view.far), (-1, dim))
        x_near = ops.reshape(view.hidden, (self.layout.chunks, self.layout.chunk, dim))
        changes = by_columns(error, x_near), by_columns(far_error, view.hidden)
        return (
            add_rows(tables[0], view.rows_in, change, slab["center_scales"]),
            add_rows(
                tables[1],
                view.rows_out,
                ops.concatenate(changes, axis=0),
                slab["context_scales"],
            ),
        )


class Cbow(_Noise):
    """The mean of a window predicts the word in its middle.

    As in word2vec.c each word of the window takes the whole error, not its share.
    """

    model = "cbow"

    def _look(self, tables: Tables, slab: Arrays, at: Any) -> _View:
        layout, dim = self.layout, tables[0].shape[1]
        halo, pairs = bands(layout, slab, at)
        own, halo = own_words(layout, halo), ops.reshape(halo, (-1,))
        rows = ops.concatenate([own, ops.reshape(slab["noise"][at], (-1,))])
        z = ops.take(tables[1], rows, axis=0)
        near = z[: layout.batch_size]
        far = ops.reshape(z[layout.batch_size :], (self._groups, _NOISE, dim))
        y = ops.reshape(
            ops.take(tables[0], halo, axis=0), (layout.chunks, layout.halo, dim)
        )
        total = ops.sum(pairs, axis=2, keepdims=True)
        mean = ops.matmul(pairs / ops.maximum(total, 1e-6), y)
        hidden = ops.reshape(mean, (self._groups, _GROUP, dim))
        near_scores = ops.sum(ops.reshape(mean, near.shape) * near, 1, keepdims=True)
        # A word without context learns nothing.
        alive = ops.reshape(ops.cast(total > 0, "float32"), (self._groups, _GROUP, 1))
        scores = near_scores, by_rows(hidden, far)
        return _View(halo, rows, pairs, near, far, hidden, *scores, alive * self._share)

    def _near_weight(self, view: _View) -> Any:
        return ops.reshape(view.far_weight / self._share, view.near_scores.shape)

    def step(self, tables: Tables, slab: Arrays, at: Any, rate: Any) -> Tables:
        """Return the tables after a step."""
        view, dim = self._look(tables, slab, at), tables[0].shape[1]
        error = rate * self._near_weight(view) * (1 - ops.sigmoid(view.near_scores))
        far_error = -rate * view.far_weight * ops.sigmoid(view.far_scores)
        change = ops.reshape(ops.matmul(far_error, view.far), (-1, dim))
        change = change + error * view.near
        change = ops.reshape(change, (self.layout.chunks, self.layout.chunk, dim))
        hidden = ops.reshape(view.hidden, (-1, dim))
        changes = error * hidden, by_columns(far_error, view.hidden)
        return (
            add_rows(
                tables[0],
                view.rows_in,
                by_columns(view.pairs, change),
                slab["center_scales"],
            ),
            add_rows(
                tables[1],
                view.rows_out,
                ops.concatenate(changes, axis=0),
                slab["context_scales"],
            ),
        )


def _make_noise_table(distribution: np.ndarray) -> np.ndarray:
    """Return ids in proportion to their probability, int32, to draw from at random.

    As in word2vec.c; with 16 places a word, rounding is of no account.
    """
    size = max(1 << 20, 16 * len(distribution))
    cumulative = np.cumsum(distribution)
    places = (np.arange(size) + 0.5) * (cumulative[-1] / size)
    ids = np.searchsorted(cumulative, places).astype(np.int32)
    return np.minimum(ids, len(distribution) - 1)
