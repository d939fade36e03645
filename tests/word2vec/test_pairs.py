"""Pairs and windows against a double loop; thinning never joins sentences."""

import numpy as np
import pytest

from projects.word2vec.pairs import (
    FIRST_OF_SENTENCE,
    PADDING,
    draw_noise,
    draw_windows,
    make_pairs,
    make_windows,
    split_tokens,
)
from tests.word2vec.oracle import pairs_of

EVERY_WORD = np.ones(100)


def sentences_of(lengths, seed=0):
    """Return sentences of random words, and their tokens."""
    random = np.random.default_rng(seed)
    sentences = [random.integers(0, 100, length).tolist() for length in lengths]
    tokens = np.concatenate([np.array(s, np.uint32) for s in sentences])
    tokens[np.cumsum([0, *lengths[:-1]])] |= FIRST_OF_SENTENCE
    return sentences, tokens


def test_tokens_are_taken_apart():
    tokens = np.array([7, FIRST_OF_SENTENCE | 8, 9, FIRST_OF_SENTENCE], np.uint32)
    words, sentences = split_tokens(tokens)
    assert words.tolist() == [7, 8, 9, 0] and words.dtype == np.int32
    assert sentences.tolist() == [0, 1, 1, 2]


def test_windows_by_hand():
    words, sentences = np.array([10, 11, 12, 13, 14]), np.array([0, 0, 0, 0, 1])
    windows = make_windows(words, sentences, np.array([2, 1, 2, 1, 2]), 2)
    assert windows.tolist() == [
        [-1, -1, 11, 12],
        [10, -1, 12, -1],
        [11, 10, 13, -1],
        [12, -1, -1, -1],
        [-1, -1, -1, -1],
    ]
    centers, contexts = make_pairs(words, windows)
    assert centers.tolist() == [10, 10, 11, 11, 12, 12, 12, 13]
    assert contexts.tolist() == [11, 12, 10, 12, 11, 10, 13, 12]


@pytest.mark.parametrize("lengths", [[1], [2], [3, 1, 1, 4], [40, 7, 1, 23]])
@pytest.mark.parametrize("window", [1, 2, 5, 60])
def test_pairs_are_those_of_a_double_loop(lengths, window):
    sentences, tokens = sentences_of(lengths)
    spans = np.random.default_rng(1).integers(1, window + 1, len(tokens))
    windows = make_windows(*split_tokens(tokens), spans, window)
    pairs = make_pairs(split_tokens(tokens)[0], windows)
    by_sentence = np.split(spans, np.cumsum(lengths[:-1]))
    expected = sorted(pairs_of(sentences, by_sentence))
    assert sorted(zip(*(side.tolist() for side in pairs), strict=True)) == expected


def test_spans_are_drawn_from_one_to_window():
    tokens = np.arange(2000, dtype=np.uint32) % 100
    _, windows = draw_windows(tokens, EVERY_WORD, 4, np.random.default_rng(0))
    reach = (windows[4:-4, 4:] != PADDING).sum(axis=1)
    shares = np.bincount(reach, minlength=5) / len(reach)
    np.testing.assert_allclose(shares, [0, 0.25, 0.25, 0.25, 0.25], atol=0.05)
    assert ((windows[4:-4, :4] != PADDING).sum(axis=1) == reach).all()


def test_words_stay_as_often_as_told():
    keep = np.array([0.0, 0.3, 1.0])
    tokens = np.random.default_rng(1).integers(0, 3, 9000).astype(np.uint32)
    words, _ = draw_windows(tokens, keep, 2, np.random.default_rng(0))
    share = np.bincount(words, minlength=3) / np.bincount(tokens)
    assert share[0] == 0 and share[2] == 1
    assert share[1] == pytest.approx(0.3, abs=0.03)


def test_windows_reach_over_what_was_thinned_out():
    tokens = np.array([1, 0, 0, 0, 2], np.uint32)
    keep = np.array([0.0, 1.0, 1.0])
    words, windows = draw_windows(tokens, keep, 1, np.random.default_rng(0))
    assert words.tolist() == [1, 2]
    assert windows.tolist() == [[-1, 2], [1, -1]]


def test_a_sentence_ends_even_when_its_first_word_is_thinned_out():
    tokens = np.array([1, FIRST_OF_SENTENCE | 0, 2, 3], np.uint32)
    keep = np.array([0.0, 1.0, 1.0, 1.0])
    words, windows = draw_windows(tokens, keep, 1, np.random.default_rng(0))
    assert words.tolist() == [1, 2, 3]
    assert windows.tolist() == [[-1, -1], [-1, 3], [2, -1]]


def test_no_pair_crosses_a_sentence():
    _, tokens = sentences_of([5] * 200)
    sentence = (np.arange(1000) // 5).astype(np.uint32)
    named = sentence | (tokens & FIRST_OF_SENTENCE)  # each word names its sentence
    keep = np.full(200, 0.6)
    words, windows = draw_windows(named, keep, 4, np.random.default_rng(3))
    centers, contexts = make_pairs(words, windows)
    assert len(centers) > 500 and (centers == contexts).all()


def test_nothing_left_makes_no_pairs():
    tokens = np.zeros(5, np.uint32)
    words, windows = draw_windows(tokens, np.zeros(1), 3, np.random.default_rng(0))
    assert words.shape == (0,) and windows.shape == (0, 6)
    assert [len(side) for side in make_pairs(words, windows)] == [0, 0]


def test_noise_comes_by_its_distribution():
    shares = np.array([0.5, 0.0, 0.2, 0.3])
    noise = draw_noise(np.cumsum(shares), (4000, 5), np.random.default_rng(0))
    assert noise.shape == (4000, 5) and noise.dtype == np.int32
    found = np.bincount(noise.ravel(), minlength=4) / noise.size
    assert found[1] == 0
    np.testing.assert_allclose(found, shares, atol=0.015)


def test_noise_survives_sums_below_one():
    class Highest:
        def random(self, shape):
            return np.full(shape, np.nextafter(1.0, 0.0))

    assert draw_noise(np.array([0.5, 1 - 1e-15]), (1,), Highest()).tolist() == [1]
