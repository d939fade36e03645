"""Which frames mattered: each is smoothed away once, and the classifier asked again."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

Ask = Callable[[Sequence[Mapping[str, np.ndarray]]], np.ndarray]


def frame_shares(
    ask: Ask, features: Mapping[str, np.ndarray], place: int
) -> np.ndarray:
    """Return how far the probability of a class falls without each frame.

    As Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks",
    cover patches of a picture. It looks at the answers alone, so that it suits every
    classifier. A frame is not cut out but replaced by the mean of its neighbors: a
    gap would look like a jump, and whoever judges by change would see more of it.

    Args:
        ask: From windows, float streams `(n, dim)` each, to probabilities `(windows,
            classes)`.
        features: The streams of one window.
        place: Of the class among the probabilities.

    Returns:
        Float `(n,)`; negative where the frame spoke against the class, 0 for the
        only frame of a window.
    """
    count = len(next(iter(features.values())))
    if count < 2:
        return np.zeros(count)
    without = [
        {name: _smooth(rows, frame) for name, rows in features.items()}
        for frame in range(count)
    ]
    found = np.asarray(ask([features, *without]))[:, place]
    return found[0] - found[1:]


def _smooth(rows: np.ndarray, frame: int) -> np.ndarray:
    """Return rows, one of them replaced by the mean of those beside it."""
    beside = [n for n in (frame - 1, frame + 1) if 0 <= n < len(rows)]
    smooth = rows.copy()
    smooth[frame] = rows[beside].mean(axis=0)
    return smooth
