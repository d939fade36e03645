"""From a corpus to slabs: equal pieces of thinned text for the compiled step.

    tokens.bin -> blocks -> thin out frequent words -> | margin | centers | margin |
                                                                | margin | centers ...

Each center word lies in exactly one slab; the margins of `window` words let it see
beyond both ends. All is a pure function of (seed, epoch, place), and nothing larger
than a block is held.
"""

import queue
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from projects.word2vec.banded import Layout
from projects.word2vec.pairs import split_tokens

BLOCK = 1 << 20  # words read at a time
PADDING = -1  # sentence number of what is no text


class Tokens(Protocol):
    """What of a corpus is needed here."""

    @property
    def num_tokens(self) -> int:
        """How many they are."""

    def read(self, start: int, count: int) -> np.ndarray:
        """Return tokens as `Corpus.read` does."""


@dataclass(frozen=True)
class Piece:
    """One slab before its noise words are drawn.

    Attributes:
        words: ids with margins, int32, (layout.words + 2 * window,).
        sentences: number of the sentence of each, int32, -1 for padding.
        begin: share of the epoch's text before its first center, 0 to 1.
        end: share of the epoch's text up to its last center.
    """

    words: np.ndarray
    sentences: np.ndarray
    begin: float
    end: float


class Slabs:
    """The slabs of any epoch of a corpus."""

    def __init__(self, tokens: Tokens, layout: Layout, keep: np.ndarray, seed: int):
        """Cut a corpus.

        Args:
            tokens: the corpus.
            layout: how large a slab is.
            keep: probability of each word to stay in the text, (vocabulary size,).
            seed: decides which occurrences stay.
        """
        self._tokens = tokens
        self._layout = layout
        self._keep = keep.astype(np.float32)
        self._seed = seed

    def epoch(self, epoch: int) -> Iterator[Piece]:
        """Cut the text of an epoch (from 0)."""
        window, size = self._layout.window, self._layout.words
        length = size + 2 * window
        held = np.full((2, window), [[0], [PADDING]], np.int32)
        begin, blocks = 0.0, self._blocks(epoch)
        for thinned, at in blocks:
            held = np.concatenate([held, thinned], axis=1)
            # Words of this block lie evenly between its ends.
            share = (at[1] - at[0]) / max(1, thinned.shape[1])
            while held.shape[1] >= length:
                left = held.shape[1] - window - size  # centers still to come
                end = max(begin, at[1] - left * share)
                words, sentences = held[:, :length]
                yield Piece(words, sentences, begin, end)
                held, begin = held[:, size:], end
        # What is left, with padding for the last margin and the rest of the slab.
        while held.shape[1] > window:
            missing = max(0, length - held.shape[1])
            padded = np.pad(held, ((0, 0), (0, missing)))
            padded[1, held.shape[1] :] = PADDING
            words, sentences = padded[:, :length]
            yield Piece(words, sentences, begin, 1.0)
            held, begin = held[:, size:], 1.0

    def _blocks(self, epoch: int) -> Iterator[tuple[np.ndarray, tuple[float, float]]]:
        """Yield thinned words and sentences (2, n), and which share they are of."""
        total, sentence = self._tokens.num_tokens, 0
        for number, start in enumerate(range(0, total, BLOCK)):
            words, sentences = split_tokens(self._tokens.read(start, BLOCK))
            random = np.random.default_rng([self._seed, epoch, number])
            stay = random.random(len(words), np.float32) < self._keep[words]
            # Numbers go round before they leave int32; only neighbors are compared.
            numbers = (sentences[stay] + sentence) % np.iinfo(np.int32).max
            sentence += int(sentences[-1])
            end = min(start + BLOCK, total)
            yield (
                np.stack([words[stay], numbers.astype(np.int32)]),
                (start / total, end / total),
            )


def ahead(items: Iterator, depth: int = 2) -> Generator:
    """Make the next items in a thread while the current one is in use.

    An error in the making is raised where the item would have come.
    """
    ready: queue.Queue = queue.Queue(depth)
    stop = threading.Event()

    def put(item: tuple) -> None:
        while not stop.is_set():
            try:
                return ready.put(item, timeout=0.1)
            except queue.Full:
                continue

    def make() -> None:
        try:
            for item in items:
                put((item, None))
                if stop.is_set():
                    return
            put((None, StopIteration()))
        except BaseException as error:  # told to whoever waits for the item
            put((None, error))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item
    finally:
        stop.set()
        thread.join()
