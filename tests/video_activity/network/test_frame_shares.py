import numpy as np
import pytest

from projects.video_activity.network.frame_shares import frame_shares


def _mean_asker(windows):
    """Return the mean of the only feature as the probability of the second class."""
    means = np.array([window["x"].mean() for window in windows])
    return np.stack([1 - means, means], axis=1)


def test_a_share_is_what_the_probability_loses_without_the_frame():
    features = {"x": np.array([[0.0], [0.9], [0.3]])}
    shares = frame_shares(_mean_asker, features, 1)
    # Smoothed: 0.9, 0.9, 0.3; then 0, 0.15, 0.3; then 0, 0.9, 0.9. All: 0.4.
    assert shares == pytest.approx([-0.3, 0.25, -0.2])
    assert frame_shares(_mean_asker, features, 0) == pytest.approx(-shares)


def test_a_frame_of_a_steady_movement_is_no_loss_to_who_judges_by_change():
    def ask(windows):
        steps = [np.abs(np.diff(window["x"], axis=0)).sum() for window in windows]
        return np.array(steps)[:, None]

    features = {"x": np.array([[0.0], [1], [2], [3], [9], [3], [3]])}
    assert frame_shares(ask, features, 0).tolist() == [1, 0, 0, 0, 12, 0, 0]


def test_all_streams_lose_the_frame_and_the_window_stays_whole():
    asked = []

    def ask(windows):
        asked.extend(windows)
        return np.ones((len(windows), 1))

    features = {"x": np.eye(4, 2), "y": 2 * np.eye(4, 3)}
    assert frame_shares(ask, features, 0).tolist() == [0, 0, 0, 0]
    assert len(asked) == 5
    for name, rows in features.items():
        assert (asked[2][name][1] == (rows[0] + rows[2]) / 2).all()
        assert (asked[2][name][[0, 2, 3]] == rows[[0, 2, 3]]).all()
    assert (features["x"] == np.eye(4, 2)).all()


def test_without_its_only_frame_there_is_nothing_to_ask():
    assert frame_shares(_mean_asker, {"x": np.ones((1, 1))}, 1).tolist() == [0]
