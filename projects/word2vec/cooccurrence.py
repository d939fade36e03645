"""Which words stand near which: counts over a corpus, and PPMI."""

from typing import Protocol

import numpy as np
from scipy import sparse

from projects.word2vec.encoding import FIRST_OF_SENTENCE, ID

_BLOCK = 1_000_000  # tokens read at once
_NOTHING = 1e-30


class Tokens(Protocol):
    """The encoded text of a `Corpus`."""

    @property
    def num_tokens(self) -> int:
        """How many they are."""

    def read(self, start: int, count: int) -> np.ndarray:
        """Return tokens, uint32: an id, plus FIRST_OF_SENTENCE where one begins."""


def count_cooccurrences(
    tokens: Tokens, num_words: int, window: int, block: int = _BLOCK
) -> sparse.csr_array:
    """Count the pairs of words at most `window` apart within a sentence.

    A pair at the distance d counts (window + 1 - d) / window: as often as
    word2vec's window of random size holds it. Rarer words than the first
    `num_words` keep their places but are not counted. Besides the matrix, memory
    for `block` tokens and their pairs is used.

    Args:
        tokens: The corpus.
        num_words: Ids below this are counted.
        window: The greatest distance.
        block: Tokens read at once.

    Returns:
        float32, symmetric, shape (num_words, num_words): how often, by weight, a
        word stands near another. A word near itself counts twice, once from each
        side.
    """
    counts = sparse.csr_array((num_words, num_words), dtype=np.float32)
    for start in range(0, tokens.num_tokens, block):
        read = tokens.read(start, min(block + window, tokens.num_tokens - start))
        counts = counts + _count_block(read, block, num_words, window)
    counts = (counts + counts.T).tocsr()
    counts.data /= window
    return counts


def shifted_ppmi(
    counts: sparse.csr_array, smoothing: float = 0.75, shift: float = 1.0
) -> sparse.csr_array:
    """Return max(0, log(P(word, context) / (P(word) P(context))) - log(shift)).

    Args:
        counts: float32, shape (n, n), from `count_cooccurrences`.
        smoothing: Counts of contexts are raised to this power before they become
            P(context), so that rare contexts are not overrated (Levy, Goldberg &
            Dagan 2015).
        shift: The number of negative samples that skip-gram would be used with.

    Returns:
        float32, shape (n, n), without stored zeros.
    """
    # A word without neighbors stands nowhere below; its logarithm must only exist.
    sums = np.maximum(counts.sum(axis=1, dtype=np.float64), _NOTHING)
    contexts = sums**smoothing
    log_word = np.log(sums).astype(np.float32)
    log_context = np.log(contexts / contexts.sum()).astype(np.float32)
    ppmi = counts.astype(np.float32, copy=True)
    np.log(ppmi.data, out=ppmi.data)
    ppmi.data -= np.repeat(log_word, np.diff(ppmi.indptr))
    ppmi.data -= log_context[ppmi.indices]
    ppmi.data -= np.float32(np.log(shift))
    np.maximum(ppmi.data, 0, out=ppmi.data)
    ppmi.eliminate_zeros()
    return ppmi


def _count_block(
    tokens: np.ndarray, block: int, num_words: int, window: int
) -> sparse.csr_array:
    """Count pairs whose first word is among the first `block` tokens, once each.

    Args:
        tokens: shape (at most block + window,).
        block: Where the tokens begin that only end a pair.
        num_words: Ids below this are counted.
        window: The greatest distance.
    """
    ids = (tokens & ID).astype(np.int32)
    sentences = np.cumsum(tokens >= FIRST_OF_SENTENCE, dtype=np.int32)
    counted = ids < num_words
    rows, columns, weights = [], [], []
    for distance in range(1, min(window, len(ids) - 1) + 1):
        last = min(block, len(ids) - distance)
        one, other = slice(0, last), slice(distance, distance + last)
        pairs = counted[one] & counted[other] & (sentences[one] == sentences[other])
        rows.append(ids[one][pairs])
        columns.append(ids[other][pairs])
        weights.append(np.full(len(rows[-1]), window + 1 - distance, np.float32))
    if not rows:
        return sparse.csr_array((num_words, num_words), dtype=np.float32)
    ends = np.stack([np.concatenate(rows), np.concatenate(columns)])
    # The lower id first: half as many entries; the caller adds the mirror image.
    coordinates = (ends.min(axis=0), ends.max(axis=0))
    shape = (num_words, num_words)
    counts = sparse.coo_array((np.concatenate(weights), coordinates), shape)
    return counts.tocsr()  # adds up what stands at the same place
