"""Lines in disorder: what good characters are worth without their order."""

from collections.abc import Sequence

import numpy as np


def shuffle_each(lines: Sequence[str], seed: int) -> list[str]:
    """Return lines with the characters of each in another order, drawn by chance."""
    random = np.random.default_rng(seed)
    return ["".join(random.permutation(list(line))) for line in lines]


def draw(lines: Sequence[str], count: int, seed: int) -> list[str]:
    """Return so many of the lines, or all, in an order drawn by chance."""
    order = np.random.default_rng(seed).permutation(len(lines))
    return [lines[i] for i in order[:count]]
