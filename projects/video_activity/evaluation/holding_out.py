"""The part of the clips that a classifier is tested on."""

import numpy as np

from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.footage.splitting import holdout, random_folds


def hold_out(
    clips: ClipSet, split: str, share: float, seed: int
) -> tuple[ClipSet, ClipSet]:
    """Return clips to learn from and clips to test on.

    Args:
        clips: All of them.
        split: "group": whole sources are held out. "clip": clips drawn by chance, so
            that neighbors of the same video are on both sides, as in the slides.
        share: Of the clips to test on.
        seed: Decides which.

    Raises:
        UserError: A class has a single source, or too few clips.
    """
    if split == "group":
        train, test = holdout(clips.labels, clips.groups, share, seed)
    else:
        folds = max(2, round(1 / share))
        train, test = random_folds(clips.labels, folds, seed)[0]
    return clips.select(np.asarray(train)), clips.select(np.asarray(test))
