"""Vectors that trained ones must beat: one-hot, random, and factored counts."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from common.vocabulary import Vocabulary
from projects.word2vec.cooccurrence import count_cooccurrences, shifted_ppmi
from projects.word2vec.corpus import Corpus
from projects.word2vec.vectors import WordVectors

_POWER_ITERATIONS = 4  # with 7 the analogies gain .3 points, in twice the time


@dataclass(frozen=True)
class OneHot:
    """A dimension for each word: what a net sees before it has learned anything.

    The cosine of a word with itself is 1, with every other word 0. So pairs of
    different words are all alike, which leaves Spearman's correlation undefined
    (but for a test with pairs of equal words), and b - a + c is as far from each
    further word, which leaves every analogy without an answer.
    """

    vocabulary: Vocabulary

    @property
    def unit(self) -> sparse.csr_array:
        """The identity, float32, shape (num_words, num_words)."""
        return sparse.eye_array(len(self.vocabulary), dtype=np.float32, format="csr")

    def commonest(self, num_words: int) -> "OneHot":
        """Return the vectors of the first `num_words` words; 0 means all."""
        return OneHot(_first(self.vocabulary, num_words))

    def similarity(self, one: str, other: str) -> float:
        """Return 1 for a word and itself, or else 0."""
        return float(one == other)


def random(vocabulary: Vocabulary, embedding_dim: int, seed: int) -> WordVectors:
    """Return vectors of random directions: what chance alone scores."""
    generator = np.random.default_rng(seed)
    shape = (len(vocabulary), embedding_dim)
    return WordVectors(vocabulary, generator.standard_normal(shape, np.float32))


def ppmi_svd(
    corpus: Corpus,
    embedding_dim: int,
    *,
    window: int = 5,
    num_words: int = 30_000,
    shift: float = 1.0,
    seed: int = 0,
) -> WordVectors:
    """Factor the PPMI matrix of a corpus: U S^0.5 of its singular values.

    Skip-gram with negative sampling factors nearly this matrix (Levy & Goldberg
    2014); the square root weighs words by all dimensions better than S does.

    Args:
        corpus: The encoded text.
        embedding_dim: Numbers per word; fewer if there are not so many words.
        window: See `count_cooccurrences`.
        num_words: The commonest words, those that get vectors; 0 means all.
        shift: See `shifted_ppmi`.
        seed: Decides the directions that the factorization starts from.
    """
    vocabulary = _first(corpus.vocabulary, num_words)
    counts = count_cooccurrences(corpus, len(vocabulary), window)
    left, values, _ = randomized_svd(
        shifted_ppmi(counts, shift=shift),
        min(embedding_dim, len(vocabulary)),
        n_iter=_POWER_ITERATIONS,
        random_state=seed,
    )
    matrix = (left * np.sqrt(values)).astype(np.float32)
    return WordVectors(vocabulary, matrix)


def _first(vocabulary: Vocabulary, num_words: int) -> Vocabulary:
    limit = num_words or len(vocabulary)
    return Vocabulary(vocabulary.tokens[:limit], vocabulary.counts[:limit])
