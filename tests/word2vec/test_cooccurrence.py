"""Counts and PPMI beside loops over pairs of words."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import sparse

from projects.word2vec.cooccurrence import count_cooccurrences, shifted_ppmi
from projects.word2vec.encoding import FIRST_OF_SENTENCE


@dataclass(frozen=True)
class Text:
    """Sentences of ids, encoded."""

    sentences: list[list[int]]

    @property
    def tokens(self) -> np.ndarray:
        tokens = np.array([i for s in self.sentences for i in s], dtype="<u4")
        starts = np.cumsum([0, *map(len, self.sentences[:-1])])
        tokens[starts] |= FIRST_OF_SENTENCE
        return tokens

    @property
    def num_tokens(self) -> int:
        return len(self.tokens)

    def read(self, start: int, count: int) -> np.ndarray:
        assert 0 <= start < start + count <= self.num_tokens
        return self.tokens[start : start + count]


def count_slowly(text: Text, num_words: int, window: int) -> np.ndarray:
    counts = np.zeros((num_words, num_words))
    for sentence in text.sentences:
        for i, one in enumerate(sentence):
            for j, other in enumerate(sentence):
                if 0 < abs(i - j) <= window and max(one, other) < num_words:
                    counts[one, other] += (window + 1 - abs(i - j)) / window
    return counts


@pytest.fixture(scope="module")
def text() -> Text:
    generator = np.random.default_rng(1)
    lengths = [1, 2, 30, 1, 3, 57, 6]
    return Text([generator.integers(0, 9, n).tolist() for n in lengths])


def test_counts_by_hand():
    # 0 1 2 | 1 0 with a window of 2: neighbors count 1, the next but one 1/2.
    counts = count_cooccurrences(Text([[0, 1, 2], [1, 0]]), 3, 2)
    assert counts.dtype == np.float32
    assert counts.toarray().tolist() == [[0, 2, 0.5], [2, 0, 1], [0.5, 1, 0]]


def test_a_word_near_itself_counts_from_both_sides():
    assert count_cooccurrences(Text([[0, 0]]), 1, 1).toarray().tolist() == [[2]]


@pytest.mark.parametrize("window", [1, 2, 5, 40])
@pytest.mark.parametrize("block", [1, 3, 7, 50, 1000])
def test_counts_are_those_of_a_loop_however_they_are_read(text, window, block):
    for num_words in (4, 9):
        counts = count_cooccurrences(text, num_words, window, block=block)
        expected = count_slowly(text, num_words, window)
        np.testing.assert_allclose(counts.toarray(), expected, rtol=1e-6)


def test_a_lone_word_has_no_neighbors():
    counts = count_cooccurrences(Text([[0], [1]]), 2, 5)
    assert counts.nnz == 0
    assert shifted_ppmi(counts).nnz == 0


@pytest.mark.parametrize(("smoothing", "shift"), [(0.75, 1.0), (1.0, 1.0), (0.75, 1.3)])
def test_ppmi_is_that_of_a_loop(text, smoothing, shift):
    counts = count_slowly(text, 9, 2)
    words = counts.sum(axis=1) / counts.sum()
    contexts = counts.sum(axis=0) ** smoothing
    contexts /= contexts.sum()
    expected = np.zeros((9, 9))
    for word in range(9):
        for context in range(9):
            if joint := counts[word, context] / counts.sum():
                pmi = np.log(joint / (words[word] * contexts[context]))
                expected[word, context] = max(0, pmi - np.log(shift))
    given = sparse.csr_array(counts.astype(np.float32))
    ppmi = shifted_ppmi(given, smoothing, shift)
    np.testing.assert_allclose(ppmi.toarray(), expected, atol=1e-6)
    assert 0 < np.count_nonzero(expected) == ppmi.nnz < given.nnz
    np.testing.assert_array_equal(given.toarray(), counts.astype(np.float32))


def test_a_word_that_is_not_there_is_unknown_to_ppmi():
    counts = count_cooccurrences(Text([[0, 2, 0], [2, 4]]), 5, 2)
    ppmi = shifted_ppmi(counts).toarray()
    assert np.isfinite(ppmi).all()
    assert not ppmi[[1, 3]].any()
    assert ppmi[4, 2] > 0
