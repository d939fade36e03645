"""Pairs of lines as arrays: each batch holds lines of like length."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from common.batches import begin_unlike
from projects.couplet.tokens import (
    BLANK,
    END,
    PAD,
    START,
    START_REVERSED,
    UNKNOWN,
    Tokens,
)


@dataclass(frozen=True)
class EncodedPairs:
    """Line pairs in ids.

    Attributes:
        ids: uint16, (pairs, 2, longest): the first lines, then the second ones,
            filled up with `PAD`.
        lengths: int64, (pairs,): of the longer line.
    """

    ids: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(
        cls, first: Sequence[str], second: Sequence[str], tokens: Tokens
    ) -> "EncodedPairs":
        """Encode lines; first and second are equally many."""
        both = list(zip(first, second, strict=True))
        lengths = np.array([max(map(len, pair)) for pair in both], np.int64)
        ids = np.zeros((len(both), 2, lengths.max(initial=1)), np.uint16)
        for row, pair in zip(ids, both, strict=True):
            for side, line in zip(row, pair, strict=True):
                side[: len(line)] = tokens.encode(line)
        return cls(ids, lengths)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.ids)


@dataclass(frozen=True)
class Lessons:
    """What is asked of a pair, besides the second line for the first.

    Attributes:
        reverse_share: Share of pairs asked backwards: the first line for the second.
        blank_share: Share of pairs whose source keeps only its punctuation.
        han: Booleans by id, True for what is blanked.
        end: Whether the target ends with `END`, one step longer than the source.
    """

    reverse_share: float = 0.0
    blank_share: float = 0.0
    han: np.ndarray | None = None
    end: bool = False


class PairBatches(keras.utils.PyDataset):
    """Batches for `common.training.fit`, in an order of their own in each epoch.

    Passes over all pairs follow one another and are cut into epochs of about
    `epoch_pairs`, so an epoch may end one pass and begin the next. What it holds
    depends on the seed and its number alone. Shuffled batches of a length have one
    shape: the last is filled with rows of weight 0, so that few shapes are compiled.
    """

    def __init__(
        self,
        pairs: EncodedPairs,
        *,
        batch_tokens: int,
        epoch_pairs: int = 0,
        bucket_width: int = 1,
        lessons: Lessons | None = None,
        seed: int = 0,
        shuffle: bool = True,
    ):
        """Sort the pairs by length.

        Args:
            pairs: What to serve.
            batch_tokens: Characters of one side in a batch.
            epoch_pairs: Pairs in an epoch; 0: all.
            bucket_width: Lengths are rounded up to multiples of this.
            lessons: Random ways to ask; none: the second line for the first.
            seed: Decides all that is random.
            shuffle: False: the same batches in each epoch.
        """
        super().__init__()
        self.epoch = 0
        self._pairs, self._lessons = pairs, lessons or Lessons()
        self._seed, self._shuffle = seed, shuffle
        width, longest = bucket_width, pairs.ids.shape[2]
        buckets = np.minimum(-(-pairs.lengths // width) * width, longest)
        self._rows = {int(n): np.flatnonzero(buckets == n) for n in np.unique(buckets)}
        self._sizes = {n: max(1, batch_tokens // n) for n in self._rows}
        count = sum(-(-len(rows) // self._sizes[n]) for n, rows in self._rows.items())
        parts = max(1, round(len(pairs) / epoch_pairs)) if epoch_pairs else 1
        # Keras has to see two lengths in an epoch, if there are two.
        self._count, self._length = count, max(min(2, count), count // parts)
        self._current: tuple[int, list] = (-1, [])

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return self._length

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch (from 0) comes next."""
        self.epoch = epoch

    def __getitem__(self, index: int) -> tuple:
        """Return ({"source", "previous"}, targets, weights), each (rows, length).

        With `Lessons.end` all but the source are one step longer.
        """
        if index >= self._length:
            raise IndexError(index)  # ends a loop over an epoch
        number, place = divmod(self.epoch * self._length + index, self._count)
        current, batches = self._current
        if current != number:
            batches = self._pass(number)
            self._current = (number, batches)
        length, rows = batches[place]
        random = np.random.default_rng([self._seed, self.epoch, index, 1])
        return self._make(length, rows, random)

    def _pass(self, number: int) -> list[tuple[int, np.ndarray]]:
        random = np.random.default_rng([self._seed, number if self._shuffle else 0])
        batches = []
        for length, rows in self._rows.items():
            rows = random.permutation(rows) if self._shuffle else rows
            cuts = range(self._sizes[length], len(rows), self._sizes[length])
            batches += [(length, part) for part in np.split(rows, cuts)]
        if self._shuffle:
            random.shuffle(batches)
        order = begin_unlike(np.array([length for length, _ in batches]))
        return [batches[place] for place in order]

    def _make(self, length: int, rows: np.ndarray, random: np.random.Generator):
        # In validation nothing is filled up: Keras counts rows, not weights.
        count = self._sizes[length] if self._shuffle else len(rows)
        ids = np.full((count, 2, length), PAD, np.int32)
        ids[: len(rows)] = self._pairs.ids[rows, :, :length]
        starts = np.full(len(ids), START, np.int32)
        lessons = self._lessons
        if lessons.reverse_share:
            turned = random.random(len(ids)) < lessons.reverse_share
            ids[turned] = ids[turned, ::-1]
            starts[turned] = START_REVERSED
        source, target = ids[:, 0], ids[:, 1]
        if lessons.blank_share and lessons.han is not None:
            blank = random.random(len(ids)) < lessons.blank_share
            source = np.where(blank[:, None] & lessons.han[source], BLANK, source)
        if lessons.end:
            counts = (target != PAD).sum(axis=1)
            target = np.pad(target, ((0, 0), (0, 1)), constant_values=PAD)
            target[np.arange(len(rows)), counts[: len(rows)]] = END
        previous = np.concatenate([starts[:, None], target[:, :-1]], axis=1)
        # Unknown characters are no answer that anyone should learn.
        weights = ((target != PAD) & (target != UNKNOWN)).astype(np.float32)
        return {"source": source, "previous": previous}, target, weights
