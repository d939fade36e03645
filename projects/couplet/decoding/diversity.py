"""Candidates that really differ.

Lines are taken from the best to the worst, each if it differs from all that were
taken in `least_difference` places. If these are too few, one place less is asked of
the others, and so on. Hence the best line is always among the candidates, no two are
the same, there are as many as were asked for if so many different lines are given, and
any two of those taken before the places became fewer differ as much as they should.
"""

import math
from collections.abc import Sequence

import numpy as np

_SHARE = 0.3


def least_difference(num_free: int) -> int:
    """Return in how many places two candidates should differ.

    Args:
        num_free: The places where answers may differ at all: neither punctuation
            nor fixed by the user.

    Returns:
        Three tenths of them, rounded up, and at least 2, but never more than
        there are; at least 1.
    """
    return max(1, min(num_free, max(2, math.ceil(_SHARE * num_free))))


def count_differences(lines: Sequence[Sequence[int]]) -> np.ndarray:
    """Return in how many places each two lines differ.

    Args:
        lines: Ids, all of one length.

    Returns:
        int64, shape (lines, lines).
    """
    ids = np.asarray(lines)
    return (ids[:, None] != ids[None]).sum(axis=2)


def choose_different(
    lines: Sequence[Sequence[int]],
    scores: Sequence[float],
    *,
    count: int,
    num_free: int,
) -> list[int]:
    """Choose good lines that differ from each other.

    Args:
        lines: The ids of each line, all of one length.
        scores: How good each one is; the greatest is the best.
        count: How many are wanted.
        num_free: The places where they may differ, `Constraints.free.sum()`.

    Returns:
        The numbers of at most `count` lines, the best first; see above what is
        certain of them.
    """
    if not len(lines):
        return []
    differences = count_differences(lines)
    waiting = np.argsort(-np.asarray(scores), kind="stable").tolist()
    chosen: list[int] = []
    for least in range(least_difference(num_free), 0, -1):
        for number in list(waiting):
            if len(chosen) == count:
                break
            if (differences[number, chosen] >= least).all():
                chosen.append(number)
                waiting.remove(number)
    return sorted(chosen, key=lambda number: -scores[number])
