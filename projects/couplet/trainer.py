"""Teach an encoder-decoder from line pairs."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.progress import Progress
from common.training import fit
from projects.couplet.batches import EncodedPairs, Lessons, PairBatches
from projects.couplet.config import Config
from projects.couplet.model import EncoderDecoder, build_model, set_frequencies
from projects.couplet.tokens import Tokens

_WARM = 200  # steps
_COOL = 0.4  # share of the training
_WEIGHT_DECAY = 0.01


@keras.saving.register_keras_serializable(package="couplet")
class WarmHoldCool(keras.optimizers.schedules.LearningRateSchedule):
    """Step sizes that rise for some steps, hold, and fall to zero at the end.

    Holding makes a training that is worth extending: what comes before the fall does
    not depend on the length.
    """

    def __init__(self, highest: float, steps: int, warm: int, cool: int):
        """Plan the steps.

        Args:
            highest: The step size that is held.
            steps: All steps of the training.
            warm: Steps until the highest is reached.
            cool: Steps at the end in which it falls to zero in a straight line.
        """
        self.highest, self.steps, self.warm, self.cool = highest, steps, warm, cool

    def __call__(self, step: Any) -> Any:
        """Return the step size at a step, counted from 0."""
        step = keras.ops.cast(step, "float32")
        rising = (step + 1) / max(1, self.warm)
        falling = (self.steps - step) / max(1, self.cool)
        return self.highest * keras.ops.clip(
            keras.ops.minimum(rising, falling), 1e-4, 1.0
        )

    def get_config(self) -> dict[str, Any]:
        """Return what the constructor takes."""
        return dict(vars(self))


def train(
    config: Config,
    tokens: Tokens,
    pairs: tuple[EncodedPairs, EncodedPairs],
    checkpoint: Path | None = None,
) -> tuple[EncoderDecoder, dict[str, list[float]]]:
    """Build a model and fit it.

    Args:
        config: The options of `train.py`.
        tokens: The characters.
        pairs: Those to learn from and those to validate with.
        checkpoint: Folder for the backups, see `common.training.fit`.

    Returns:
        The trained model and the history by epoch; `loss` is in nats per character,
        punctuation included.
    """
    learned, valid = pairs
    batches = make_batches(config, tokens, learned)
    checked = PairBatches(
        valid,
        batch_tokens=config.batch_tokens,
        bucket_width=config.bucket_width,
        lessons=Lessons(end=config.end_token),
        shuffle=False,
    )
    keras.utils.set_random_seed(config.seed)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(config.precision)
    try:
        padded = config.bucket_width > 1
        model = build_model(len(tokens), config, padded=padded)
    finally:
        keras.config.set_dtype_policy(before)
    targets = np.bincount(learned.ids[:, 1].ravel(), minlength=len(tokens))
    targets[0] = 0  # padding
    set_frequencies(model.full, targets)
    compile_model(model.full, config, len(batches))
    history = fit(
        model.full,
        batches,
        epochs=config.epochs,
        validation=checked,
        checkpoint=checkpoint,
        callbacks=[Progress("couplets", quiet=config.quiet)],
    )
    return model, history


def make_batches(config: Config, tokens: Tokens, pairs: EncodedPairs) -> PairBatches:
    """Return the batches of a training."""
    lessons = Lessons(
        config.reverse_share, config.blank_share, tokens.han_mask, config.end_token
    )
    return PairBatches(
        pairs,
        batch_tokens=config.batch_tokens,
        epoch_pairs=config.epoch_pairs,
        bucket_width=config.bucket_width,
        lessons=lessons,
        seed=config.seed,
    )


def compile_model(model: keras.Model, config: Config, steps_per_epoch: int) -> None:
    """Set the loss and the optimizer of a training of so many steps."""
    steps = config.epochs * steps_per_epoch
    schedule = WarmHoldCool(
        config.learning_rate, steps, min(_WARM, steps // 10), int(_COOL * steps)
    )
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
    optimizer = keras.optimizers.AdamW(
        schedule, weight_decay=_WEIGHT_DECAY, beta_2=0.98, clipnorm=1.0
    )
    model.compile(optimizer, loss)
