"""The report of a training on couplets; evaluate.py tells how good a model is."""

import math
from collections.abc import Mapping, Sequence

import keras

from common.plotting import plot_learning_curves
from common.reporting import Report, Table
from projects.couplet.pairs.data import PairSplit
from projects.couplet.tokens import Tokens


def make_report(
    model: keras.Model,
    split: PairSplit,
    tokens: Tokens,
    history: Mapping[str, Sequence[float]],
    command: str,
) -> Report:
    """Tell what a training saw and how its loss went.

    Args:
        model: The trained model.
        split: The pairs.
        tokens: The characters.
        history: "loss" and "val_loss" of each epoch, nats per character.
        command: What reproduces the run.
    """
    losses, checked = history["loss"], history["val_loss"]
    rows = [
        (epoch, *losses_of, math.exp(losses_of[1]))
        for epoch, losses_of in enumerate(zip(losses, checked, strict=True), 1)
    ]
    last = {"loss": losses[-1], "val_loss": checked[-1], "val_perplexity": rows[-1][-1]}
    sizes = {name: len(getattr(split, name)) for name in ("train", "valid", "test")}
    curves = plot_learning_curves([history], "Loss by epoch", "nats per character")
    return Report(
        title=f"Encoder-decoder of {sizes['train']:,} couplets",
        verdict=(
            f"After {len(rows)} epochs the perplexity of a second line of the"
            f" {sizes['valid']:,} pairs for validation is {rows[-1][-1]:.1f} per"
            " character, punctuation included. Run evaluate.py to judge the model."
        ),
        command=command,
        tables=[
            Table(
                "Loss, nats per character, by epoch",
                ("epoch", "training", "validation", "perplexity of validation"),
                rows,
            )
        ],
        warnings=[
            "The training loss is that of all its lessons, lines backwards and blanked"
            " sources among them, and of a model that still changes: it may well be"
            " above that of validation."
        ],
        notes=[
            f"{split.train.name}: {sizes['train']:,} pairs to learn from,"
            f" {sizes['valid']:,} to validate with, {sizes['test']:,} to test.",
            f"{len(tokens):,} ids; {model.count_params():,} weights.",
        ],
        figures={"learning_curves": ("Training and validation loss", curves)},
        metrics={
            "scores": {"this model": last},
            "pairs": sizes,
            "parameters": model.count_params(),
        },
    )
