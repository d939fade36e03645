import numpy as np
import pytest

from projects.video_activity.features.region import (
    GREY_SIDE,
    WHOLE,
    camera_moves,
    crop,
    dense_flow,
    global_shifts,
    moving_region,
    small_grey,
)
from tests.video_activity.features.made_frames import (
    panning,
    place,
    walking,
    with_square,
    zooming,
)


def test_grey_frames_are_small_and_never_made_larger():
    assert small_grey(walking(3)).shape == (3, 90, GREY_SIDE)
    tiny = np.zeros((2, 20, 10, 3), np.uint8)
    tiny[..., 1] = 100
    grey = small_grey(tiny)
    assert grey.shape == (2, 20, 10)
    assert grey[0, 0, 0] == round(0.587 * 100)
    assert small_grey(grey) is grey


@pytest.mark.parametrize("at", [(40, 60), (90, 160), (150, 260), (170, 10)])
def test_the_region_is_around_what_moves(at):
    there = with_square(at)
    frames = np.stack([there, place(), there, place()])
    y0, x0, y1, x1 = moving_region(frames)
    assert y0 <= at[0] / 180 <= y1 and x0 <= at[1] / 320 <= x1
    assert 0 <= y0 < y1 <= 1 and 0 <= x0 < x1 <= 1
    if at == (90, 160):  # away from the edges it is in the middle
        assert (y0 + y1) / 2 == pytest.approx(0.5, abs=0.03)
        assert (x0 + x1) / 2 == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("shape", [(180, 320), (320, 180), (60, 600), (200, 200)])
def test_the_region_is_a_square_of_the_wanted_area_if_there_is_room(share, shape):
    frames = np.zeros((3, *shape, 3), np.uint8)
    frames[1, 10:30, 10:30] = 255
    y0, x0, y1, x1 = moving_region(frames, share)
    tall, wide = (y1 - y0) * shape[0], (x1 - x0) * shape[1]
    assert tall * wide == pytest.approx(share * shape[0] * shape[1], rel=0.08)
    if (share * shape[0] * shape[1]) ** 0.5 < min(shape):
        assert tall == pytest.approx(wide, rel=0.08)


def test_most_of_the_movement_wins():
    frames = np.stack([with_square((40, 50), 8)] * 6)
    for t in range(6):
        frames[t] = with_square((130, 250 + 6 * t), 30, frames[t])
        frames[t] = with_square((40, 50 + t), 8, frames[t])
    y0, x0, y1, x1 = moving_region(frames)
    assert y0 < 130 / 180 < y1 and x0 < 265 / 320 < x1


def test_light_that_flickers_is_no_movement():
    still = np.stack([place()] * 4)
    assert moving_region(still) == WHOLE
    darker = (still * np.array([1, 0.8, 1, 0.8])[:, None, None, None]).astype(np.uint8)
    y0, x0, y1, x1 = moving_region(
        np.concatenate([darker, np.stack([with_square((90, 160)), place()])])
    )
    assert y0 < 0.5 < y1 and x0 < 0.5 < x1


def test_a_single_frame_moves_nowhere():
    one = place()[None]
    assert moving_region(one) == WHOLE
    assert camera_moves(one) is None
    assert dense_flow(small_grey(one)).shape == (0, 90, 160, 2)


def test_crop_takes_the_box():
    frames = np.arange(10 * 20, dtype=np.uint8).reshape(1, 10, 20, 1).repeat(3, 3)
    assert np.array_equal(crop(frames, (0.2, 0.5, 0.6, 1.0)), frames[:, 2:6, 10:20])
    assert np.array_equal(crop(frames, WHOLE), frames)
    assert crop(frames, (0.99, 0.99, 0.991, 0.991)).shape == (1, 1, 1, 3)


@pytest.mark.parametrize(
    "frames", [panning(), panning(step=15), panning()[::-1], zooming()]
)
def test_a_camera_that_moves_is_told(frames):
    assert camera_moves(frames) == "the camera moves"


def test_a_cut_is_told():
    frames = np.stack([place(0)] * 5 + [place(7)] * 5)
    assert camera_moves(frames) == "the scene is cut"


def test_a_still_camera_is_judged_whatever_moves_before_it():
    assert camera_moves(walking(10, 8.0)) is None
    crowd = np.stack([place()] * 10)
    speeds = np.random.default_rng(0).uniform(-9, 9, 8)
    for t in range(10):
        for person, speed in enumerate(speeds):
            at = 20 + 20 * person, 150 + speed * t
            crowd[t] = with_square(at, 30, crowd[t])
    assert camera_moves(crowd) is None


def test_a_flare_is_no_cut():
    frames = np.stack([place()] * 6)
    frames[3] = 255 - frames[3]
    assert camera_moves(frames) is None


def test_light_switched_on_is_no_cut():
    dark = (place() * 0.3).astype(np.uint8)
    assert camera_moves(np.stack([dark] * 5 + [place()] * 5)) is None


def test_a_grey_wall_is_no_cut():
    wall = np.full((6, 90, 160, 3), 90, np.uint8)
    assert camera_moves(wall) is None


def test_the_global_shift_is_that_of_most_of_the_picture():
    flows = np.zeros((3, 90, 160, 2), np.float32)
    flows[:2] = 3.0, 4.0
    flows[1, 20:50, 20:70] = (-9.0, 2.0)  # something walks the other way
    flows[2] = np.random.default_rng(0).normal(0, 4, flows[2].shape)
    assert global_shifts(flows) == pytest.approx([5.0, 5.0, 0.0], abs=0.05)
    assert global_shifts(flows[:1]) == pytest.approx([5.0], abs=1e-3)


def test_a_turn_is_one_motion_and_steps_do_not_see_each_other():
    rows, columns = np.indices((90, 160)) - np.array([45, 80])[:, None, None]
    turn = 0.1 * np.stack([-rows, columns], -1).astype(np.float32)
    far = np.hypot(rows, columns)[4::8, 4::8].mean()  # where it is fitted
    still = np.zeros_like(turn)
    together = global_shifts(np.stack([still, turn, still]))
    assert together == pytest.approx([0.0, 0.1 * far, 0.0], abs=1e-6)
