"""What is compared: naive baselines, the slides' net, and ours."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.network.recipe import Recipe
from projects.video_activity.network.selection import fit_classifier

Foretell = Callable[[ClipSet], np.ndarray]


@dataclass(frozen=True)
class System:
    """Something that learns from clips and foretells others.

    Attributes:
        name: What reports call it.
        fit: From clips and a seed to a function from clips to probabilities, (clips,
            classes).
    """

    name: str
    fit: Callable[[ClipSet, int], Foretell]


def majority() -> System:
    """Return the system that knows how common each class is, and nothing else."""

    def fit(clips: ClipSet, seed: int) -> Foretell:
        counts = np.bincount(clips.labels, minlength=len(clips.classes))
        shares = counts / counts.sum()
        return lambda others: np.tile(shares, (len(others.labels), 1))

    return System("commonest class", fit)


def learned(name: str, recipe: Recipe, streams: tuple[str, ...] = ()) -> System:
    """Return a classifier of ours.

    Args:
        name: What reports call it.
        recipe: How it is fitted; its seed is replaced.
        streams: The only ones that it sees; empty: all.
    """

    def fit(clips: ClipSet, seed: int) -> Foretell:
        seen = narrow(clips, streams)
        fitted = fit_classifier(seen, dataclasses.replace(recipe, seed=seed))
        return lambda others: fitted.probabilities(narrow(others, streams))

    return System(name, fit)


def narrow(clips: ClipSet, streams: tuple[str, ...]) -> ClipSet:
    """Return clips with some of their streams only; all of them for ()."""
    if not streams:
        return clips
    features = {name: clips.features[name] for name in streams}
    return dataclasses.replace(clips, features=features)
