"""Training the fast way: slab after slab through one compiled program.

Only ids of words go from Python to the program. What a killed training needs to go on
is written every minute; the slabs before it are cut again and passed over, so that
it ends as an undisturbed one would.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from keras import ops

from common.backup import read_newest, remove_unfinished, write_state
from common.errors import UserError
from common.interrupts import Interrupts
from common.state import TrainingState
from projects.word2vec.banded import (
    Layout,
    Objective,
    make_program,
    to_matrices,
    to_tables,
)
from projects.word2vec.corpus import Text
from projects.word2vec.noise_objective import Cbow, SkipGram
from projects.word2vec.reference import Matrices, Recipe
from projects.word2vec.slabs import Slabs, ahead
from projects.word2vec.softmax_objective import SoftmaxCbow, SoftmaxSkipGram
from projects.word2vec.subsampling import keep_probabilities
from projects.word2vec.tree_objective import CHUNK, CbowTree, SkipGramTree

# Learning rate x summed updates of a row at one point; more of it overshoots.
_LARGEST_STEP = 2.0
_LAST_RATE = 1e-3  # of the first one
_SOFTMAX_BATCH = 64
_STEPS = 256  # of a slab; fewer for small texts, so that padding is of no account
_SLABS = 8  # of an epoch, at least
_SECONDS_BETWEEN_BACKUPS = 60.0

_OBJECTIVES = {
    ("skip_gram", "negative"): SkipGram,
    ("cbow", "negative"): Cbow,
    ("skip_gram", "hierarchical"): SkipGramTree,
    ("cbow", "hierarchical"): CbowTree,
    ("skip_gram", "softmax"): SoftmaxSkipGram,
    ("cbow", "softmax"): SoftmaxCbow,
}

# Hears the share of the training that is done, 0 to 1, and the newest loss.
Listener = Callable[[float, float], None]


def fit_fast(
    corpus: Text,
    recipe: Recipe,
    *,
    checkpoint: Path | None = None,
    start: Matrices | None = None,
    listen: Listener = lambda share, loss: None,
) -> tuple[Matrices, dict[str, list[float]]]:
    """Train word vectors.

    Args:
        corpus: A `Corpus`; its text is read block by block.
        recipe: What to learn, and how.
        checkpoint: Folder for backups; a killed call that is made again goes on
            from the newest and ends with the same matrices. None: no backups.
        start: Both matrices to go on with, (n, dim) and (rows, dim).
        listen: Is told after each slab.

    Returns:
        Both matrices, float32: of words, (n, dim), and of what predicts or is
        predicted, (n, dim), or (n - 1, dim) for the nodes of the tree. And the
        history: `loss`, the mean of each epoch.

    Raises:
        UserError: The loss is no number.
        KeyboardInterrupt: Ctrl-C, with a line on how to go on.
    """
    objective = make_objective(corpus, recipe)
    program, state = make_program(objective), _Training(recipe, checkpoint)
    num_words = len(corpus.vocabulary.counts)
    start = state.resume() or start or initial_matrices(num_words, objective, recipe)
    tables = to_tables(*start)
    del start  # for large vocabularies it would fill the memory
    constants = {k: ops.convert_to_tensor(v) for k, v in objective.constants.items()}
    with ExitStack() as stack:
        interrupts = stack.enter_context(Interrupts())
        slabs = ahead(draw_slabs(corpus, recipe, objective, state.slabs))
        stack.callback(slabs.close)
        try:
            for epoch, share, slab in slabs:
                interrupts.on_train_batch_begin(0)
                first, second, loss = program(*tables, constants, slab)
                tables = first, second
                state.slabs += 1  # at once: a second Ctrl-C may not wait for the loss
                loss = float(loss)
                state.add(epoch, loss)
                listen(share, loss)
                if state.is_due():
                    state.write(to_matrices(tables, recipe.embedding_dim))
        except KeyboardInterrupt:
            if checkpoint is not None:
                state.write(to_matrices(tables, recipe.embedding_dim))
            raise KeyboardInterrupt("--resume goes on.") from None
        matrices = to_matrices(tables, recipe.embedding_dim)
        # Losses are those before each slab; the last one may still overshoot.
        for matrix in matrices:
            _check_finite(float(np.abs(matrix).max(initial=0)))
        state.write(matrices)
    return matrices, state.history()


def make_objective(corpus: Text, recipe: Recipe) -> Objective:
    """Return what a recipe predicts, cut to the size of a corpus."""
    counts = corpus.vocabulary.counts
    kept = keep_probabilities(counts, recipe.sample) @ counts / counts.sum()
    batch_size = recipe.batch_size
    if recipe.objective == "softmax":
        # Scaling down the busy rows unbalances a softmax; small steps need it less.
        batch_size = min(batch_size, _SOFTMAX_BATCH)
    steps = kept * corpus.num_tokens / batch_size / _SLABS
    steps = int(np.clip(steps, 1, _STEPS))
    layout = Layout(recipe.window, batch_size, steps)
    cap = _LARGEST_STEP / recipe.learning_rate
    options = {"sample": recipe.sample, "cap": cap}
    if recipe.objective == "negative":
        options["negative"] = recipe.negative
    if recipe.objective == "hierarchical":
        layout = Layout(recipe.window, batch_size, steps, CHUNK)
    return _OBJECTIVES[recipe.model, recipe.objective](counts, layout, **options)


def initial_matrices(num_words: int, objective: Objective, recipe: Recipe) -> Matrices:
    """Return the matrices that word2vec.c begins with: small noise, and zeros."""
    # Zeros at the end of a seed do not count: [seed] would draw what thins out.
    random = np.random.default_rng([recipe.seed, 0, 0, 2])
    dim = recipe.embedding_dim
    center = random.random((num_words, dim), np.float32)
    center -= 0.5
    center /= dim
    return center, np.zeros((objective.rows, dim), np.float32)


def draw_slabs(
    corpus: Text, recipe: Recipe, objective: Objective, begin: int
) -> Iterator[tuple[int, float, dict[str, np.ndarray]]]:
    """Yield the epoch, the share done at its end, and the arrays of each slab.

    Args:
        corpus: Where the text is.
        recipe: What to learn.
        objective: What slabs need beside their words.
        begin: How many slabs to pass over.
    """
    keep = keep_probabilities(corpus.vocabulary.counts, recipe.sample)
    slabs = Slabs(corpus, objective.layout, keep, recipe.seed)
    steps, total = objective.layout.steps, 0
    for epoch in range(recipe.epochs):
        for number, piece in enumerate(slabs.epoch(epoch)):
            total += 1
            if total <= begin:
                continue
            ends = (epoch + np.array([piece.begin, piece.end])) / recipe.epochs
            left = np.linspace(1 - ends[0], 1 - ends[1], steps, endpoint=False)
            rates = recipe.learning_rate * np.maximum(left, _LAST_RATE)
            random = np.random.default_rng([recipe.seed, epoch, number, 1])
            slab = {
                "words": piece.words,
                "sentences": piece.sentences,
                "rates": rates.astype(np.float32),
            }
            yield epoch, float(ends[1]), slab | objective.draw(piece.words, random)


def _check_finite(number: float) -> None:
    if not np.isfinite(number):
        raise UserError(
            "The loss must be a number. Received:"
            f" {number}. Give a smaller --learning-rate."
        )


class _Training:
    """Where a training stands, and its backups."""

    def __init__(self, recipe: Recipe, folder: Path | None):
        self.slabs = 0
        self._folder = folder
        self._written = time.monotonic()
        # Sum and number of the losses of each epoch.
        self._losses = [[0.0, 0] for _ in range(recipe.epochs)]

    def resume(self) -> Matrices | None:
        """Go on from the newest backup; return its matrices, or None without one."""
        if self._folder is None:
            return None
        remove_unfinished(self._folder)
        saved = read_newest(self._folder)
        if saved is None:
            return None
        self.slabs = saved.epochs
        self._losses = saved.callbacks[0][1]["losses"]
        centers, contexts = saved.model
        return centers, contexts

    def add(self, epoch: int, loss: float) -> None:
        """Take note of the loss of a slab."""
        _check_finite(loss)
        self._losses[epoch][0] += loss
        self._losses[epoch][1] += 1

    def is_due(self) -> bool:
        """Whether a minute has passed since the last backup."""
        now = time.monotonic()
        return self._folder is not None and (
            now - self._written >= _SECONDS_BETWEEN_BACKUPS
        )

    def write(self, matrices: Matrices) -> None:
        """Write a backup; it is counted in slabs where others count in epochs."""
        if self._folder is None:
            return
        memory = [("losses", {"losses": self._losses})]
        state = TrainingState(self.slabs, False, list(matrices), [], memory)
        write_state(state, self._folder)
        self._written = time.monotonic()

    def history(self) -> dict[str, list[float]]:
        """Return the mean loss of each epoch."""
        return {"loss": [total / max(1, n) for total, n in self._losses]}
