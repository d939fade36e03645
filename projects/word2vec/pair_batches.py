"""Batches of pairs for `Model.fit`, made from a corpus of any size as it is read."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np

from common.errors import UserError
from projects.word2vec.pairs import PADDING, draw_noise, draw_windows, make_pairs
from projects.word2vec.subsampling import keep_probabilities, noise_distribution

# Tokens that are read, thinned and shuffled at once. No window reaches from one
# block into the next, which costs less than 1 of 1000 pairs of a window of 5.
BLOCK_SIZE = 1 << 14


class Tokens(Protocol):
    """What is needed of a corpus."""

    @property
    def num_tokens(self) -> int:
        """How many they are."""

    def read(self, start: int, count: int) -> np.ndarray:
        """Return tokens as for `split_tokens`, fewer at the end."""


@dataclass(frozen=True)
class PairRecipe:
    """What to make of the text; the meaning of each is that of the flag."""

    model: str
    objective: str
    window: int
    negative: int
    sample: float
    batch_size: int
    seed: int


@dataclass(frozen=True)
class _Block:
    """The examples of a block, shuffled: what goes in, and the word predicted."""

    epoch: int
    number: int
    inputs: np.ndarray
    targets: np.ndarray


class PairBatches(keras.utils.PyDataset):
    """What `Model.fit` learns from, in constant memory.

    A batch holds the examples of about `batch_size` words of the text (those that
    are thinned out included): pairs of skip-gram, windows of CBOW. An epoch draws
    what stays of the text, the spans of the windows and the noise words anew; each
    block of it depends on (seed, epoch, block) alone.

    `common.training.fit` tells the epoch. The keys of the inputs are those of
    `projects.word2vec.model.build_model`; targets are 1 for the true word and 0
    for the noise, 1 for hierarchical softmax, the word for full softmax. Weights
    are 1, and 0 for rows that fill up the batch: its size is a multiple of
    `batch_size`, so that compiled programs meet few shapes.
    """

    def __init__(
        self,
        corpus: Tokens,
        counts: np.ndarray,
        recipe: PairRecipe,
        *,
        block_size: int = BLOCK_SIZE,
    ):
        """Serve batches that are made when they are needed.

        Args:
            corpus: Where the text is.
            counts: How often each word is in it.
            recipe: What to make of it.
            block_size: Tokens that are shuffled together.

        Raises:
            UserError: There is no text, or a size is below 1.
        """
        super().__init__()
        sizes = (corpus.num_tokens, recipe.batch_size, recipe.window, block_size)
        if min(sizes) < 1:
            raise UserError(
                "Tokens, `batch_size`, `window` and `block_size` must be at least 1."
                f" Received: {', '.join(map(str, sizes))}. Give more text, or larger"
                " sizes."
            )
        self.epoch = 0
        self._corpus, self._recipe = corpus, recipe
        # Blocks of whole batches, so that a batch lies in one block.
        self._per_block = max(1, block_size // recipe.batch_size)
        self._keep = keep_probabilities(counts, recipe.sample)
        self._noise = np.cumsum(noise_distribution(counts))
        self._current: _Block | None = None

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch (from 0) comes next."""
        self.epoch = epoch

    def __len__(self) -> int:
        """Return the number of batches in an epoch, the same for all."""
        return math.ceil(self._corpus.num_tokens / self._recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[dict[str, np.ndarray], Any, np.ndarray]:
        """Return inputs, targets and weights of batch `index` of the epoch."""
        number, place = divmod(index, self._per_block)
        block = self._block(self.epoch, number)
        in_block = min(self._per_block, len(self) - number * self._per_block)
        # Dealt like cards: all batches of a block have the same size, or one less.
        inputs, targets = block.inputs[place::in_block], block.targets[place::in_block]
        size = self._recipe.batch_size
        padding = size * max(1, math.ceil(len(inputs) / size)) - len(inputs)
        weights = np.pad(np.ones(len(inputs), np.float32), (0, padding))
        inputs = np.pad(inputs, [(0, padding), *[(0, 0)] * (inputs.ndim - 1)])
        targets = np.pad(targets, (0, padding))
        return *self._named(inputs, targets, (block.epoch, index)), weights

    def examples_per_batch(self) -> float:
        """Return the mean number of examples in the batches of the first block."""
        in_block = min(self._per_block, len(self))
        return max(1.0, len(self._block(0, 0).targets) / in_block)

    def _named(self, inputs, targets, position):
        """Return the inputs by name, and what the outputs shall be."""
        name = "window" if self._recipe.model == "cbow" else "center_word"
        if self._recipe.objective == "softmax":
            return {name: inputs}, targets
        named = {name: inputs, "target_word": targets}
        if self._recipe.objective == "hierarchical":
            return named, np.ones((len(targets), 1), np.float32)
        random = np.random.default_rng([self._recipe.seed, *position, 1])
        shape = (len(targets), self._recipe.negative)
        labels = np.zeros((len(targets), 1 + shape[1]), np.float32)
        labels[:, 0] = 1.0
        return named | {"noise": draw_noise(self._noise, shape, random)}, labels

    def _block(self, epoch: int, number: int) -> _Block:
        # Replaced as a whole: batches are made in another thread.
        block = self._current
        if block is None or (block.epoch, block.number) != (epoch, number):
            block = self._current = self._make_block(epoch, number)
        return block

    def _make_block(self, epoch: int, number: int) -> _Block:
        size = self._per_block * self._recipe.batch_size
        tokens = self._corpus.read(number * size, size)
        random = np.random.default_rng([self._recipe.seed, epoch, number, 0])
        words, windows = draw_windows(tokens, self._keep, self._recipe.window, random)
        if self._recipe.model == "cbow":
            alone = (windows == PADDING).all(axis=1)
            inputs, targets = windows[~alone], words[~alone]
        else:
            inputs, targets = make_pairs(words, windows)
        order = random.permutation(len(targets))
        return _Block(epoch, number, inputs[order], targets[order])
