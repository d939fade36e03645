"""From text to what a model learns: which word stands beside which.

        the  quick  brown  fox  jumps      center: brown
                ^     |     ^              drawn span: 1 (of a window of 2)
    skip-gram: (brown, quick), (brown, fox)
    CBOW:      ([quick, fox, -1, -1], brown), in some order

Spans are drawn anew for every word from 1..window, so near words are learned more
often than far ones; windows end where the sentence ends, and are laid after
frequent words have been thinned out, so they then reach further.
"""

import numpy as np

FIRST_OF_SENTENCE = 1 << 31
PADDING = -1


def split_tokens(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take tokens apart into words and the sentences they belong to.

    Args:
        tokens: uint32, shape `(n,)`: a word's id in the low 31 bits, the highest
            set for the first word of a sentence. The first token may be in the
            middle of a sentence.

    Returns:
        Ids, int32, and numbers of sentences, int64, that rise by one from
        sentence to sentence; both of shape `(n,)`.
    """
    words = (tokens & (FIRST_OF_SENTENCE - 1)).astype(np.int32)
    return words, np.cumsum(tokens >> 31, dtype=np.int64)


def make_windows(
    words: np.ndarray, sentences: np.ndarray, spans: np.ndarray, window: int
) -> np.ndarray:
    """Lay a window around each word.

    Args:
        words: Ids, int32, shape `(n,)`.
        sentences: The sentence of each word, shape `(n,)`, never falling.
        spans: How far the window of each word reaches on both sides, from
            1..window, shape `(n,)`.
        window: The longest span.

    Returns:
        The words of each window without the one in its middle, int32, shape
        `(n, 2 * window)`: those on the left by rising, then those on the right by
        rising distance; `PADDING` where the window ends sooner.
    """
    windows = np.full((len(words), 2 * window), PADDING, np.int32)
    for distance in range(1, min(window, len(words) - 1) + 1):
        together = sentences[distance:] == sentences[:-distance]
        on_left = together & (spans[distance:] >= distance)
        on_right = together & (spans[:-distance] >= distance)
        left, right = windows[:, distance - 1], windows[:, window + distance - 1]
        left[distance:][on_left] = words[:-distance][on_left]
        right[:-distance][on_right] = words[distance:][on_right]
    return windows


def make_pairs(words: np.ndarray, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair each word with each word of its window.

    Args:
        words: Ids, int32, shape `(n,)`.
        windows: From `make_windows`.

    Returns:
        Centers and contexts, both int32, shape `(number of pairs,)`, ordered by
        the position of the center.
    """
    there = windows != PADDING
    return np.repeat(words, there.sum(axis=1)), windows[there]


def draw_windows(
    tokens: np.ndarray, keep: np.ndarray, window: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Thin out a piece of text and lay a window of random span around each word.

    Args:
        tokens: As for `split_tokens`.
        keep: The probability of each word to stay, shape (vocabulary,).
        window: The longest span.
        random: Decides what stays and how far windows reach.

    Returns:
        The words that stay, int32, shape `(n,)`, and the windows around them as
        from `make_windows`.
    """
    words, sentences = split_tokens(tokens)
    stays = random.random(len(words)) < keep[words]
    words, sentences = words[stays], sentences[stays]
    spans = random.integers(1, window, len(words), endpoint=True)
    return words, make_windows(words, sentences, spans, window)


def draw_noise(
    cumulative: np.ndarray, shape: tuple[int, ...], random: np.random.Generator
) -> np.ndarray:
    """Draw noise words.

    Args:
        cumulative: The cumulative sums of the noise distribution, the last one 1.
        shape: How many.
        random: Decides which.

    Returns:
        Ids, int32, of the given shape.
    """
    drawn = np.searchsorted(cumulative, random.random(shape), side="right")
    # The last sum may be a rounding error below 1.
    return np.minimum(drawn, len(cumulative) - 1).astype(np.int32)
