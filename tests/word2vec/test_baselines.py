"""Vectors that trained ones must beat."""

from pathlib import Path

import numpy as np
import pytest

from common.vocabulary import Vocabulary
from projects.word2vec.baselines import OneHot, ppmi_svd, random
from projects.word2vec.cooccurrence import count_cooccurrences, shifted_ppmi
from projects.word2vec.corpus import Corpus
from projects.word2vec.encoding import FIRST_OF_SENTENCE

SEA, HILL = "wave sail fish salt".split(), "rock goat pine snow".split()


def make_corpus(folder: Path, sentences: list[list[str]]) -> Corpus:
    counts: dict[str, int] = {}
    for word in (word for sentence in sentences for word in sentence):
        counts[word] = counts.get(word, 0) + 1
    vocabulary = Vocabulary.from_counts(counts)
    tokens = np.array([vocabulary.id(w) for s in sentences for w in s], dtype="<u4")
    tokens[np.cumsum([0, *map(len, sentences[:-1])])] |= FIRST_OF_SENTENCE
    tokens.tofile(folder / "tokens.bin")
    numbers = (len(tokens), len(tokens), len(sentences))
    return Corpus(folder, vocabulary, *numbers, "0" * 64, "two topics", ())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Corpus:
    """Sentences about the sea or the hills, with words that stand everywhere."""
    generator = np.random.default_rng(0)
    everywhere = ["the", "and"]
    sentences = [
        generator.choice([SEA, HILL][i % 2] + everywhere, size=12).tolist()
        for i in range(300)
    ]
    return make_corpus(tmp_path_factory.mktemp("corpus"), sentences)


def test_words_of_a_topic_are_near_by_ppmi(corpus):
    vectors = ppmi_svd(corpus, 2, window=3)
    assert vectors.matrix.shape == (10, 2)
    assert vectors.matrix.dtype == np.float32
    for word in SEA:
        near = vectors.most_similar([word], count=3)
        assert {name for name, _ in near} == set(SEA) - {word}
    assert vectors.similarity("wave", "rock") < 0.2


def test_the_factors_are_those_of_the_matrix(corpus):
    vectors = ppmi_svd(corpus, 10, window=2, shift=1.1)
    ppmi = shifted_ppmi(count_cooccurrences(corpus, 10, 2), shift=1.1).toarray()
    left, values, _ = np.linalg.svd(ppmi)
    gram = vectors.matrix @ vectors.matrix.T
    np.testing.assert_allclose(gram, left * values @ left.T, atol=1e-5)
    assert np.ptp(values) > 0.1  # another power than .5 would show


def test_seed_decides_and_fewer_words_or_dimensions_are_no_error(corpus):
    one, same = (ppmi_svd(corpus, 3, num_words=6, seed=4).matrix for _ in range(2))
    assert np.array_equal(one, same)
    assert one.shape == (6, 3)
    assert len(ppmi_svd(corpus, 3, num_words=99).vocabulary) == 10
    assert len(ppmi_svd(corpus, 3, num_words=0).vocabulary) == 10
    assert ppmi_svd(corpus, 300).matrix.shape == (10, 10)


def test_words_that_never_meet_have_no_direction(tmp_path):
    vectors = ppmi_svd(make_corpus(tmp_path, [["a"], ["b"], ["a"]]), 2)
    assert not vectors.matrix.any()


def test_random_vectors_differ_by_seed_only():
    vocabulary = Vocabulary(tuple("abcdefgh"), np.arange(8, 0, -1))
    one = random(vocabulary, 500, seed=1)
    assert one.matrix.shape == (8, 500)
    assert np.array_equal(one.matrix, random(vocabulary, 500, seed=1).matrix)
    assert not np.array_equal(one.matrix, random(vocabulary, 500, seed=2).matrix)
    cosines = one.unit @ one.unit.T - np.eye(8)
    assert np.abs(cosines).max() < 5 / np.sqrt(500)


def test_one_hot_words_are_like_themselves_only():
    one_hot = OneHot(Vocabulary(tuple("abc"), np.array([3, 2, 1])))
    assert one_hot.unit.toarray().tolist() == np.eye(3).tolist()
    assert one_hot.commonest(2).unit.shape == (2, 2)
    assert one_hot.commonest(0).unit.shape == (3, 3)
    assert one_hot.similarity("a", "a") == 1
    assert one_hot.similarity("a", "b") == 0
