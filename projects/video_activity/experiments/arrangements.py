"""Clips whose frames are in order, out of order, or all alike."""

import dataclasses
from collections.abc import Callable

import numpy as np

from projects.video_activity.evaluation.systems import Foretell, System
from projects.video_activity.features.clip_set import ClipSet

Arrange = Callable[[ClipSet, int], ClipSet]


def in_order(clips: ClipSet, seed: int) -> ClipSet:
    """Return the clips as they are."""
    return clips


def shuffled(clips: ClipSet, seed: int) -> ClipSet:
    """Return clips whose frames are in random order, the same in all streams.

    Args:
        clips: To be shuffled.
        seed: Decides the order in each clip.
    """
    draws = np.random.default_rng(seed).random(clips.mask.shape)
    order = np.argsort(np.where(clips.mask, draws, 2.0), axis=1)  # what is missing last
    return _with_features(
        clips,
        lambda values: np.take_along_axis(values, order[..., None], axis=1),
    )


def averaged(clips: ClipSet, seed: int) -> ClipSet:
    """Return clips all of whose frames are their mean: what mean pooling sees.

    Args:
        clips: To be averaged.
        seed: Of no matter.
    """
    there = clips.mask[..., None]

    def mean(values: np.ndarray) -> np.ndarray:
        sums = (values * there).sum(axis=1, keepdims=True)
        return sums / clips.lengths[:, None, None] * there

    return _with_features(clips, mean)


def arranged(system: System, name: str, arrange: Arrange) -> System:
    """Return a system that learns from arranged clips and is asked of such.

    Args:
        system: What is to see them.
        name: What reports call it.
        arrange: From clips and a seed to clips.
    """

    def fit(clips: ClipSet, seed: int) -> Foretell:
        foretell = system.fit(arrange(clips, 2 * seed), seed)
        return lambda others: foretell(arrange(others, 2 * seed + 1))

    return System(name, fit)


def _with_features(
    clips: ClipSet, change: Callable[[np.ndarray], np.ndarray]
) -> ClipSet:
    features = {
        name: change(values).astype(np.float32)
        for name, values in clips.features.items()
    }
    return dataclasses.replace(clips, features=features)
