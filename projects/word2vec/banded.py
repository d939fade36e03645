"""The fast step: word2vec as dense matrix products over bands of text.

word2vec.c walks from pair to pair and changes two rows each time. Here a step takes
many center words at once. They lie in chunks; a chunk of G neighboring words has all
its contexts in a halo of G + 2 * window words, so that all scores of a chunk are one
matrix product of (G, dim) by (dim, halo), of which the band around the diagonal
counts. A group of chunks shares its noise words, again one product. Gradients are
the same products the other way round, and every row is read and written once per
step instead of once per pair. Many steps (a slab) are one compiled program, to which
Python hands nothing but ids of words.

Where it differs from word2vec.c, and why that is no loss:

- The window is not drawn from 1..window for each center word; each pair counts with
  its expectation, (window + 1 - distance) / window. The same loss in the mean, with
  less noise.
- The noise words of a group are shared. Each counts `negative / noise` times the
  pairs of a center, so the expected loss is the same, with more distinct words.
- All updates of a step are taken at the same point. Rows that collect very many of
  them (common words) would overshoot: their sum is scaled down to `cap` expected
  updates (`row_scales`). Chunks lie far apart in the text, so that a step does not
  hold the same rare word many times.

Everything is written in `keras.ops` and runs on each backend; only `compile_program`
knows how TensorFlow and JAX compile it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

Tables = tuple[Any, Any]
Step = Callable[[Tables, Any, Any, "Slab"], Tables]

# AVX-512 and tensor cores like rows of full registers; the columns stay zero.
COLUMNS = 16


@dataclass(frozen=True)
class Layout:
    """How a slab of text is cut into steps, groups and chunks.

    Attributes:
        window: most words between center and context.
        batch_size: center words of a step.
        steps: steps of a slab.
        chunk: center words that share a halo.
        group: center words that share noise words.
        noise: noise words of a group.
    """

    window: int
    batch_size: int
    steps: int
    chunk: int = 16
    group: int = 64
    noise: int = 64

    @property
    def words(self) -> int:
        """Center words of a slab."""
        return self.batch_size * self.steps

    @property
    def chunks(self) -> int:
        """Chunks of a step."""
        return self.batch_size // self.chunk

    @property
    def halo(self) -> int:
        """Words of a chunk and of its margins."""
        return self.chunk + 2 * self.window

    def band(self) -> np.ndarray:
        """Return how much each pair of a chunk counts, float32, (chunk, halo)."""
        center, context = np.ogrid[: self.chunk, : self.halo]
        distance = np.abs(context - self.window - center)
        weight = (self.window + 1 - distance) / self.window
        return np.where(distance == 0, 0, weight.clip(0)).astype(np.float32)

    def halo_positions(self) -> np.ndarray:
        """Return where the first halo of each chunk lies, int32, (chunks, halo).

        Chunk c walks through the c-th part of the slab; step s adds s * chunk.
        """
        begin = np.arange(self.chunks) * self.steps * self.chunk
        return (begin[:, None] + np.arange(self.halo)).astype(np.int32)


@dataclass(frozen=True)
class Slab:
    """The text of one compiled call: `Layout.words` centers and margins.

    Attributes:
        words: ids, int32, (words + 2 * window,).
        sentences: number of the sentence of each word, int32, same shape; -1 marks
            padding.
        noise: ids, int32, (steps, groups, noise).
        rates: learning rate of each step, float32, (steps,).
    """

    words: Any
    sentences: Any
    noise: Any
    rates: Any


def row_scales(updates: np.ndarray, batch_size: int, cap: float) -> np.ndarray:
    """Return by how much the summed updates of each row are scaled down.

    Args:
        updates: expected updates of each row by one center word, (n,).
        batch_size: center words of a step.
        cap: most updates at one point that a row takes at their full size.

    Returns:
        float32, (n,), at most 1.
    """
    return (1 / np.maximum(1, updates * batch_size / cap)).astype(np.float32)


def skip_gram_step(layout: Layout, negative: float, scales: Tables) -> Step:
    """Return the step in which each word predicts the words of its window.

    Args:
        layout: how the slab is cut.
        negative: noise words per pair.
        scales: of the rows of both tables, from `row_scales`.
    """
    num_chunks, group = layout.chunks, layout.group
    num_groups = layout.batch_size // group

    def step(tables: Tables, rate: Any, at: Any, slab: Slab) -> Tables:
        center, context = tables
        dim = center.shape[1]
        halo, pairs = _bands(layout, slab, at)
        own = halo[:, layout.window : layout.window + layout.chunk]
        own, halo = ops.reshape(own, (-1,)), ops.reshape(halo, (-1,))
        noise = ops.reshape(slab.noise[at], (-1,))
        rows = ops.concatenate([halo, noise])
        x = ops.take(center, own, axis=0)
        z = ops.take(context, rows, axis=0)
        split = num_chunks * layout.halo
        near = ops.reshape(z[:split], (num_chunks, layout.halo, dim))
        far = ops.reshape(z[split:], (num_groups, layout.noise, dim))
        x_near = ops.reshape(x, (num_chunks, layout.chunk, dim))
        x_far = ops.reshape(x, (num_groups, group, dim))
        weight = ops.reshape(ops.sum(pairs, axis=2), (num_groups, group, 1))
        weight = weight * (negative / layout.noise)
        # What is left of each label (1 for near, 0 for far), times its weight.
        error = rate * pairs * (1 - ops.sigmoid(_by_rows(x_near, near)))
        noise_error = -rate * weight * ops.sigmoid(_by_rows(x_far, far))
        change = ops.reshape(ops.matmul(error, near), x.shape)
        change = change + ops.reshape(ops.matmul(noise_error, far), x.shape)
        changes = ops.concatenate(
            [_by_columns(error, x_near), _by_columns(noise_error, x_far)], axis=0
        )
        return (
            _add(center, own, change, scales[0]),
            _add(context, rows, changes, scales[1]),
        )

    return step


def cbow_step(layout: Layout, negative: float, scales: Tables) -> Step:
    """Return the step in which the mean of a window predicts its center word.

    As in word2vec.c every word of the window takes the whole error, not its share.
    """
    num_chunks, group = layout.chunks, layout.group
    num_groups = layout.batch_size // group

    def step(tables: Tables, rate: Any, at: Any, slab: Slab) -> Tables:
        center, context = tables
        dim = center.shape[1]
        halo, pairs = _bands(layout, slab, at)
        own = halo[:, layout.window : layout.window + layout.chunk]
        own, halo = ops.reshape(own, (-1,)), ops.reshape(halo, (-1,))
        noise = ops.reshape(slab.noise[at], (-1,))
        rows = ops.concatenate([own, noise])
        y = ops.take(center, halo, axis=0)
        y = ops.reshape(y, (num_chunks, layout.halo, dim))
        z = ops.take(context, rows, axis=0)
        true, far = z[: layout.batch_size], z[layout.batch_size :]
        far = ops.reshape(far, (num_groups, layout.noise, dim))
        total = ops.sum(pairs, axis=2, keepdims=True)
        mean = ops.matmul(pairs / ops.maximum(total, 1e-6), y)
        flat = ops.reshape(mean, (layout.batch_size, dim))
        mean = ops.reshape(mean, (num_groups, group, dim))
        alive = ops.cast(total > 0, "float32")  # a word without context learns nothing
        score = ops.sum(flat * true, axis=1, keepdims=True)
        error = rate * ops.reshape(alive, score.shape) * (1 - ops.sigmoid(score))
        weight = ops.reshape(alive, (num_groups, group, 1)) * (negative / layout.noise)
        noise_error = -rate * weight * ops.sigmoid(_by_rows(mean, far))
        change = error * true + ops.reshape(ops.matmul(noise_error, far), flat.shape)
        change = ops.reshape(change, (num_chunks, layout.chunk, dim))
        changes = ops.concatenate([error * flat, _by_columns(noise_error, mean)], 0)
        return (
            _add(center, halo, _by_columns(pairs, change), scales[0]),
            _add(context, rows, changes, scales[1]),
        )

    return step


def make_program(step: Step, layout: Layout) -> Callable[..., Tables]:
    """Return the compiled walk through one slab.

    Returns:
        A function of `center`, `context` (float32, (n, columns)) and the arrays of
        a slab, which returns the two tables after all its steps. The tables that
        were given must not be used again.
    """

    def program(center, context, words, sentences, noise, rates):
        slab = Slab(words, sentences, noise, rates)

        def body(at, tables):
            return step(tables, rates[at], at, slab)

        return ops.fori_loop(0, layout.steps, body, (center, context))

    return compile_program(program)


def compile_program(program: Callable[..., Tables]) -> Callable[..., Tables]:
    """Compile a program for the backend at hand (PyTorch runs it as it is)."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(program, jit_compile=True, autograph=False)
    if backend == "jax":
        import jax

        return jax.jit(program, donate_argnums=(0, 1))
    return program


