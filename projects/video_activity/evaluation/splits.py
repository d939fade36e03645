"""Ways to cut clips into what is learned from and what is tested on."""

from collections.abc import Iterable

import numpy as np

from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.footage.splitting import (
    Split,
    grouped_folds,
    random_folds,
)

BY_SOURCE = "whole sources held out"
BY_CLIP = "clips drawn by chance (flatters)"
ONE_OUT = "one source held out"


def make_splits(
    clips: ClipSet,
    *,
    folds: int,
    seeds: Iterable[int],
    by_clip: bool,
    leave_one_out: bool,
) -> dict[str, list[list[Split]]]:
    """Return, for each way of cutting, the folds of every seed.

    Args:
        clips: To be cut.
        folds: How many.
        seeds: One cut for each.
        by_clip: Whether to cut by clip, too: neighbors on both sides.
        leave_one_out: Whether to hold out one source after the other, too.

    Raises:
        UserError: A class has fewer sources than folds.
    """
    seeds = list(seeds)
    cut = clips.labels, clips.groups, folds
    found = {BY_SOURCE: [grouped_folds(*cut, seed) for seed in seeds]}
    if by_clip:
        found[BY_CLIP] = [random_folds(clips.labels, folds, seed) for seed in seeds]
    if leave_one_out:
        found[ONE_OUT] = [_one_out(clips.groups)]
    return found


def _one_out(groups: np.ndarray) -> list[Split]:
    names = sorted(set(groups.tolist()))
    return [
        (np.flatnonzero(groups != name), np.flatnonzero(groups == name))
        for name in names
    ]
