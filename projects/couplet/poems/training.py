"""Fitting the language model of poems."""

from dataclasses import dataclass
from pathlib import Path

import keras

from common.progress import Progress
from common.training import fit
from projects.couplet.network.weights import save_weights
from projects.couplet.poems.batches import PieceBatches, Pieces
from projects.couplet.poems.corpus import PoemSplit, clauses_of
from projects.couplet.poems.language_model import build_model
from projects.couplet.poems.novelty import KnownClauses
from projects.couplet.poems.poet import save_poet, weights_path
from projects.couplet.poems.themes import Themes
from projects.couplet.tokens import PAD, Tokens

_WARM_UP = 0.05  # share of the steps in which the step size rises
_LAST = 0.01  # step size at both ends, as share of the highest
_LONGEST_STEP = 1.0  # norm of the gradient


@dataclass(frozen=True)
class Recipe:
    """The model and its training; the names are those of the options."""

    min_count: int = 5
    embedding_dim: int = 160
    units: int = 320
    dropout: float = 0.25
    epochs: int = 10
    batch_size: int = 64
    learning_rate: float = 0.01
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained model.

    Attributes:
        model: See `build_model`.
        tokens: Its ids.
        recipe: How it was made.
        history: Losses by epoch, nats per token.
    """

    model: keras.Model
    tokens: Tokens
    recipe: Recipe
    history: dict[str, list[float]]


def train(
    split: PoemSplit, recipe: Recipe, *, checkpoint: Path, quiet: bool = False
) -> Fitted:
    """Train on the poems of `split.train`; see `common.training.fit` for the rest.

    Args:
        split: Poems.
        recipe: See `Recipe`.
        checkpoint: Folder for the backups; with them a killed call goes on.
        quiet: Whether to say nothing.
    """
    tokens = Tokens.from_lines(split.train, min_count=recipe.min_count)
    options = {"batch_size": recipe.batch_size, "seed": recipe.seed}
    batches = PieceBatches(Pieces.of(split.train, tokens), **options)
    valid = PieceBatches(Pieces.of(split.valid, tokens), shuffle=False, **options)
    keras.utils.set_random_seed(recipe.seed)
    form = recipe.embedding_dim, recipe.units, recipe.dropout
    model = build_model(len(tokens), *form)
    compile_model(model, recipe.learning_rate, len(batches) * recipe.epochs)
    history = fit(
        model,
        batches,
        epochs=recipe.epochs,
        validation=valid,
        checkpoint=checkpoint,
        callbacks=[Progress("poems", quiet=quiet)],
    )
    return Fitted(model, tokens, recipe, history)


def compile_model(model: keras.Model, learning_rate: float, num_steps: int) -> None:
    """Make a model ready for `num_steps` steps, padding uncounted."""
    rising = max(1, int(_WARM_UP * num_steps))
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate * _LAST,
        max(1, num_steps - rising),
        alpha=_LAST,
        warmup_target=learning_rate,
        warmup_steps=rising,
    )
    model.compile(
        keras.optimizers.Adam(schedule, global_clipnorm=_LONGEST_STEP),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=PAD),
    )


def save(fitted: Fitted, split: PoemSplit, folder: Path) -> None:
    """Write all that `Poet.load` reads into a folder that exists."""
    clauses = {clause for poem in split.train for clause in clauses_of(poem)}
    facts = {
        "embedding_dim": fitted.recipe.embedding_dim,
        "units": fitted.recipe.units,
    }
    themes = Themes.of(split.train, fitted.tokens)
    save_poet(folder, fitted.tokens, KnownClauses.of(clauses), themes, facts)
    save_weights(fitted.model, weights_path(folder))
