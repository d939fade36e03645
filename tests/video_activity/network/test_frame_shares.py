import numpy as np
import pytest

from projects.video_activity.network.frame_shares import leave_frames_out


def _mean_asker(windows):
    """Return the mean of the only feature as the probability of the second class."""
    means = np.array([window["x"].mean() for window in windows])
    return np.stack([1 - means, means], axis=1)


def test_a_share_is_what_the_probability_loses_without_the_frame():
    features = {"x": np.array([[0.0], [0.9], [0.3]])}
    shares = leave_frames_out(_mean_asker, features, 1)
    # 0.4 with all; 0.6, 0.15 and 0.45 without the first, second and third.
    assert shares == pytest.approx([-0.2, 0.25, -0.05])
    assert leave_frames_out(_mean_asker, features, 0) == pytest.approx(-shares)


def test_all_streams_lose_the_frame_and_the_window_stays_whole():
    asked = []

    def ask(windows):
        asked.extend({name: len(rows) for name, rows in w.items()} for w in windows)
        return np.ones((len(windows), 1))

    features = {"x": np.zeros((4, 2)), "y": np.zeros((4, 3))}
    assert leave_frames_out(ask, features, 0).tolist() == [0, 0, 0, 0]
    assert asked == [{"x": 4, "y": 4}] + [{"x": 3, "y": 3}] * 4
    assert features["x"].shape == (4, 2)


def test_without_its_only_frame_there_is_nothing_to_ask():
    assert leave_frames_out(_mean_asker, {"x": np.ones((1, 1))}, 1).tolist() == [0]
