"""Training by `Model.fit`: the readable way, which the fast one is checked against.

Word2vec.c changes the matrices after each example by learning rate x gradient.
Here the gradients of a batch are summed (not averaged) and plain gradient descent
takes one step with the same rate, so that each example counts as much as there.
The difference is that all examples of a batch see the matrices as they were before
it. For a few hundred changes of one row that does not matter, for thousands they
overshoot together; so the batch is made small enough for the busiest row.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np

from common.progress import Progress
from common.training import fit
from projects.word2vec.corpus import Text
from projects.word2vec.huffman import build_tree
from projects.word2vec.model import SummedCrossentropy, assign_matrices, build_model
from projects.word2vec.pair_batches import PairBatches, PairRecipe
from projects.word2vec.subsampling import expected_updates, keep_probabilities

# Learning rate x changes of one row in a step. The curvature of a logistic loss is
# at most 1/4 of a squared length, so all these changes at once can overshoot from
# 8 / (squared length) on, and trained vectors have squared lengths of 1 to 5.
_LARGEST_STEP = 1.4
_LAST_RATE = 1e-4  # of the first one, as in word2vec.c


@dataclass(frozen=True)
class Recipe(PairRecipe):
    """All that decides what is learned; the meaning of each is that of the flag."""

    embedding_dim: int
    learning_rate: float
    epochs: int


Matrices = tuple[np.ndarray, np.ndarray]


def fit_reference(
    corpus: Text,
    recipe: Recipe,
    *,
    checkpoint: Path | None = None,
    start: Matrices | None = None,
    quiet: bool = False,
) -> tuple[keras.Model, dict[str, list[float]]]:
    """Train a model on a corpus by `Model.fit`.

    Args:
        corpus: A `Corpus`; its text is read block by block.
        recipe: What to learn, and how. `batch_size` is an upper bound.
        checkpoint: Folder for backups; a killed call that is made again goes on
            from the last finished epoch and ends with the same weights.
        start: Both matrices as from `model.word_matrices`, to go on with them.
        quiet: No progress.

    Returns:
        The trained model and its history; the loss is about that of one example.

    Raises:
        UserError: The recipe does not fit the corpus, or the loss is no number.
        KeyboardInterrupt: Ctrl-C, with a line on how to go on.
    """
    counts = corpus.vocabulary.counts
    hierarchical = recipe.objective == "hierarchical"
    model = build_model(
        len(counts),
        recipe.embedding_dim,
        model=recipe.model,
        objective=recipe.objective,
        tree=build_tree(counts) if hierarchical else None,
        seed=recipe.seed,
    )
    if start is not None:
        assign_matrices(model, *start)
    recipe = replace(recipe, batch_size=bounded_batch_size(counts, recipe))
    batches = PairBatches(corpus, counts, recipe)
    compile_model(model, recipe, batches.examples_per_batch(), len(batches))
    history = fit(
        model,
        batches,
        epochs=recipe.epochs,
        checkpoint=checkpoint,
        callbacks=[Progress("training", quiet=quiet)],
    )
    return model, history


def compile_model(
    model: keras.Model, recipe: Recipe, examples: float, num_batches: int
) -> None:
    """Compile for gradient descent with the sum of all examples' gradients.

    Args:
        model: From `build_model`.
        recipe: What to learn.
        examples: About how many are in a batch; only what the loss reads like
            depends on it: it is divided by it and the learning rate multiplied.
        num_batches: In an epoch; the rate falls over all of them on a line.
    """
    if recipe.objective == "softmax":
        loss = keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, reduction="sum"
        )
    else:
        loss = SummedCrossentropy()
    rate = recipe.learning_rate * examples
    schedule = keras.optimizers.schedules.PolynomialDecay(
        rate, recipe.epochs * num_batches, rate * _LAST_RATE
    )
    model.compile(
        keras.optimizers.SGD(schedule),
        loss,
        loss_weights=[1 / examples],
        # XLA would compile again for each new size of batch; JAX needs it.
        jit_compile=keras.backend.backend() == "jax",
    )


def bounded_batch_size(counts: np.ndarray, recipe: Recipe) -> int:
    """Return how many words of the text a step can take without overshooting.

    Args:
        counts: How often each word is in the text.
        recipe: What to learn.

    Returns:
        At least 1, at most the recipe's `batch_size`.
    """
    counts = np.asarray(counts, np.float64)
    kept = counts @ keep_probabilities(counts, recipe.sample) / counts.sum()
    busiest = _most_updates(counts, recipe) * kept
    return int(
        np.clip(_LARGEST_STEP / (recipe.learning_rate * busiest), 1, recipe.batch_size)
    )


def _most_updates(counts: np.ndarray, recipe: Recipe) -> float:
    """Return how often a kept word changes the busiest row of both matrices."""
    if recipe.objective == "hierarchical":
        return 1 if recipe.model == "cbow" else recipe.window + 1  # the root
    # Full softmax pushes all words as strongly as one noise word pushes one.
    negative = recipe.negative if recipe.objective == "negative" else 1
    rows = expected_updates(
        counts,
        model=recipe.model,
        window=recipe.window,
        negative=negative,
        sample=recipe.sample,
    )
    return max(row.max() for row in rows)
