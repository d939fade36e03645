"""Teach an encoder-decoder from line pairs."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.progress import Progress
from common.training import fit
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.batches import EncodedPairs, Lessons, PairBatches
from projects.couplet.network.model import EncoderDecoder, build_model, set_frequencies
from projects.couplet.tokens import END, PAD, Tokens

_WARM = 250  # steps
_COOL = 0.3  # share of the training
_WEIGHT_DECAY = 0.01


@keras.saving.register_keras_serializable(package="couplet")
class RiseAndFall(keras.optimizers.schedules.LearningRateSchedule):
    """Step sizes that rise, fall as 1 / sqrt(step), and at the end to zero.

    What comes before the end does not depend on the length of the training, so that
    a longer one begins as a shorter one did.
    """

    def __init__(self, highest: float, steps: int, warm: int, cool: int):
        """Plan the steps.

        Args:
            highest: The step size at the end of the rise.
            steps: All steps of the training.
            warm: Steps of the rise.
            cool: Steps at the end in which a straight line leads to zero.
        """
        self.highest, self.steps, self.warm, self.cool = highest, steps, warm, cool

    def __call__(self, step: Any) -> Any:
        """Return the step size at a step, counted from 0."""
        ops, warm = keras.ops, float(max(1, self.warm))
        step = ops.cast(step, "float32") + 1
        falling = ops.minimum(step / warm, ops.sqrt(warm / step))
        left = (self.steps + 1 - step) / max(1, self.cool)
        return self.highest * falling * ops.clip(left, 0.0, 1.0)

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor takes."""
        return dict(vars(self))


@dataclass(frozen=True)
class Recipe:
    """How a model is taught.

    Attributes:
        epochs: Of `epoch_pairs` pairs each.
        epoch_pairs: Pairs in an epoch; 0: all.
        batch_tokens: Characters of second lines in a batch.
        bucket_width: Lengths in one batch.
        reverse_share: Share of pairs learned backwards.
        blank_share: Share of pairs whose source is blanked.
        end_token: Whether the model learns where to end.
        learning_rate: The highest step size.
        precision: The dtype policy of Keras in the training.
        seed: Decides all that is random.
    """

    epochs: int = 28
    epoch_pairs: int = 100_000
    batch_tokens: int = 4096
    bucket_width: int = 1
    reverse_share: float = 0.2
    blank_share: float = 0.1
    end_token: bool = False
    learning_rate: float = 0.006
    precision: str = "float32"
    seed: int = 0


def train(
    form: Architecture,
    recipe: Recipe,
    tokens: Tokens,
    pairs: tuple[EncodedPairs, EncodedPairs],
    *,
    checkpoint: Path | None = None,
    quiet: bool = False,
) -> tuple[EncoderDecoder, dict[str, list[float]]]:
    """Build a model and fit it.

    Args:
        form: What to build.
        recipe: How to teach it.
        tokens: The characters.
        pairs: Those to learn from and those to validate with.
        checkpoint: Folder for the backups, see `common.training.fit`.
        quiet: No progress.

    Returns:
        The trained model and the history by epoch; `loss` is in nats per character,
        punctuation included.
    """
    learned, valid = pairs
    batches = make_batches(recipe, tokens, learned)
    checked = PairBatches(
        valid,
        batch_tokens=recipe.batch_tokens,
        bucket_width=recipe.bucket_width,
        lessons=Lessons(end=recipe.end_token),
        shuffle=False,
    )
    keras.utils.set_random_seed(recipe.seed)
    with _policy(recipe.precision):
        model = build_model(len(tokens), form, padded=recipe.bucket_width > 1)
    counts = np.bincount(learned.ids[:, 1].ravel(), minlength=len(tokens))
    counts[PAD] = 0
    counts[END] = len(learned) if recipe.end_token else 0
    set_frequencies(model.full, counts)
    compile_model(model.full, recipe, len(batches))
    history = fit(
        model.full,
        batches,
        epochs=recipe.epochs,
        validation=checked,
        checkpoint=checkpoint,
        callbacks=[Progress("couplets", quiet=quiet)],
    )
    return model, history


@contextlib.contextmanager
def _policy(precision: str) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def make_batches(recipe: Recipe, tokens: Tokens, pairs: EncodedPairs) -> PairBatches:
    """Return the batches of a training."""
    lessons = Lessons(
        recipe.reverse_share, recipe.blank_share, tokens.han_mask, recipe.end_token
    )
    return PairBatches(
        pairs,
        batch_tokens=recipe.batch_tokens,
        epoch_pairs=recipe.epoch_pairs,
        bucket_width=recipe.bucket_width,
        lessons=lessons,
        seed=recipe.seed,
    )


def compile_model(model: keras.Model, recipe: Recipe, steps_per_epoch: int) -> None:
    """Set the loss and the optimizer of a training of so many steps."""
    steps = recipe.epochs * steps_per_epoch
    schedule = RiseAndFall(
        recipe.learning_rate, steps, min(_WARM, steps // 10), int(_COOL * steps)
    )
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
    optimizer = keras.optimizers.AdamW(
        schedule, weight_decay=_WEIGHT_DECAY, beta_2=0.98, clipnorm=1.0
    )
    model.compile(optimizer, loss)
