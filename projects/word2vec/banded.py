"""The fast way: word2vec as dense matrix products over bands of text.

word2vec.c walks from pair to pair and changes two rows each time. Here a step takes
many center words at once. They lie in chunks; a chunk of G neighboring words has all
its contexts in a halo of G + 2 * window words, so that all scores of a chunk are one
matrix product of (G, dim) by (dim, halo), of which the band around the diagonal
counts. Gradients are the same products the other way round, and every row is read
and written once per step instead of once per pair. Many steps (a slab) are one
compiled program, to which Python hands nothing but ids of words.

Where it differs from word2vec.c, and why that is no loss:

- The window is not drawn from 1..window for each center word; each pair counts with
  its expectation, (window + 1 - distance) / window. The same loss in the mean, with
  less noise.
- All updates of a step are taken at the same point. Rows that collect very many of
  them (common words) would overshoot: their sum is scaled down to `cap` expected
  updates (`row_scales`). Chunks lie far apart in the text, so that a step does not
  hold the same rare word many times.

Everything is written in `keras.ops` and runs on each backend; only `compile_program`
knows how TensorFlow and JAX compile it. What is predicted from what is the matter of
an objective: `noise_objective.py`, `tree_objective.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np
from keras import ops

Tables = tuple[Any, Any]
Arrays = dict[str, Any]

# AVX-512 and tensor cores like rows of full registers; these columns stay zero.
_COLUMNS = 16


@dataclass(frozen=True)
class Layout:
    """How a slab of text is cut into steps and chunks.

    Attributes:
        window: most words between center and context.
        batch_size: center words of a step.
        steps: steps of a slab.
        chunk: center words that share a halo.
    """

    window: int
    batch_size: int
    steps: int
    chunk: int = 16

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

    def positions(self, length: int) -> np.ndarray:
        """Return where the first words of each chunk lie, int32, (chunks, length).

        Chunk c walks through the c-th part of the slab; step s adds s * chunk.
        """
        begin = np.arange(self.chunks) * self.steps * self.chunk
        return (begin[:, None] + np.arange(length)).astype(np.int32)


class Objective(Protocol):
    """What is predicted, and how its error changes the two tables.

    Attributes:
        layout: how slabs are cut.
        rows: of the second table.
        constants: arrays that stay the same for all slabs.
    """

    layout: Layout
    rows: int
    constants: Arrays

    def draw(self, words: np.ndarray, random: np.random.Generator) -> Arrays:
        """Return what a slab needs beside its words, made by NumPy.

        Args:
            words: ids of the slab with its margins, int32, (layout.words + 2w,).
            random: decides what is drawn.
        """

    def step(self, tables: Tables, slab: Arrays, at: Any, rate: Any) -> Tables:
        """Return the tables after step `at` of the slab."""

    def loss(self, tables: Tables, slab: Arrays) -> Any:
        """Return the mean loss of a pair in the first step of the slab."""


Program = Callable[[Any, Any, Arrays, Arrays], tuple[Any, Any, Any]]


def make_program(objective: Objective) -> Program:
    """Return the compiled walk through one slab.

    Returns:
        A function of both tables (float32, (rows, columns)), the constants and the
        arrays of a slab: `words`, `sentences` (both int32, (words + 2 * window,); a
        sentence of -1 is padding), `rates` (float32, (steps,)) and what the
        objective has drawn. It returns the tables after all steps and the loss
        before the first. The tables that were given must not be used again.
    """

    def program(center, context, constants, slab):
        # For PyTorch, which does not mix with NumPy; compiled, they are tensors.
        slab = {name: ops.convert_to_tensor(array) for name, array in slab.items()}
        slab = slab | constants
        loss = objective.loss((center, context), slab)

        def body(at, tables):
            return objective.step(tables, slab, at, slab["rates"][at])

        steps = objective.layout.steps
        center, context = ops.fori_loop(0, steps, body, (center, context))
        return center, context, loss

    return compile_program(program)


def compile_program(program: Callable) -> Callable:
    """Compile a program for the backend at hand (PyTorch runs it as it is)."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(program, jit_compile=True, autograph=False)
    if backend == "jax":
        import jax

        return jax.jit(program, donate_argnums=(0, 1))
    return program


def to_tables(center: np.ndarray, context: np.ndarray) -> Tables:
    """Return both matrices (n, dim), float32, as tables with rows of full registers."""
    missing = -center.shape[1] % _COLUMNS
    padding = ((0, 0), (0, missing))
    return tuple(
        ops.convert_to_tensor(np.pad(matrix.astype(np.float32), padding))
        for matrix in (center, context)
    )


def to_matrices(tables: Tables, embedding_dim: int) -> tuple[np.ndarray, np.ndarray]:
    """Return copies of both tables without their padding, float32, (rows, dim)."""
    return tuple(
        ops.convert_to_numpy(table)[:, :embedding_dim].copy() for table in tables
    )


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


def bands(layout: Layout, slab: Arrays, at: Any) -> tuple[Any, Any]:
    """Return the ids of the halos (chunks, halo) and the weights of the pairs.

    The weights, (chunks, chunk, halo), are 0 across the border of a sentence.
    """
    positions = layout.positions(layout.halo) + at * layout.chunk
    sentences = ops.take(slab["sentences"], positions)
    own = sentences[:, layout.window : layout.window + layout.chunk, None]
    same = (own == sentences[:, None, :]) & (own >= 0)
    pairs = ops.convert_to_tensor(layout.band()) * ops.cast(same, "float32")
    return ops.take(slab["words"], positions), pairs


def own_words(layout: Layout, halo: Any) -> Any:
    """Return the center words of halos, (batch_size,)."""
    return ops.reshape(halo[:, layout.window : layout.window + layout.chunk], (-1,))


def by_rows(a: Any, b: Any) -> Any:
    """Return the products of rows with rows: (n, g, d), (n, h, d) -> (n, g, h)."""
    return ops.matmul(a, ops.transpose(b, (0, 2, 1)))


def by_columns(a: Any, b: Any) -> Any:
    """Return what b's rows give to a's columns: (n, g, h), (n, g, d) -> (n * h, d)."""
    product = ops.matmul(ops.transpose(a, (0, 2, 1)), b)
    return ops.reshape(product, (-1, b.shape[-1]))


def add_rows(table: Any, ids: Any, changes: Any, scales: Any) -> Any:
    """Add changes (m, dim) to the rows `ids` (m,) of a table, repeated ids too.

    One call for all rows of a step: two in a row would make XLA copy the table.
    """
    changes = changes * ops.take(scales, ids)[:, None]
    return ops.scatter_update(table, ids[:, None], changes, reduction="add")
