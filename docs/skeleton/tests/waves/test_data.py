"""Windows by hand; the future stays out of them."""

import numpy as np

from projects.waves.data import make_windows, split_by_time
from projects.waves.metrics import rmse


def test_a_window_is_followed_by_its_target():
    windows = make_windows(np.array([1, 2, 3, 4], "float32"), 2)
    assert windows.inputs[..., 0].tolist() == [[1, 2], [2, 3]]
    assert windows.targets.tolist() == [[3], [4]]


def test_training_windows_know_no_later_height():
    heights = np.arange(100, dtype="float32")
    train, valid, test = split_by_time(heights, 5)
    assert train.targets.max() < 60 <= valid.inputs.min()
    assert valid.targets.max() < 80 <= test.inputs.min()


def test_rmse_of_known_values():
    assert rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0])) == np.sqrt(12.5)
