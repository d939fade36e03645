import numpy as np
import pytest

from projects.video_activity.features.motion import DIM, NAMES, motion_statistics
from projects.video_activity.features.region import small_grey
from tests.video_activity.features.made_frames import panning, place, walking


def column(rows, name):
    return np.expm1(rows[:, NAMES.index(name)])


def test_a_row_for_each_frame_and_a_name_for_each_column():
    rows = motion_statistics(walking(6))
    assert rows.shape == (6, DIM) and rows.dtype == np.float32
    assert np.isfinite(rows).all()
    assert len(set(NAMES)) == DIM
    assert np.array_equal(rows[0], rows[1])
    assert (rows != 0).any(0).sum() > 0.8 * DIM


def test_the_grey_frames_at_hand_give_the_same():
    frames = walking(4)
    grey = small_grey(frames)
    assert motion_statistics(frames, grey) == pytest.approx(
        motion_statistics(frames), abs=1e-6
    )


def test_nothing_moves_in_a_still_picture():
    rows = motion_statistics(np.stack([place()] * 4))
    for name in ("change mean", "speed mean", "moving area", "acceleration mean"):
        assert column(rows, name) == pytest.approx(0, abs=1e-3)
    assert not motion_statistics(place()[None]).any()


def test_a_known_change_of_light():
    frames = np.stack([np.full((90, 160, 3), level, np.uint8) for level in (50, 70)])
    rows = motion_statistics(frames)
    assert column(rows, "change mean") == pytest.approx(20, abs=1e-3)
    assert column(rows, "share changed by 10") == pytest.approx(1, abs=1e-4)
    assert column(rows, "share changed by 25") == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("name", ["speed mean", "speed 99 %", "change mean"])
def test_faster_is_more(name):
    slow = column(motion_statistics(walking(6, 2.0)), name).mean()
    fast = column(motion_statistics(walking(6, 8.0)), name).mean()
    assert fast > 1.3 * slow


def test_left_and_right_are_the_same():
    frames = walking(10, 5.0)
    there = motion_statistics(frames).mean(0)
    back = motion_statistics(frames[:, :, ::-1]).mean(0)
    assert np.abs(back - there).max() < 0.35
    assert np.abs(back - there).mean() < 0.05


def test_the_camera_is_taken_off():
    rows = motion_statistics(panning(6, 4))
    # 2 of the 160 pixels of the small frame
    assert column(rows, "global speed") == pytest.approx(1.25, abs=0.3)
    assert column(rows, "speed mean").mean() < 0.5


def test_one_way_is_agreement_and_all_ways_are_not():
    one_way = column(motion_statistics(walking(6, 6.0)), "zoomed direction agreement")
    random = np.random.default_rng(1)
    noise = np.stack([place(int(seed)) for seed in random.integers(9, 99, 6)])
    all_ways = column(motion_statistics(noise), "zoomed direction agreement")
    assert one_way.mean() > all_ways.mean() + 0.2