def _bands(layout: Layout, slab: Slab, at: Any) -> tuple[Any, Any]:
    """Return the ids of the halos (chunks, halo) and the weights of the pairs."""
    positions = layout.halo_positions() + at * layout.chunk
    sentences = ops.take(slab.sentences, positions)
    own = sentences[:, layout.window : layout.window + layout.chunk, None]
    same = (own == sentences[:, None, :]) & (own >= 0)
    pairs = layout.band() * ops.cast(same, "float32")
    return ops.take(slab.words, positions), pairs


def _by_rows(a: Any, b: Any) -> Any:
    """Return the products of rows with rows: (n, g, d), (n, h, d) -> (n, g, h)."""
    return ops.matmul(a, ops.transpose(b, (0, 2, 1)))


def _by_columns(a: Any, b: Any) -> Any:
    """Return what b's rows give to a's columns: (n, g, h), (n, g, d) -> (n * h, d)."""
    product = ops.matmul(ops.transpose(a, (0, 2, 1)), b)
    return ops.reshape(product, (-1, b.shape[-1]))


def _add(table: Any, ids: Any, changes: Any, scales: Any) -> Any:
    """Add changes (m, dim) to the rows `ids` (m,) of a table, repeated ids too."""
    changes = changes * ops.take(scales, ids)[:, None]
    return ops.scatter_update(table, ids[:, None], changes, reduction="add")
