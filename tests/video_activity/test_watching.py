import numpy as np
import pytest

from projects.video_activity.footage.frames import Frame
from projects.video_activity.watching import Watcher
from tests.video_activity.toy_model import ToyModel


def _frames(levels, begin=0.0, shape=(24, 32, 3)):
    for number, level in enumerate(levels):
        yield Frame(begin + 0.2 * number, np.full(shape, level, np.uint8))


def _still(frames):
    return None


@pytest.fixture
def model():
    return ToyModel()


def test_every_three_seconds_get_a_verdict(model):
    frames = _frames([51] * 15 + [204] * 15)
    dark, bright = Watcher(model, _still).watch(frames)
    assert (dark.start, dark.end, dark.label) == (0.0, pytest.approx(3.0), "dark")
    assert bright.start == pytest.approx(3.0)
    assert bright.probabilities == pytest.approx({"dark": 0.2, "bright": 0.8})
    assert bright.judged and bright.label == "bright"


@pytest.mark.parametrize("hop, starts", [(1.0, [0, 1, 2, 3]), (0.01, range(16))])
def test_windows_begin_a_hop_apart(model, hop, starts):
    count = 30 if hop == 1 else 17
    verdicts = list(Watcher(model, _still).watch(_frames([9] * count), hop))
    begun = [v.start for v in verdicts]
    step = max(hop, 0.2)
    assert begun[:3] == pytest.approx([0, step, 2 * step])
    assert np.diff(begun) == pytest.approx(step)


def test_a_verdict_comes_as_soon_as_its_last_frame_is_there(model):
    taken = []

    def camera():
        for frame in _frames([9] * 99):
            taken.append(frame)
            yield frame

    verdicts = Watcher(model, _still).watch(camera(), 3.0)
    next(verdicts)
    assert len(taken) <= 16


def test_windows_of_files_are_judged_together_with_the_same_result(model):
    levels = np.arange(75) * 3
    one = list(Watcher(model, _still).watch(_frames(levels)))
    assert model.asked == [[15]] * 5
    model.asked.clear()
    two = list(Watcher(model, _still).watch(_frames(levels), together=3))
    assert model.asked == [[15] * 3, [15] * 2]
    assert one == two


def test_what_the_guard_refuses_is_told_and_not_judged(model):
    def guard(frames):
        return "the camera moves" if frames.mean() > 100 else None

    frames = _frames([50] * 15 + [200] * 15 + [60] * 15)
    verdicts = list(Watcher(model, guard).watch(frames, together=3))
    assert [v.judged for v in verdicts] == [True, False, True]
    assert verdicts[1].reason == "the camera moves"
    assert verdicts[2].probabilities["bright"] == pytest.approx(60 / 255)
    assert model.asked == [[15, 15]]


def test_the_guard_is_really_asked(model):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (15, 48, 64, 3), dtype=np.uint8)
    cuts = (Frame(0.2 * n, image) for n, image in enumerate(images))
    (verdict,) = Watcher(model).watch(cuts)
    assert not verdict.judged and "cut" in verdict.reason


def test_a_video_of_one_frame_is_told_and_none_of_no_frames(model):
    (verdict,) = Watcher(model, _still).watch(_frames([9], begin=4.0))
    assert not verdict.judged and verdict.reason
    assert (verdict.start, verdict.end) == (4.0, pytest.approx(4.2))
    assert list(Watcher(model, _still).watch([])) == []
    assert model.asked == []


def test_a_short_rest_and_a_gap_make_shorter_windows(model):
    early, late = _frames([9] * 22), _frames([9] * 15, begin=60.0)
    verdicts = list(Watcher(model, _still).watch([*early, *late]))
    assert [round(v.start, 1) for v in verdicts] == [0.0, 3.0, 60.0]
    assert model.asked == [[15], [7], [15]]


def test_windows_that_were_judged_are_shown_with_their_features(model):
    shown = []

    def guard(frames):
        return "too bright" if frames.mean() > 200 else None

    def judged(window, features, verdict):
        shown.append((window.start, len(features["mean"]), verdict.label))

    frames = _frames([51] * 15 + [204] * 15 + [150] * 15)
    list(Watcher(model, guard, judged).watch(frames, together=3))
    assert shown == [(0, 15, "dark"), (pytest.approx(6.0), 15, "bright")]
