"""Training that can be killed at any moment and goes on as if nothing was.

`fit` is `Model.fit` with what every project needs around it: a different order in
each epoch, early stopping, a clear word when the loss is no longer a number, and
backups from which the same call resumes by itself.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from common.backup import Backup
from common.distributed_batches import share_batches
from common.distribution import process_count
from common.errors import UserError
from common.interrupts import Interrupts
from common.progress import Progress


def fit(
    model: keras.Model,
    batches: keras.utils.PyDataset,
    *,
    epochs: int,
    validation: Any = None,
    patience: int | None = None,
    checkpoint: Path | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> dict[str, list[float]]:
    """Train a model; with a checkpoint folder, go on where a killed call stood.

    A killed call that is made again ends with the history and the weights of an
    undisturbed one, bit for bit on the same machine and backend, if the batches
    depend on the epoch alone and random layers own their seed, as those of Keras
    do. After a complete training it returns at once, or goes on to more `epochs`.

    Args:
        model: The model, built and compiled.
        batches: What to train on, `ShuffledBatches` as a rule.
        epochs: Number of epochs, those before a restart included.
        validation: What to evaluate on: batches, or (inputs, targets).
        patience: Stop after this many epochs without a better `val_loss` (`loss`
            without validation) and take the weights of the best epoch.
        checkpoint: Folder for the backups; keep it to resume, delete it to start
            afresh. None: no backups, as in all but the first of several processes.
        callbacks: More callbacks, such as `Progress("fold 2/5")`; what they
            remember is saved too.

    Returns:
        The history of all epochs, `{"loss": [...], "val_loss": [...], ...}`.

    Raises:
        UserError: The loss became NaN or infinite, or the checkpoint belongs to
            another model or to a longer training.
        KeyboardInterrupt: Ctrl-C, with a line on how to go on.
        OSError: A backup could not be written; the ones before are intact.
    """
    history = keras.callbacks.History()
    ours = [*callbacks, FiniteLoss(), history, *_stopping(patience, validation)]
    backup = _open_backup(checkpoint, ours)
    # The backup is last: the others have done their part when it looks at them.
    ours += [*_telling_epoch(batches), *([] if backup is None else [backup])]
    try:
        with Interrupts() as interrupts:
            model.fit(
                share_batches(batches),
                initial_epoch=_first_epoch(backup, epochs),
                epochs=epochs,
                validation_data=share_batches(validation),
                validation_batch_size=getattr(batches, "batch_size", None),
                callbacks=[*ours, interrupts],
                shuffle=False,  # Keras would shuffle batches from its own state
                verbose=0,
            )
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(_keep(backup, epochs)) from stop
    finally:
        _close_bars(callbacks)
    return history.history


class FiniteLoss(keras.callbacks.Callback):
    """End a training whose loss is no longer a number.

    It looks once per epoch: the mean over the epoch stays NaN once a batch was,
    and a look at every batch would make an accelerator wait.
    """

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Raise a `UserError` if the loss is NaN or infinite."""
        for name in ("loss", "val_loss"):
            value = (logs or {}).get(name, 0.0)
            if not math.isfinite(value):
                raise UserError(
                    f"`{name}` must be a finite number. Received: {value} in epoch "
                    f"{epoch + 1}. Lower the learning rate, or look for NaN and "
                    "huge values in the data."
                )


def _open_backup(
    checkpoint: Path | None, callbacks: Sequence[keras.callbacks.Callback]
) -> Backup | None:
    if checkpoint is None and process_count() == 1:
        return None
    return Backup(checkpoint, tuple(callbacks))


def _stopping(patience: int | None, validation: Any) -> list[keras.callbacks.Callback]:
    if patience is None:
        return []
    monitor = "loss" if validation is None else "val_loss"
    return [
        keras.callbacks.EarlyStopping(
            monitor, patience=patience, mode="min", restore_best_weights=True
        )
    ]


def _telling_epoch(batches: keras.utils.PyDataset) -> list[keras.callbacks.Callback]:
    if not hasattr(batches, "set_epoch"):
        return []
    return [
        keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: batches.set_epoch(epoch)
        )
    ]


def _first_epoch(backup: Backup | None, epochs: int) -> int:
    """Return where to begin: after a complete training, behind the last epoch."""
    if backup is None or backup.state is None:
        return 0
    done = backup.state.epochs
    if done > epochs:
        raise UserError(
            f"`epochs` must be at least what is already trained. Received: "
            f"epochs={epochs}, but {backup.folder} holds {done}. "
            "Ask for more epochs, or start afresh in another folder."
        )
    return epochs if backup.state.stopped else done


def _close_bars(callbacks: Sequence[keras.callbacks.Callback]) -> None:
    for callback in callbacks:
        if isinstance(callback, Progress):
            callback.close()


def _keep(backup: Backup | None, epochs: int) -> str:
    """Write the last finished epoch and say how to go on from it."""
    if backup is None or backup.state is None:
        return ""
    backup.flush()
    return (
        f"Training stands at epoch {backup.state.epochs} of {epochs}; "
        "the same command with --resume goes on from there."
    )
