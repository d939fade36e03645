"""Scores of word vectors, in plain numpy."""

import math

import numpy as np
from scipy import stats


def accuracy(correct: int, answerable: int) -> float:
    """Return the share of correct answers; NaN when nothing could be answered."""
    return correct / answerable if answerable else math.nan


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Return Spearman's rank correlation; ties share the mean of their ranks.

    Args:
        one: shape (n,).
        other: shape (n,).

    Returns:
        From -1 to 1; NaN when one side is constant, or for fewer than two values.
    """
    if len(one) < 2:
        return math.nan
    ranks = [stats.rankdata(values) - (len(one) + 1) / 2 for values in (one, other)]
    spread = math.sqrt((ranks[0] @ ranks[0]) * (ranks[1] @ ranks[1]))
    return float(ranks[0] @ ranks[1]) / spread if spread else math.nan


def accuracy_error(correct: int, answerable: int) -> float:
    """Return the standard error of an accuracy, were the questions independent.

    One right and one wrong answer are added (Laplace), so that a score of 0 is not
    taken for certain.
    """
    share = (correct + 1) / (answerable + 2)
    return math.sqrt(share * (1 - share) / (answerable + 2))


def spearman_error(correlation: float, num_pairs: int) -> float:
    """Return the standard error of a rank correlation (Bonett & Wright 2000).

    Args:
        correlation: From -1 to 1.
        num_pairs: Four or more.
    """
    fisher = math.sqrt((1 + correlation**2 / 2) / (num_pairs - 3))
    return (1 - correlation**2) * fisher
