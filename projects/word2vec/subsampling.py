"""How often words are kept, drawn as noise and updated.

Mikolov, Sutskever, Chen, Corrado and Dean: Distributed Representations of Words
and Phrases and their Compositionality, NIPS 2013, https://arxiv.org/abs/1310.4546,
sections 2.2 (noise) and 2.3 (subsampling). All arrays are float64, shape
`(n,)`, by word id, for the `n` words of a vocabulary.
"""

import numpy as np

NOISE_POWER = 0.75


def keep_probabilities(counts: np.ndarray, sample: float) -> np.ndarray:
    """Return the probability that an occurrence of a word stays in the text.

    With the word's share f of the text it is sqrt(sample / f) + sample / f, at
    most 1: the formula of word2vec.c, which differs from the paper's.

    Args:
        counts: How often each word was seen.
        sample: Words with a larger share (about) are thinned out; 0: none is.
    """
    counts = np.asarray(counts, np.float64)
    if not sample:
        return np.ones_like(counts)
    # A word that was never seen is never thinned out.
    ratio = sample * counts.sum() / np.maximum(counts, 1e-300)
    return np.minimum(1.0, np.sqrt(ratio) + ratio)


def noise_distribution(counts: np.ndarray, power: float = NOISE_POWER) -> np.ndarray:
    """Return the probability of each word to be drawn as noise.

    It grows with count ** 0.75: common words come less often than in the text,
    rare ones more often.

    Args:
        counts: How often each word was seen.
        power: 1: as in the text; 0: all words alike.
    """
    weights = np.asarray(counts, np.float64) ** power
    return weights / weights.sum()


def kept_shares(counts: np.ndarray, sample: float) -> np.ndarray:
    """Return the share of each word in the thinned text; the sum is 1."""
    kept = np.asarray(counts, np.float64) * keep_probabilities(counts, sample)
    return kept / kept.sum()


def expected_updates(
    counts: np.ndarray, *, model: str, window: int, negative: int, sample: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return how often one kept word of the text changes each row of the matrices.

    A window that is drawn from 1..window has (window + 1) / 2 words on each side
    in the mean, so a word of the text takes part in window + 1 pairs. For negative
    sampling, in expectation; borders of sentences, which make it less, are left
    out, and so are noise words that happen to be the true one.

    Args:
        counts: How often each word was seen.
        model: "skip_gram": the word predicts each word of its window; "cbow": the
            mean of the window predicts the word.
        window: Most words on one side.
        negative: Noise words per prediction.
        sample: As for `keep_probabilities`.

    Returns:
        The updates of the rows of words that predict ("center") and of the rows
        of words that are predicted ("context").
    """
    shares, pairs = kept_shares(counts, sample), window + 1
    noise = negative * noise_distribution(counts)
    if model == "cbow":
        return pairs * shares, shares + noise
    return pairs * (1 + negative) * shares, pairs * (shares + noise)
