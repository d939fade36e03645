"""Shares, noise and expected updates against hand values and counting."""

import numpy as np
import pytest

from projects.word2vec.subsampling import (
    expected_updates,
    keep_probabilities,
    kept_shares,
    noise_distribution,
)

COUNTS = np.array([900, 90, 10])


def test_words_are_kept_as_in_word2vec_c():
    # (sqrt(f / t) + 1) * t / f for f = .9, .09, .01 and t = .01
    expected = [(np.sqrt(90) + 1) / 90, (3 + 1) / 9, 1.0]
    np.testing.assert_allclose(keep_probabilities(COUNTS, 0.01), expected)


def test_no_sample_keeps_all():
    assert keep_probabilities(COUNTS, 0).tolist() == [1, 1, 1]


def test_a_word_of_count_zero_is_kept_and_never_noise():
    with np.errstate(all="raise"):
        assert keep_probabilities(np.array([4, 0]), 1e-3)[1] == 1
        assert noise_distribution(np.array([4, 0])).tolist() == [1, 0]


def test_noise_goes_with_the_power():
    noise = noise_distribution(np.array([16, 1]))
    np.testing.assert_allclose(noise, [8 / 9, 1 / 9])
    assert noise_distribution(COUNTS, power=0).tolist() == [1 / 3] * 3


def test_the_thinned_text_has_shares():
    kept = COUNTS * keep_probabilities(COUNTS, 0.01)
    np.testing.assert_allclose(kept_shares(COUNTS, 0.01), kept / kept.sum())
    assert kept_shares(COUNTS, 0.01)[0] < 0.9


@pytest.mark.parametrize("model", ["skip_gram", "cbow"])
def test_updates_are_as_often_as_counted(model):
    counts = np.array([600, 300, 100])
    random = np.random.default_rng(0)
    window, negative, length = 3, 2, 20_000
    words = random.choice(3, length, p=counts / counts.sum())
    spans = random.integers(1, window + 1, length)
    pairs = np.array(
        [
            (words[i], words[j])
            for i in range(length)
            for j in range(max(0, i - spans[i]), min(length, i + spans[i] + 1))
            if i != j
        ]
    )
    noise = random.choice(3, (len(pairs), negative), p=noise_distribution(counts))
    centers, contexts = (np.bincount(side, minlength=3) for side in pairs.T)
    if model == "cbow":
        noise = noise[:length]
        inputs, targets = contexts, np.bincount(words, minlength=3)
    else:
        inputs, targets = centers * (1 + negative), contexts
    drawn = np.bincount(noise.ravel(), minlength=3)
    center, context = expected_updates(
        counts, model=model, window=window, negative=negative, sample=0
    )
    np.testing.assert_allclose(center, inputs / length, rtol=0.1)
    np.testing.assert_allclose(context, (targets + drawn) / length, rtol=0.1)
