import numpy as np
import pytest

from projects.video_activity.evaluation.systems import System
from projects.video_activity.experiments.arrangements import (
    arranged,
    averaged,
    shuffled,
)
from tests.video_activity.network.conftest import make_clips


@pytest.fixture(scope="module")
def clips():
    return make_clips()


def _rows(values):
    return sorted(map(tuple, values.tolist()))


def test_shuffled_clips_have_the_same_frames_in_another_order(clips):
    found = shuffled(clips, 3)
    moved = 0
    for number, length in enumerate(clips.lengths):
        orders = []
        for name, values in clips.features.items():
            before, after = values[number], found.features[name][number]
            assert _rows(before[:length]) == _rows(after[:length])
            assert not after[length:].any()
            orders.append([before.tolist().index(row) for row in after.tolist()])
        assert orders[0][:length] == orders[1][:length]  # streams stay together
        moved += orders[0][:length] != list(range(length))
    assert moved > 0.6 * len(clips)
    assert (found.labels == clips.labels).all() and found.classes == clips.classes


def test_the_seed_decides_the_order(clips):
    one, same, other = (shuffled(clips, s).features["region"] for s in (1, 1, 2))
    assert (one == same).all() and (one != other).any()


def test_averaged_clips_keep_the_mean_and_nothing_else(clips):
    found = averaged(clips, 0).features["region"]
    for values, rows, length in zip(
        clips.features["region"], found, clips.lengths, strict=True
    ):
        expected = np.tile(values[:length].mean(0), (length, 1))
        np.testing.assert_allclose(rows[:length], expected, rtol=1e-5, atol=1e-6)
        assert not rows[length:].any()


def test_training_and_test_are_arranged_alike_but_drawn_anew(clips):
    seen = []

    def fit(given, seed):
        seen.append(given)

        def foretell(others):
            seen.append(others)
            return np.ones((len(others), 2)) / 2

        return foretell

    arranged(System("net", fit), "name", shuffled).fit(clips, 5)(clips)
    trained, asked = (given.features["region"] for given in seen)
    assert (trained == shuffled(clips, 10).features["region"]).all()
    assert (asked == shuffled(clips, 11).features["region"]).all()
