"""Pairs of short lines, so that a small model learns in a minute what it can."""

from dataclasses import replace

from projects.couplet.pairs.data import PairSplit
from projects.couplet.pairs.reading import Pairs


def shorten(split: PairSplit, longest: int, limit: int = 0) -> PairSplit:
    """Return the pairs whose lines are short.

    Args:
        split: All pairs.
        longest: Most characters of a line; 0: any number.
        limit: Most pairs to learn from, the first; 0: all.
    """
    return replace(
        split,
        train=_short(split.train, longest, limit),
        valid=_short(split.valid, longest),
        test=_short(split.test, longest),
    )


def _short(pairs: Pairs, longest: int, limit: int = 0) -> Pairs:
    both = zip(pairs.first, pairs.second, strict=True)
    kept = [pair for pair in both if not longest or len(pair[0]) <= longest]
    kept = kept[: limit or None]
    return replace(
        pairs, first=[one for one, _ in kept], second=[other for _, other in kept]
    )
