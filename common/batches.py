"""Batches in an order that depends on the seed and the epoch alone.

`Model.fit(arrays, shuffle=True)` shuffles every epoch in the same way once the
seed is set (TensorFlow backend), and the state of its shuffling cannot be saved.
Here the order of epoch e is a pure function of (seed, e): different in every
epoch, equal in every run, and a resumed training needs nothing but the number of
the epoch.
"""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from common.errors import UserError


def begin_unlike(lengths: np.ndarray) -> np.ndarray:
    """Return an order of batches whose first two differ in length, if any two do.

    Keras looks at the first two batches of a data set, and what is alike in them it
    takes for fixed: a batch of another length would end the training.

    Args:
        lengths: Of the batches in their order, shape `(batches,)`.

    Returns:
        Positions in that order, int64, shape `(batches,)`.
    """
    order = np.arange(len(lengths))
    others = np.flatnonzero(np.asarray(lengths) != lengths[:1])
    if len(others):
        order[[1, others[0]]] = order[[others[0], 1]]
    return order


class ShuffledBatches(keras.utils.PyDataset):
    """A data set for `Model.fit`, shuffled anew in every epoch.

    `common.training.fit` tells it the epoch. With plain `Model.fit` give
    `shuffle=False` (or Keras shuffles the batches once more, from a state that
    cannot be saved) and `LambdaCallback(on_epoch_begin=lambda epoch, logs:
    batches.set_epoch(epoch))`; without the latter the orders still differ from
    epoch to epoch, but a resumed training starts with the first ones again.
    """

    def __init__(
        self,
        make_batch: Callable[[np.ndarray], tuple[Any, ...]],
        size: int,
        *,
        batch_size: int,
        seed: int = 0,
        shuffle: bool = True,
    ):
        """Serve batches that are made when they are needed.

        Args:
            make_batch: Takes sample indices of shape `(n,)`, int64, returns
                `(inputs, targets)` or `(inputs, targets, sample_weights)` for
                them. It runs beside the training, in another thread.
            size: Number of samples.
            batch_size: Samples in a batch; the last batch may be smaller.
            seed: Decides all orders.
            shuffle: False: the samples in their own order, as for validation.

        Raises:
            UserError: There is no sample, or `batch_size` is below 1.
        """
        super().__init__()
        if size < 1 or batch_size < 1:
            raise UserError(
                "Batches need at least one sample and a `batch_size` of at least "
                f"1. Received: size={size}, batch_size={batch_size}."
            )
        self.size = size
        self.batch_size = batch_size
        self.epoch = 0
        self._make_batch = make_batch
        self._seed = seed
        self._shuffle = shuffle
        self._current = (-1, np.empty(0, "int64"))
        self._begun = False

    @classmethod
    def from_arrays(cls, *arrays: Any, **options: Any) -> "ShuffledBatches":
        """Serve batches out of arrays.

        Args:
            *arrays: Inputs, then targets, then optionally sample weights. Each
                is an array, or a dict, list or tuple of arrays, whose first axis
                counts the samples.
            **options: `batch_size`, `seed` and `shuffle` as in the constructor.

        Returns:
            The batches; the arrays are not copied.

        Raises:
            UserError: The arrays differ in length.
        """
        # Lists would be taken for arrays on the way through TensorFlow.
        data = tuple(tuple(a) if isinstance(a, list) else a for a in arrays)
        lengths = {len(array) for array in keras.tree.flatten(data)}
        if len(lengths) != 1:
            raise UserError(
                "Inputs, targets and weights must be equally many. "
                f"Received: {sorted(lengths)} samples."
            )

        def gather(indices: np.ndarray) -> tuple[Any, ...]:
            return keras.tree.map_structure(lambda array: array[indices], data)

        return cls(gather, lengths.pop(), **options)

    def order(self, epoch: int) -> np.ndarray:
        """Return the sample indices of an epoch, int64, shape `(size,)`."""
        if not self._shuffle:
            return np.arange(self.size)
        return np.random.default_rng([self._seed, epoch]).permutation(self.size)

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch (from 0) comes next."""
        self.epoch = epoch

    def on_epoch_begin(self) -> None:
        """Take note that the epoch is in use."""
        self._begun = True

    def on_epoch_end(self) -> None:
        """Go on to the next order even where nobody calls `set_epoch`."""
        # Keras also calls this before the first epoch.
        self.epoch += self._begun
        self._begun = False

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return math.ceil(self.size / self.batch_size)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        """Return batch number `index` of the current epoch."""
        start = index * self.batch_size
        return self._make_batch(self._order_now()[start : start + self.batch_size])

    def _order_now(self) -> np.ndarray:
        # Read once and replaced as a whole: batches are made in another thread.
        epoch, (cached, order) = self.epoch, self._current
        if cached != epoch:
            order = self.order(epoch)
            self._current = (epoch, order)
        return order
