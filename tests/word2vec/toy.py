"""Texts so small that everything can be looked at."""

from types import SimpleNamespace

import numpy as np

from projects.word2vec.pairs import FIRST_OF_SENTENCE


class ToyCorpus:
    """A corpus in memory; remembers the largest piece that was read."""

    def __init__(self, sentences):
        tokens = [np.array(sentence, np.uint32) for sentence in sentences]
        for sentence in tokens:
            sentence[0] |= FIRST_OF_SENTENCE
        self.tokens = np.concatenate(tokens)
        self.num_tokens, self.largest = len(self.tokens), 0
        words = self.tokens & (FIRST_OF_SENTENCE - 1)
        self.vocabulary = SimpleNamespace(counts=np.bincount(words))

    def read(self, start, count):
        self.largest = max(self.largest, count)
        return self.tokens[start : start + count]


def two_topics(num_sentences=300, length=8, words=10, seed=0):
    """Return a corpus whose sentences have even words only, or odd words only."""
    random = np.random.default_rng(seed)
    topics = random.integers(0, 2, (num_sentences, 1))
    return ToyCorpus(2 * random.integers(0, words, (num_sentences, length)) + topics)
