"""Heights of a wave, in windows, cut by time."""

from typing import NamedTuple

import numpy as np


class Windows(NamedTuple):
    """Windows and what came after each.

    Attributes:
        inputs: float32, shape (n, context_length, 1), in meters.
        targets: float32, shape (n, 1): the next height.
    """

    inputs: np.ndarray
    targets: np.ndarray


class Split(NamedTuple):
    """Windows in order of time: test windows are the newest."""

    train: Windows
    valid: Windows
    test: Windows


def draw_wave(num_heights: int, seed: int) -> np.ndarray:
    """Return a sine of period 25 with noise, float32, shape (num_heights,)."""
    noise = np.random.default_rng(seed).normal(0, 0.1, num_heights)
    return (np.sin(np.arange(num_heights) * 2 * np.pi / 25) + noise).astype("float32")


def make_windows(heights: np.ndarray, context_length: int) -> Windows:
    """Cut every window of `context_length` heights, and the height after it."""
    windows = np.lib.stride_tricks.sliding_window_view(heights, context_length + 1)
    return Windows(windows[:, :-1, None], windows[:, -1:])


def split_by_time(heights: np.ndarray, context_length: int) -> Split:
    """Cut the heights at 60 and 80 %, then make windows: none reaches across."""
    cuts = [len(heights) * share // 100 for share in (60, 80)]
    return Split(*(make_windows(h, context_length) for h in np.split(heights, cuts)))
