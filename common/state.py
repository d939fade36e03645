"""The state of a training: everything that decides what happens next.

Weights alone do not resume a training. The optimizer has momenta and a step
counter, dropout has its random streams, early stopping remembers the best epoch.
`capture` takes all of it out of a model and its callbacks, `restore` puts it back
bit for bit, and `reinitialize` gives a compiled model a new beginning without
compiling it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from common.errors import UserError

# What the callbacks of Keras remember between epochs.
_MEMORY = {
    keras.callbacks.EarlyStopping: (
        "wait",
        "best",
        "best_weights",
        "best_epoch",
        "stopped_epoch",
    ),
    keras.callbacks.ReduceLROnPlateau: ("wait", "best", "cooldown_counter"),
    keras.callbacks.History: ("history",),
}


@dataclass(frozen=True)
class TrainingState:
    """All that a resumed training needs, as numbers, lists and arrays.

    Attributes:
        epochs: Number of finished epochs.
        stopped: True if a callback has ended the training.
        model: Values of `model.variables`: weights and dropout streams.
        optimizer: Values of `model.optimizer.variables`.
        callbacks: For each callback with a memory its class name and memory.
    """

    epochs: int
    stopped: bool
    model: list[np.ndarray]
    optimizer: list[np.ndarray]
    callbacks: list[tuple[str, dict[str, Any]]]


def capture(
    model: keras.Model,
    *,
    epochs: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingState:
    """Copy the state of a training out of a built and compiled model.

    A callback of your own takes part by offering `get_state()`, which returns a
    dict of numbers, text, lists and arrays, and `set_state(dict)`.

    Args:
        model: The model, built and compiled.
        epochs: How many epochs are finished.
        callbacks: The callbacks of the training; those without memory are
            passed over.

    Returns:
        A state which later steps of the model do not change.
    """
    _build_optimizer(model)
    return TrainingState(
        epochs=epochs,
        stopped=bool(model.stop_training),
        model=_values(model.variables),
        optimizer=_values(model.optimizer.variables),
        callbacks=[(type(c).__name__, _recall(c)) for c in _with_memory(callbacks)],
    )


def restore(
    model: keras.Model,
    state: TrainingState,
    *,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> None:
    """Put a captured state back, bit for bit.

    Callbacks forget at the beginning of `Model.fit`; restore theirs after it.

    Args:
        model: A model of the same architecture and optimizer, built and compiled.
        state: What `capture` returned.
        callbacks: As for `capture`.

    Raises:
        UserError: The state is that of another model or of other callbacks;
            nothing has been changed then.
    """
    _build_optimizer(model)
    callbacks = _with_memory(callbacks)
    _check("model", model.variables, state.model)
    _check("optimizer", model.optimizer.variables, state.optimizer)
    names = [type(callback).__name__ for callback in callbacks]
    stored = [name for name, _ in state.callbacks]
    if names != stored:
        raise _mismatch(f"callbacks {stored}", f"callbacks {names}")
    _assign(model.variables, state.model)
    _assign(model.optimizer.variables, state.optimizer)
    for callback, (_, memory) in zip(callbacks, state.callbacks, strict=True):
        _remind(callback, memory)


def reinitialize(model: keras.Model, seed: int) -> None:
    """Give a compiled model the state of one freshly built after seeding.

    The compiled training step is kept, so a sequence of many short trainings (an
    ensemble, the folds of a cross-validation) compiles only once. The seeds of
    Python, NumPy and Keras are set as by `keras.utils.set_random_seed`. The
    fresh values come from a copy made from the configuration: weights that were
    loaded or adapted are lost.

    Args:
        model: A model, built and compiled, which can be rebuilt from its
            configuration.
        seed: Decides all fresh values, whatever the model has learned before.
            The learning rate of the first call counts as the initial one.
    """
    optimizer = model.optimizer
    _build_optimizer(model)
    rate = _initial_rate(optimizer)
    keras.utils.set_random_seed(seed)
    twin = type(model).from_config(model.get_config())
    if not twin.built:
        twin.build_from_config(model.get_build_config())
    fresh = type(optimizer).from_config(optimizer.get_config())
    fresh.build(twin.trainable_variables)
    _assign(model.variables, twin.variables)
    _assign(optimizer.variables, fresh.variables)
    if rate is not None:
        optimizer.learning_rate = rate
    model.reset_metrics()
    model.stop_training = False


def _build_optimizer(model: keras.Model) -> None:
    # Keras makes these variables in the first step, which is too late here.
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def _initial_rate(optimizer: keras.optimizers.Optimizer) -> float | None:
    """Return the rate at the first call; None where a schedule decides it."""
    if not isinstance(optimizer.learning_rate, keras.Variable):
        return None
    # Keras forgets the first rate once a callback lowers it: keep it beside.
    if not hasattr(optimizer, "initial_learning_rate"):
        optimizer.initial_learning_rate = float(optimizer.learning_rate.numpy())
    return optimizer.initial_learning_rate


def _values(variables: Sequence[keras.Variable]) -> list[np.ndarray]:
    # Some backends lend their own memory, which the next step overwrites: copy.
    return [np.array(variable.numpy()) for variable in variables]


def _assign(variables: Sequence[keras.Variable], values: Sequence[Any]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _check(
    owner: str, variables: Sequence[keras.Variable], values: Sequence[np.ndarray]
) -> None:
    """Refuse values that do not fit; compared by order, as names are not stable."""
    if len(variables) != len(values):
        raise _mismatch(
            f"{len(values)} {owner} variables", f"{len(variables)} variables"
        )
    for variable, value in zip(variables, values, strict=True):
        shape = tuple(variable.shape)
        if shape != value.shape:
            raise _mismatch(f"shape {value.shape}", f"{shape} for {variable.path}")


def _mismatch(stored: str, present: str) -> UserError:
    return UserError(
        "The stored state must be that of this model and training. "
        f"Received: {stored} stored, {present} here. "
        "Use the settings of the first start, or start afresh in another folder."
    )


def _with_memory(
    callbacks: Sequence[keras.callbacks.Callback],
) -> list[keras.callbacks.Callback]:
    return [c for c in callbacks if hasattr(c, "get_state") or _remembered(c)]


def _remembered(callback: keras.callbacks.Callback) -> tuple[str, ...]:
    return next((_MEMORY[kind] for kind in _MEMORY if isinstance(callback, kind)), ())


def _recall(callback: keras.callbacks.Callback) -> dict[str, Any]:
    if hasattr(callback, "get_state"):
        return callback.get_state()
    # Before their first training some have no memory yet.
    names = [name for name in _remembered(callback) if hasattr(callback, name)]
    return {name: getattr(callback, name) for name in names}


def _remind(callback: keras.callbacks.Callback, memory: dict[str, Any]) -> None:
    if hasattr(callback, "set_state"):
        callback.set_state(memory)
        return
    for name, value in memory.items():
        setattr(callback, name, value)
