"""Which frames mattered: each is left out once, and the classifier asked again."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

Ask = Callable[[Sequence[Mapping[str, np.ndarray]]], np.ndarray]


def leave_frames_out(
    ask: Ask, features: Mapping[str, np.ndarray], place: int
) -> np.ndarray:
    """Return how far the probability of a class falls without each frame.

    What Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional
    Networks", do to patches of a picture. It looks at the answers alone, so that it
    suits every classifier.

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
        {name: np.delete(rows, frame, axis=0) for name, rows in features.items()}
        for frame in range(count)
    ]
    found = np.asarray(ask([features, *without]))[:, place]
    return found[0] - found[1:]
