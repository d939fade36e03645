"""Which frames are due."""

import numpy as np
import pytest

from projects.video_activity.footage.sampling import Schedule


def _due(times, interval=0.2, start=0.0, rate=25.0):
    schedule = Schedule(interval, start, rate)
    return [time for time in times if schedule.is_due(time)]


@pytest.mark.parametrize("rate", [5, 7.5, 12, 23.976, 25, 29.97, 30, 60])
def test_of_any_rate_five_a_second_and_none_too_far(rate):
    due = np.array(_due(np.arange(0, 19.9, 1 / rate), rate=rate))

    assert len(due) == 100
    assert np.abs(due - np.arange(100) * 0.2).max() <= 0.5 / rate + 1e-9


def test_a_pause_is_not_made_up_for():
    assert _due([0, 0.1, 0.2, 3.01, 3.1, 3.2, 3.4]) == [0, 0.2, 3.01, 3.2, 3.4]


def test_before_the_start_nothing_is_due():
    assert _due([0, 0.5, 0.97, 1.0, 1.19, 1.3], start=1.0) == [1.0, 1.19]


def test_a_frame_early_by_less_than_half_a_step_is_due():
    assert _due([0.0, 0.179, 0.185, 0.4], rate=25) == [0.0, 0.185, 0.4]
