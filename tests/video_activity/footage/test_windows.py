"""Windows: every frame in one, none across a gap."""

import numpy as np
import pytest

from projects.video_activity.footage.frames import Frame
from projects.video_activity.footage.windows import windows


def _frames(times, height=2):
    return [
        Frame(float(time), np.full((height, 3, 3), number, np.uint8))
        for number, time in enumerate(times)
    ]


def _steps(count, start=0.0):
    return [start + 0.2 * number for number in range(count)]


def _numbers(found):
    return [window.frames[:, 0, 0, 0].tolist() for window in found]


def test_windows_follow_each_other_and_the_rest_is_a_shorter_one():
    found = list(windows(_frames(_steps(36))))

    assert _numbers(found) == [
        list(range(15)),
        list(range(15, 30)),
        list(range(30, 36)),
    ]
    assert [(window.start, window.end) for window in found] == [
        pytest.approx(pair) for pair in ((0, 3), (3, 6), (6, 7.2))
    ]
    assert found[0].frames.shape == (15, 2, 3, 3) and found[0].times.shape == (15,)
    assert found[0].times == pytest.approx(_steps(15))


@pytest.mark.parametrize(("count", "lengths"), [(34, [15, 15]), (35, [15, 15, 5])])
def test_a_rest_of_less_than_a_second_is_left_out(count, lengths):
    assert [len(x.times) for x in windows(_frames(_steps(count)))] == lengths


def test_windows_may_overlap():
    found = list(windows(_frames(_steps(27)), hop=5))

    assert _numbers(found) == [
        list(range(15)),
        list(range(5, 20)),
        list(range(10, 25)),
        list(range(15, 27)),
    ]


def test_what_was_seen_whole_needs_no_shorter_window():
    assert len(list(windows(_frames(_steps(20)), hop=5))) == 2


def test_windows_may_be_apart():
    found = list(windows(_frames(_steps(47)), num_frames=5, hop=20))

    assert _numbers(found) == [
        list(range(5)),
        list(range(20, 25)),
        list(range(40, 45)),
    ]


@pytest.mark.parametrize("hop", [3, 15])
def test_a_short_video_is_one_window(hop):
    skipped = []
    found = list(windows(_frames(_steps(3)), hop=hop, skipped=skipped))

    assert _numbers(found) == [[0, 1, 2]] and skipped == []


@pytest.mark.parametrize("times", [[], [0.0], [0.0, 5.0, 10.0]])
def test_single_frames_are_no_window_and_it_is_said(times):
    skipped = []

    assert list(windows(_frames(times), skipped=skipped)) == []
    assert skipped == ["no two frames within 0.6 s"]


def test_a_gap_begins_a_new_window():
    times = _steps(20) + _steps(17, start=60.0)
    found = list(windows(_frames(times)))

    assert _numbers(found) == [
        list(range(15)),
        list(range(15, 20)),
        list(range(20, 35)),
    ]
    assert found[2].start == 60.0


def test_three_intervals_are_no_gap():
    assert len(list(windows(_frames([0, 0.6, 1.2, 1.8, 2.4])))) == 1


def test_the_longest_of_short_runs_is_taken():
    times = [0, 0.2] + _steps(4, 10) + _steps(3, 20)

    assert _numbers(windows(_frames(times))) == [[2, 3, 4, 5]]


def test_another_size_begins_a_new_window():
    frames = _frames(_steps(6)) + _frames(_steps(6, 1.2), height=4)

    assert [x.frames.shape[:2] for x in windows(frames)] == [(6, 2), (6, 4)]


def test_a_window_is_given_as_soon_as_its_last_frame_is_there():
    taken = []

    def source():
        for frame in _frames(_steps(40)):
            taken.append(frame.time)
            yield frame

    found = windows(source(), hop=5)
    next(found)
    assert len(taken) == 15
    next(found)
    assert len(taken) == 20


def test_frames_that_break_off_with_an_error():
    def source():
        yield from _frames(_steps(20))
        raise OSError("gone")

    found = windows(source())
    assert len(next(found).times) == 15
    with pytest.raises(OSError, match="gone"):
        next(found)
