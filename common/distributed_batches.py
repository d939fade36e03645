"""The part of each batch that one of several processes computes.

Each process makes the whole batch, as one alone would, and keeps its rows. Making a
batch costs little beside computing it, and in this way all processes together compute
exactly the batches of one: same rows, same order, whatever their number.
"""

from typing import Any

import keras
import numpy as np

from common.distribution import process_rank


class OwnRows(keras.utils.PyDataset):
    """The rows of this process out of each batch.

    Each device must get equally many rows. A batch is filled up for that with copies
    of its last row, of weight 0, and its other weights grow by as much as its mean
    would shrink: the loss of the batch and its gradient stay what they were. (The
    mean over an epoch counts the copies as rows: of a batch of 101 rows 102.)
    """

    def __init__(self, batches: keras.utils.PyDataset):
        """Take rows of the batches of another data set.

        Args:
            batches: Gives (inputs, targets) or (inputs, targets, weights) by index.
        """
        super().__init__()
        shared = keras.distribution.distribution()
        self._batches = batches
        self._rank, self._ranks = process_rank(), shared.num_processes
        self._devices = shared.num_model_replicas
        if hasattr(batches, "set_epoch"):
            self.set_epoch = batches.set_epoch

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return len(self._batches)

    def on_epoch_begin(self) -> None:
        """Pass it on."""
        self._batches.on_epoch_begin()

    def on_epoch_end(self) -> None:
        """Pass it on."""
        self._batches.on_epoch_end()

    def __getitem__(self, index: int) -> tuple[Any, Any, Any]:
        """Return (inputs, targets, weights) of the rows of this process."""
        batch = self._batches[index]
        return own_rows(batch, self._rank, self._ranks, self._devices)


def share_batches(batches: Any) -> Any:
    """Return what this process is to hand in to `Model.fit`.

    Args:
        batches: For training or validation. Arrays are handed in whole by every
            process: the same mean, though no faster.
    """
    shared = keras.distribution.distribution()
    if shared is None or not isinstance(batches, keras.utils.PyDataset):
        return batches
    return OwnRows(batches)


def own_rows(
    batch: tuple[Any, ...], rank: int, ranks: int, devices: int
) -> tuple[Any, Any, Any]:
    """Cut a batch.

    Args:
        batch: (inputs, targets) or (inputs, targets, weights), arrays of n rows or
            structures of them.
        rank: Which part.
        ranks: How many parts.
        devices: The filled batch has a multiple of this, itself one of `ranks`.

    Returns:
        Inputs, targets and weights of the part, all parts of the same length.

    Raises:
        ValueError: A row has a loss for each of its steps, and there are no weights
            to tell whether to count rows or steps.
    """
    inputs, targets, *rest = batch
    count = len(keras.tree.flatten(targets)[0])
    weights = rest[0] if rest else _weigh_alike(targets)
    filled = -(-count // devices) * devices
    rows = np.arange(filled).reshape(ranks, -1)[rank]
    taken = np.minimum(rows, count - 1)
    factors = np.where(rows < count, filled / count, 0.0)

    def weigh(array: np.ndarray) -> np.ndarray:
        shape = (len(rows),) + (1,) * (np.ndim(array) - 1)
        return (array[taken] * factors.reshape(shape)).astype(np.float32)

    inputs, targets = keras.tree.map_structure(lambda a: a[taken], (inputs, targets))
    return inputs, targets, keras.tree.map_structure(weigh, weights)


def _weigh_alike(targets: Any) -> Any:
    """Return a weight of 1 for each row."""
    for array in keras.tree.flatten(targets):
        steps = array.shape[1:] if array.dtype.kind in "iu" else array.shape[1:-1]
        if steps not in ((), (1,)):
            raise ValueError(
                "Batches must bring weights where targets are sequences. Received:"
                f" targets of shape {array.shape} alone."
            )
    return keras.tree.map_structure(lambda a: np.ones(len(a), np.float32), targets)
