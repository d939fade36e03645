"""What a model of poems is fed with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.batches import ShuffledBatches, begin_unlike
from projects.couplet.poems.corpus import NUM_ABOVE, align, clause_ends
from projects.couplet.tokens import BLANK, END, PAD, START, Tokens

_LONGEST = 65  # tokens of one piece, 七律 and its end; longer poems are cut


@dataclass(frozen=True)
class Pieces:
    """Texts as a model takes them: poems, the long ones cut.

    Attributes:
        inputs: int32, shape (pieces, time): the token before each.
        above: int32, shape (pieces, time, `NUM_ABOVE`), see `align`.
        targets: int32, shape (pieces, time): what is to be predicted, then `PAD`.
        lengths: int64, shape (pieces,): how many targets count.
    """

    inputs: np.ndarray
    above: np.ndarray
    targets: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, poems: Iterable[str], tokens: Tokens) -> "Pieces":
        """Encode poems, each between `START` and `END`."""
        ends = clause_ends(tokens)
        return cls.pack(
            [row for poem in poems for row in _cut(tokens.encode(poem), ends)]
        )

    @classmethod
    def pack(
        cls, rows: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]
    ) -> "Pieces":
        """Put pieces, each given by its inputs, above and targets, side by side."""
        lengths = np.array([len(targets) for _, _, targets in rows])
        shape = (len(rows), int(lengths.max()))
        inputs, targets = np.full(shape, PAD, "int32"), np.full(shape, PAD, "int32")
        above = np.full((*shape, NUM_ABOVE), BLANK, "int32")
        for number, (before, over, after) in enumerate(rows):
            inputs[number, : len(before)] = before
            above[number, : len(over)] = over
            targets[number, : len(after)] = after
        return cls(inputs, above, targets, lengths)

    def batch(self, indices: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return inputs and targets of some pieces, as long as the longest of them."""
        time = int(self.lengths[indices].max())
        inputs = {
            "tokens": self.inputs[indices, :time],
            "above": self.above[indices, :time],
        }
        return inputs, self.targets[indices, :time]


def _cut(text, ends):
    """Yield (inputs, above, targets) of the even pieces of one poem."""
    over = align(text, ends)
    before, after = np.array([START, *text]), np.array([*text, END])
    number = -(-len(after) // _LONGEST)
    cuts = [np.array_split(part, number) for part in (before, over, after)]
    yield from zip(*cuts, strict=True)


class PieceBatches(ShuffledBatches):
    """Batches of pieces of about one length, so that little of them is padding."""

    def __init__(self, pieces: Pieces, **options: Any):
        """Serve pieces.

        Args:
            pieces: What to serve.
            **options: `batch_size`, `seed` and `shuffle` as of `ShuffledBatches`.
        """
        super().__init__(pieces.batch, len(pieces.lengths), **options)
        self._lengths = pieces.lengths

    def order(self, epoch: int) -> np.ndarray:
        """Return pieces sorted by length within batches, the batches shuffled."""
        order = super().order(epoch)
        order = order[np.argsort(self._lengths[order], kind="stable")]
        whole = self.size // self.batch_size * self.batch_size
        batches = order[:whole].reshape(-1, self.batch_size)
        if self._shuffle:
            batches = np.random.default_rng([self._seed, epoch, 1]).permutation(batches)
        # Sorted within, the last piece of a batch is its longest.
        batches = batches[begin_unlike(self._lengths[batches[:, -1]])]
        return np.concatenate([batches.ravel(), order[whole:]])
