"""Scores of verdicts: arrays in, numbers out.

Throughout, `probabilities` is float, (clips, classes), rows summing to 1, and `labels`
is int, (clips,).
"""

import numpy as np

_BINS = 10


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of clips whose likeliest class is the true one."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def confusion(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Count clips by true class (rows) and likeliest class (columns), int."""
    classes = probabilities.shape[1]
    cells = labels * classes + probabilities.argmax(axis=1)
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)


def recalls(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the share of each class that was found; NaN for a class without clips."""
    counts = confusion(probabilities, labels)
    return _ratio(counts.diagonal(), counts.sum(axis=1))


def macro_f1(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean over the classes that occur of 2 tp / (2 tp + fp + fn)."""
    counts = confusion(probabilities, labels)
    both = counts.sum(axis=0) + counts.sum(axis=1)
    return float(np.nanmean(_ratio(2 * counts.diagonal(), both)))


def auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Return how often a positive clip scores above a negative one; ties count half.

    Args:
        scores: Float, (clips,).
        positive: Bool, (clips,).

    Returns:
        The area under the ROC curve; NaN without clips of both kinds.
    """
    high, low = scores[positive], np.sort(scores[~positive])
    if not len(high) or not len(low):
        return float("nan")
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / (2 * len(low)))


def macro_auc(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean over classes of one against the rest."""
    classes = range(probabilities.shape[1])
    areas = [auc(probabilities[:, k], labels == k) for k in classes]
    known = [area for area in areas if area == area]
    return float(np.mean(known)) if known else float("nan")


def recall_at(scores: np.ndarray, positive: np.ndarray, false_alarms: float) -> float:
    """Return the best recall of any threshold that at most so many negatives pass.

    Args:
        scores: Float, (clips,): an alarm is a score above the threshold.
        positive: Bool, (clips,).
        false_alarms: Share of the negatives, 0 to 1.
    """
    high, low = scores[positive], np.sort(scores[~positive])[::-1]
    if not len(high) or not len(low):
        return float("nan")
    allowed = int(np.floor(false_alarms * len(low) + 1e-9))
    if allowed >= len(low):
        return 1.0
    return float(np.mean(high > low[allowed]))


def calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = _BINS
) -> float:
    """Return the expected calibration error of the likeliest class.

    Guo, Pleiss, Sun, Weinberger 2017: |accuracy - confidence| in bins of equal width,
    weighted by their clips.
    """
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=right - sure, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))


def brier(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean squared distance to the truth, summed over classes / 2."""
    truth = np.eye(probabilities.shape[1])[labels]
    return float(((probabilities - truth) ** 2).sum(axis=1).mean() / 2)


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean surprise, nats per clip."""
    own = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(own, 1e-12)).mean())


def _ratio(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(under > 0, over / under, np.nan)
