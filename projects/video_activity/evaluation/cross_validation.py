"""Classifiers before clips that they did not learn from, fold by fold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from projects.video_activity import metrics
from projects.video_activity.evaluation.systems import System
from projects.video_activity.features.clip_set import ClipSet

Fold = tuple[np.ndarray, np.ndarray]

FALSE_ALARMS = 0.1


@dataclass(frozen=True)
class Examined:
    """What one system foretold.

    Attributes:
        probabilities: Float, (seeds, clips, classes): each clip by a fit that had not
            seen its fold.
        folds: For each seed the positions of the test clips, fold by fold.
    """

    probabilities: np.ndarray
    folds: list[list[np.ndarray]]

    def by_fold(self, score: Callable[..., float], clips: ClipSet) -> np.ndarray:
        """Return a score of (probabilities, labels) for every fold of every seed."""
        return np.array(
            [
                score(found[test], clips.labels[test])
                for found, tests in zip(self.probabilities, self.folds, strict=True)
                for test in tests
            ]
        )

    def by_seed(self, score: Callable[..., float], clips: ClipSet) -> np.ndarray:
        """Return a score over all clips together, for every seed."""
        return np.array([score(found, clips.labels) for found in self.probabilities])


def cross_validate(
    system: System,
    clips: ClipSet,
    splits: Sequence[Sequence[Fold]],
    tell: Callable[[str], None] = lambda text: None,
) -> Examined:
    """Fit a system to the training part of every fold and ask it for the rest.

    Args:
        system: To be examined.
        clips: All of them.
        splits: For each seed its folds, (training, test) positions.
        tell: Told what comes next.
    """
    probabilities = np.zeros((len(splits), len(clips.labels), len(clips.classes)))
    for seed, folds in enumerate(splits):
        for number, (train, test) in enumerate(folds, start=1):
            tell(f"{system.name}: seed {seed + 1}, fold {number} of {len(folds)}")
            foretell = system.fit(clips.select(train), seed)
            probabilities[seed, test] = foretell(clips.select(test))
    return Examined(probabilities, [[test for _, test in folds] for folds in splits])


def alarm_recall(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean over classes of the recall at 10 % false alarms of each."""
    classes = range(probabilities.shape[1])
    found = [
        metrics.recall_at(probabilities[:, k], labels == k, FALSE_ALARMS)
        for k in classes
    ]
    return float(np.nanmean(found))
