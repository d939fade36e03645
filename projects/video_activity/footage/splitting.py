"""Parts to learn from and parts to test on, never with the same source in both."""

from collections import Counter

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from common.errors import UserError

Split = tuple[np.ndarray, np.ndarray]


def grouped_folds(
    labels: ArrayLike, groups: ArrayLike, folds: int = 5, seed: int = 0
) -> list[Split]:
    """Split into folds so that all clips of a group are in the same.

    Args:
        labels: Class of each clip.
        groups: Source of each clip.
        folds: How many.
        seed: Decides which group goes where.

    Returns:
        For each fold (indices to learn from, indices to test on), int64, ascending.

    Raises:
        UserError: A class has fewer groups than folds.
    """
    labels, groups = np.asarray(labels), np.asarray(groups, dtype=str)
    name, fewest = fewest_groups(labels, groups)
    if fewest < folds:
        raise UserError(
            f"Expected videos of at least {folds} sources in each class, for {folds}"
            f" folds. Received: {fewest} of class {name!r}. Add videos of other"
            " sources, or take fewer folds."
        )
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(labels)), labels, groups))


def holdout(
    labels: ArrayLike, groups: ArrayLike, share: float = 0.2, seed: int = 0
) -> Split:
    """Keep whole groups back, about `share` of the clips of each class.

    Args:
        labels: Class of each clip.
        groups: Source of each clip.
        share: Of the clips to keep back, 0 to 0.5.
        seed: Decides which.

    Returns:
        Indices to learn from and indices kept back; every class is in both.

    Raises:
        UserError: A class has one group only, or cannot be split.
    """
    labels, groups = np.asarray(labels), np.asarray(groups, dtype=str)
    name, fewest = fewest_groups(labels, groups)
    folds = min(max(2, round(1 / share)), fewest)
    splits = grouped_folds(labels, groups, folds, seed) if folds > 1 else []
    splits = [split for split in splits if _has_all(labels, split)]
    if not splits:
        raise UserError(
            "Expected videos of two sources in each class, so that one can be tested"
            f" on. Received: {fewest} of class {name!r}. Add videos of another source,"
            " or tell the sources apart (groups.csv, or the option for a pattern)."
        )
    return min(splits, key=lambda split: _distance(labels, split[1], share))


def random_folds(labels: ArrayLike, folds: int = 5, seed: int = 0) -> list[Split]:
    """Split by clip, as if sources did not matter: only to show what that pretends.

    Args:
        labels: Class of each clip.
        folds: How many.
        seed: Decides which clip goes where.

    Returns:
        As `grouped_folds`.

    Raises:
        UserError: A class has fewer clips than folds.
    """
    labels = np.asarray(labels)
    name, fewest = min(Counter(labels.tolist()).items(), key=lambda item: item[1])
    if fewest < folds:
        raise UserError(
            f"Expected at least {folds} clips in each class, for {folds} folds."
            f" Received: {fewest} of class {name!r}. Add videos, or take fewer folds."
        )
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(labels)), labels))


def fewest_groups(labels: np.ndarray, groups: np.ndarray) -> tuple[str, int]:
    """Return the class with the fewest sources, and how many it has."""
    counts = {name: len(set(groups[labels == name])) for name in set(labels.tolist())}
    return min(counts.items(), key=lambda item: (item[1], str(item[0])))


def _has_all(labels: np.ndarray, split: Split) -> bool:
    return all(set(labels[part]) == set(labels) for part in split)


def _distance(labels: np.ndarray, held: np.ndarray, share: float) -> float:
    """Return how far the shares kept back of each class are from the one wanted."""
    whole, part = Counter(labels.tolist()), Counter(labels[held].tolist())
    return max(abs(part[name] / whole[name] - share) for name in whole)
