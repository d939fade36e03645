"""One training from recipe to vectors, by the fast way or by the plain Keras one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import UserError, note
from common.files import atomic_write
from common.meter import Meter
from common.vocabulary import Vocabulary
from projects.word2vec.corpus import Text
from projects.word2vec.huffman import build_tree
from projects.word2vec.model import assign_matrices, build_model, word_matrices
from projects.word2vec.reference import Matrices, Recipe, fit_reference
from projects.word2vec.vectors import WordVectors

# What each pair of model and objective likes best, measured on English Wikipedia.
_RATES = {
    ("skip_gram", "negative"): 0.07,
    ("cbow", "negative"): 0.07,
    ("skip_gram", "hierarchical"): 0.05,
    ("cbow", "hierarchical"): 0.05,
    ("skip_gram", "softmax"): 0.05,
    ("cbow", "softmax"): 0.05,
}
_REFERENCE_RATES = {"skip_gram": 0.025, "cbow": 0.05}  # those of word2vec.c
_WORDS = 50_000_000  # in all epochs together
# Numbers in the scores of one step; more of them fill the memory.
_MOST_SCORES = 1 << 27


@dataclass(frozen=True)
class Trained:
    """What came out of a training.

    Attributes:
        recipe: what was learned, and how.
        matrices: of words, float32, (n, dim), and of what is predicted.
        history: `loss` of each epoch.
        seconds: that this process trained; the fast way without its first slab,
            during which the step is compiled.
        share: of the training that these seconds took; far less than 1 if another
            process had begun it.
    """

    recipe: Recipe
    matrices: Matrices
    history: dict[str, list[float]]
    seconds: float
    share: float

    @property
    def seconds_per_epoch(self) -> float | None:
        """Seconds of one epoch; None if another process did nearly all of it."""
        if self.share < 0.1:
            return None
        return self.seconds / (self.share * self.recipe.epochs)


def fill_in(options: Any) -> dict[str, float]:
    """Return the learning rate and the thinning, chosen where the user has not.

    Args:
        options: has `model`, `objective`, `engine`, and `learning_rate` and `sample`,
            which may be None.
    """
    rate, sample = options.learning_rate, options.sample
    if rate is None and options.engine == "keras":
        rate = _REFERENCE_RATES[options.model]
    if rate is None:
        rate = _RATES[options.model, options.objective]
    if sample is None:
        sample = 3e-5 if options.objective == "hierarchical" else 1e-4
    return {"learning_rate": rate, "sample": sample}


def default_epochs(num_words: int) -> int:
    """Return how many passes a text needs; small ones need more to be learned."""
    return int(np.clip(-(-_WORDS // max(1, num_words)), 5, 20))


def make_recipes(options: Any, corpus: Text) -> list[Recipe]:
    """Return what to train, the objective that is kept first.

    Args:
        options: has the fields of a `Recipe`, of which some may be None, `engine`
            and `compare`, the objectives of the run.
        corpus: a `Corpus`; tells how many epochs are enough.

    Raises:
        UserError: see `check_size`.
    """
    epochs = options.epochs or default_epochs(corpus.num_words)
    others = [
        objective for objective in options.compare if objective != options.objective
    ]
    recipes = []
    for objective in [options.objective, *others]:
        chosen = replace(options, objective=objective, epochs=epochs)
        chosen = replace(chosen, **fill_in(chosen))
        names = [field.name for field in fields(Recipe)]
        recipe = Recipe(**{name: getattr(chosen, name) for name in names})
        check_size(corpus, recipe)
        recipes.append(recipe)
    return recipes


def check_size(corpus: Text, recipe: Recipe) -> None:
    """Refuse what cannot be learned before anything is written.

    Raises:
        UserError: more noise words than words, or a full softmax over too many.
    """
    n = len(corpus.vocabulary)
    if recipe.objective == "negative" and recipe.negative >= n:
        raise UserError(
            f"--negative must be below the number of words, {n}. Received:"
            f" {recipe.negative}. Give more text, a smaller --min-count or fewer noise"
            " words."
        )
    if recipe.objective == "softmax" and n * recipe.batch_size > _MOST_SCORES:
        raise UserError(
            "Full softmax scores every word against all words: at most"
            f" {_MOST_SCORES // recipe.batch_size:,} of them. Received: {n:,} words."
            " Limit them by --max-vocabulary 10000, or take --objective negative."
        )


def check_words(vocabulary: Vocabulary, words: Sequence[str]) -> None:
    """Refuse words to show that are unknown, before they are missed at the end.

    Raises:
        UserError: A word is unknown; the nearest by spelling are named.
    """
    unknown = [word for word in words if word not in vocabulary]
    if unknown:
        near = ", ".join(vocabulary.closest(unknown[0])) or "none"
        raise UserError(
            f"--show must name words of the vocabulary ({len(vocabulary):,} words)."
            f" Received: {unknown[0]}. Nearest by spelling: {near}."
        )


def train(
    corpus: Text,
    recipe: Recipe,
    *,
    engine: str,
    checkpoint: Path,
    start: Matrices | None = None,
    quiet: bool = False,
) -> Trained:
    """Train word vectors; go on from the checkpoint where a killed call stood.

    Args:
        corpus: a `Corpus`.
        recipe: what to learn, and how.
        engine: "fast" or "keras".
        checkpoint: folder for backups.
        start: matrices to go on with.
        quiet: no progress.
    """
    began = time.monotonic()
    if engine == "keras":
        model, history = fit_reference(
            corpus, recipe, checkpoint=checkpoint, start=start, quiet=quiet
        )
        seconds = time.monotonic() - began
        return Trained(recipe, word_matrices(model), history, seconds, 1.0)
    from projects.word2vec.fast import fit_fast

    total, told = corpus.num_words * recipe.epochs, list[tuple[float, float]]()
    name = f"training {recipe.model}, {recipe.objective}"
    if not quiet:
        note("compiling the step, some seconds")
    with Meter(name, total, "words", quiet=quiet) as meter:

        def listen(share: float, loss: float) -> None:
            if not told:  # the first slab also compiled the step
                meter.begin_at(share * total)
            told.append((time.monotonic(), share))
            meter.show(share * total, f"loss {loss:.3f}")

        matrices, history = fit_fast(
            corpus, recipe, checkpoint=checkpoint, start=start, listen=listen
        )
    (compiled, before), *_ = told or [(time.monotonic(), 1.0)]
    seconds = time.monotonic() - compiled
    return Trained(recipe, matrices, history, seconds, 1 - before)


def history_rows(trained: Sequence[Trained]) -> list[dict[str, Any]]:
    """Return a row for each objective and epoch, for history.csv."""
    return [
        {"objective": each.recipe.objective, "epoch": epoch + 1, "loss": loss}
        for each in trained
        for epoch, loss in enumerate(each.history["loss"])
    ]


def save_model(trained: Trained, vocabulary: Vocabulary, folder: Path) -> WordVectors:
    """Write model.keras with both matrices, and the vectors for `nearest.py`.

    Args:
        trained: what to save.
        vocabulary: its words.
        folder: the run's.

    Returns:
        The vectors.
    """
    recipe = trained.recipe
    tree = build_tree(vocabulary.counts) if recipe.objective == "hierarchical" else None
    model = build_model(
        len(vocabulary),
        recipe.embedding_dim,
        model=recipe.model,
        objective=recipe.objective,
        tree=tree,
    )
    center, context = trained.matrices
    assign_matrices(model, center, context)
    with atomic_write(folder / "model.keras") as temporary:
        model.save(temporary)
    vectors = WordVectors(vocabulary, center)
    vectors.save(folder)
    return vectors
