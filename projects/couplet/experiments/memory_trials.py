"""One net on one task: built, trained, measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np

from common.batches import ShuffledBatches
from common.lstm import FusedLSTM
from common.training import fit
from projects.couplet.experiments.memory_tasks import (
    Task,
    adding_problem,
    exact_matches,
    written_sums,
)
from projects.couplet.experiments.variant_cell import VARIANTS, VariantLSTMCell

_LONGEST_STEP = 1.0  # norm of the gradient
_SOLVED = 1e-3  # loss of either task, with which a net has nothing left to learn
LAYERS: dict[str, Callable[..., keras.layers.Layer]] = {
    "SimpleRNN": keras.layers.SimpleRNN,
    "GRU": keras.layers.GRU,
    "LSTM": FusedLSTM,
}


@dataclass(frozen=True)
class Recipe:
    """How a net is trained.

    Attributes:
        units: Of the one recurrent layer.
        epochs: Passes over the samples, at most.
        batch_size: Samples in one step.
        learning_rate: Of Adam, at first; it falls along a cosine.
    """

    units: int
    epochs: int
    batch_size: int = 64
    learning_rate: float = 0.01


@dataclass(frozen=True)
class Budget:
    """How large nets and tasks are; the names are those of the options."""

    units: int
    epochs: int
    samples: int
    digits: int
    sum_units: int
    sum_epochs: int
    sums: int
    held_out: int


@dataclass(frozen=True)
class Result:
    """What a net has come to.

    Attributes:
        error: On the test samples: the mean squared error, or for written answers the
            share that is not right to the last symbol.
        epochs: Passes until it was solved, or all.
        weights: Numbers in the recurrent layer.
    """

    error: float
    epochs: int
    weights: int


@dataclass(frozen=True)
class Finding:
    """What nets have come to on one task.

    Attributes:
        task: Its name.
        baseline: The error of the best answer that does not look.
        results: For each kind of net those of all seeds.
    """

    task: str
    baseline: float
    results: Mapping[str, Sequence[Result]]

    def errors(self, name: str) -> list[float]:
        """Return the errors of a net by seed."""
        return [result.error for result in self.results[name]]


def compare_nets(
    names: Sequence[str],
    lengths: Sequence[int],
    budget: Budget,
    seeds: int,
    tell: Callable[[str], None],
) -> list[Finding]:
    """Train nets on the adding problem at several lengths, and on written sums.

    Args:
        names: Kinds of nets, see `make_layer`.
        lengths: Of the adding problems.
        budget: See `Budget`.
        seeds: Each decides data, first weights and order.
        tell: Is told of every net that is trained.

    Returns:
        A finding for each length, the last one that of the sums.
    """
    b = budget
    adding, writing = Recipe(b.units, b.epochs), Recipe(b.sum_units, b.sum_epochs)
    makers = [
        (adding, partial(adding_problem, length, b.samples, b.held_out))
        for length in lengths
    ]
    makers.append((writing, partial(written_sums, b.digits, b.sums, b.held_out)))
    found = []
    for recipe, make in makers:
        tasks = [make(seed) for seed in range(seeds)]
        results: dict[str, list[Result]] = {name: [] for name in names}
        for name in names:
            for seed, task in enumerate(tasks):
                results[name].append(run_trial(task, name, recipe, seed))
                tell(f"{task.name}, {name}, seed {seed}: {results[name][-1].error:.4g}")
        baseline = float(np.mean([task.baseline for task in tasks]))
        found.append(Finding(tasks[0].name, baseline, results))
    return found


def make_layer(name: str, units: int) -> keras.layers.Layer:
    """Return the recurrent layer of a name out of `LAYERS` or `VARIANTS`."""
    if name in VARIANTS:
        cell = VariantLSTMCell(units, name)
        return keras.layers.RNN(cell, return_sequences=True, name="memory")
    return LAYERS[name](units, return_sequences=True, name="memory")


def build_model(task: Task, name: str, units: int) -> keras.Model:
    """Build a net of one recurrent layer that answers at the last steps.

    Returns:
        A model, not compiled, from inputs `(batch, time, features)` to numbers
        `(batch, 1, 1)` or to logits `(batch, num_answers, num_symbols)`.
    """
    time, features = task.train[0].shape[1:]
    inputs = keras.Input((time, features))
    hidden = make_layer(name, units)(inputs)
    last = keras.layers.Cropping1D((time - task.num_answers, 0))(hidden)
    outputs = keras.layers.Dense(task.num_symbols or 1, name="answer")(last)
    return keras.Model(inputs, outputs, name="memory_net")


def run_trial(task: Task, name: str, recipe: Recipe, seed: int) -> Result:
    """Train a net of one kind until the task is solved, and measure it.

    Args:
        task: The samples.
        name: See `make_layer`.
        recipe: See `Recipe`.
        seed: Of the first weights and of the order of samples.
    """
    keras.utils.set_random_seed(seed)
    batches = ShuffledBatches.from_arrays(
        *task.train, batch_size=recipe.batch_size, seed=seed
    )
    model = build_model(task, name, recipe.units)
    _compile(model, task, recipe, len(batches) * recipe.epochs)
    history = fit(
        model,
        batches,
        epochs=recipe.epochs,
        validation=task.valid,
        callbacks=[StopWhenSolved(_SOLVED)],
    )
    return Result(
        measure(model, task),
        len(history["loss"]),
        model.get_layer("memory").count_params(),
    )


def measure(model: keras.Model, task: Task) -> float:
    """Return the error on the test samples, see `Result`."""
    inputs, answers = task.test
    # Not `predict`: of the fifth model that it traces, TensorFlow complains.
    outputs = keras.ops.convert_to_numpy(model(inputs))
    if task.num_symbols:
        return 1 - exact_matches(outputs.argmax(axis=-1), answers)
    return float(np.mean((outputs - answers) ** 2))


class StopWhenSolved(keras.callbacks.Callback):
    """End a training that has nothing left to learn."""

    def __init__(self, enough: float):
        super().__init__()
        self._enough = enough

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stop once the loss of the held-out samples is small enough."""
        if (logs or {}).get("val_loss", self._enough) < self._enough:
            self.model.stop_training = True


def _compile(model, task, recipe, num_steps):
    schedule = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate, num_steps, alpha=0.02
    )
    loss: Any = "mean_squared_error"
    if task.num_symbols:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(schedule, global_clipnorm=_LONGEST_STEP)
    model.compile(optimizer, loss)
