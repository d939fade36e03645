"""Splits: no source on both sides, every class on each."""

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.footage.splitting import (
    grouped_folds,
    holdout,
    random_folds,
)


@pytest.fixture
def clips():
    """Return labels and sources of 200 clips, 20 sources of uneven size."""
    rng = np.random.default_rng(0)
    groups = np.sort(rng.integers(0, 20, 200) ** 2 // 20)
    return (groups % 2 ^ (rng.random(200) < 0.2)).astype(int), groups.astype(str)


@pytest.mark.parametrize("seed", range(5))
def test_folds_share_no_source_and_test_each_clip_once(clips, seed):
    labels, groups = clips
    folds = grouped_folds(labels, groups, 5, seed)

    assert sorted(np.concatenate([test for _, test in folds])) == list(range(200))
    for train, test in folds:
        assert not set(groups[train]) & set(groups[test])
        assert len(train) + len(test) == 200


def test_a_seed_gives_the_same_folds_and_another_others(clips):
    first, again = grouped_folds(*clips, seed=1), grouped_folds(*clips, seed=1)
    other = grouped_folds(*clips, seed=2)

    assert all(np.array_equal(a[1], b[1]) for a, b in zip(first, again, strict=True))
    assert not all(
        np.array_equal(a[1], b[1]) for a, b in zip(first, other, strict=True)
    )


def test_fewer_sources_than_folds():
    labels, groups = ["safe"] * 6 + ["fight"] * 6, list("abcdef") + list("gggghh")

    with pytest.raises(
        UserError, match="least 5 sources .* Received: 2 of class 'fight'"
    ):
        grouped_folds(labels, groups, 5)
    assert len(grouped_folds(labels, groups, 2)) == 2


@pytest.mark.parametrize("share", [0.1, 0.2, 0.34])
def test_a_share_is_kept_back(clips, share):
    labels, groups = clips
    train, held = holdout(labels, groups, share)

    assert not set(groups[train]) & set(groups[held])
    assert len(train) + len(held) == 200
    assert set(labels[train]) == set(labels[held]) == {0, 1}
    assert len(held) / 200 == pytest.approx(share, abs=0.12)


def test_two_sources_of_a_class_are_enough_to_keep_one_back():
    train, held = holdout(["a", "a", "b", "b"], ["1", "2", "3", "4"], 0.2)

    assert len(train) == len(held) == 2


def test_one_source_of_a_class_is_too_little():
    with pytest.raises(UserError, match="two sources in each class.*1 of class 'b'"):
        holdout(["a", "a", "b", "b"], ["1", "2", "3", "3"], 0.2)


def test_random_folds_tear_sources_apart(clips):
    labels, groups = clips
    folds = random_folds(labels, 5, seed=0)

    assert sorted(np.concatenate([test for _, test in folds])) == list(range(200))
    assert any(set(groups[train]) & set(groups[test]) for train, test in folds)
    with pytest.raises(UserError, match="at least 5 clips .* Received: 3 of class 1"):
        random_folds([0] * 9 + [1] * 3, 5)
