"""Scores of verdicts: by hand, and beside scikit-learn's."""

import numpy as np
import pytest
import sklearn.metrics

from projects.video_activity import metrics

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 200)
PROBABILITIES = RNG.dirichlet([1, 1, 1], 200) * 0.6 + np.eye(3)[LABELS] * 0.4


def test_accuracy_f1_and_confusion_equal_scikit_learn():
    guesses = PROBABILITIES.argmax(axis=1)
    assert metrics.accuracy(PROBABILITIES, LABELS) == pytest.approx(
        sklearn.metrics.accuracy_score(LABELS, guesses)
    )
    assert metrics.macro_f1(PROBABILITIES, LABELS) == pytest.approx(
        sklearn.metrics.f1_score(LABELS, guesses, average="macro")
    )
    table = sklearn.metrics.confusion_matrix(LABELS, guesses)
    np.testing.assert_array_equal(metrics.confusion(PROBABILITIES, LABELS), table)
    np.testing.assert_allclose(
        metrics.recalls(PROBABILITIES, LABELS),
        sklearn.metrics.recall_score(LABELS, guesses, average=None),
    )


def test_areas_equal_scikit_learn_with_ties():
    scores = np.round(PROBABILITIES[:, 1], 1)
    own = metrics.auc(scores, LABELS == 1)
    assert own == pytest.approx(sklearn.metrics.roc_auc_score(LABELS == 1, scores))
    mean = sklearn.metrics.roc_auc_score(LABELS, PROBABILITIES, multi_class="ovr")
    assert metrics.macro_auc(PROBABILITIES, LABELS) == pytest.approx(mean)


def test_losses_equal_scikit_learn():
    loss = sklearn.metrics.log_loss(LABELS, PROBABILITIES)
    assert metrics.log_loss(PROBABILITIES, LABELS) == pytest.approx(loss)
    two = PROBABILITIES[:, :2] / PROBABILITIES[:, :2].sum(axis=1, keepdims=True)
    truth = (LABELS == 1).astype(int)
    own = metrics.brier(two, truth)
    assert own == pytest.approx(sklearn.metrics.brier_score_loss(truth, two[:, 1]))


def test_recall_at_false_alarms_by_hand():
    scores = np.array([0.9, 0.8, 0.4, 0.7, 0.3, 0.2, 0.1, 0.05])
    positive = np.array([True, True, True, False, False, False, False, False])
    assert metrics.recall_at(scores, positive, 0.1) == pytest.approx(2 / 3)
    assert metrics.recall_at(scores, positive, 0.2) == 1.0
    tied = np.array([0.7, 0.7])
    assert metrics.recall_at(tied, np.array([True, False]), 0.0) == 0.0
    assert metrics.recall_at(tied, np.array([True, False]), 1.0) == 1.0


def test_calibration_error_by_hand():
    sure = np.array([0.95, 0.95, 0.65, 0.65])
    probabilities = np.stack([sure, 1 - sure], axis=1)
    labels = np.array([0, 0, 0, 1])  # 100 % at .95, 50 % at .65
    expected = (2 * 0.05 + 2 * 0.15) / 4
    assert metrics.calibration_error(probabilities, labels) == pytest.approx(expected)


def test_one_class_has_no_area():
    assert np.isnan(metrics.auc(np.ones(3), np.ones(3, bool)))
    assert np.isnan(metrics.recall_at(np.ones(3), np.ones(3, bool), 0.1))
    assert metrics.macro_f1(np.array([[1.0, 0, 0]]), np.array([0])) == 1.0
