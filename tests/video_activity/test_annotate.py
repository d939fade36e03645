import cv2
import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.annotate import AnnotatedCopy, annotate, burn_in
from projects.video_activity.class_colors import NOT_JUDGED, choose_colors, to_rgb
from projects.video_activity.footage.frames import Frame
from projects.video_activity.verdicts import Verdict

CLASSES = ("safe", "criminal")
COLORS = choose_colors(CLASSES)
SAFE = Verdict.of(0, 3, CLASSES, [0.9, 0.1])
CRIME = Verdict.of(3, 6, CLASSES, [0.1, 0.9])
UNSEEN = Verdict.not_judged(6, 9, "the camera moves")


def _frame(time=0.0, shape=(240, 320, 3)):
    return Frame(time, np.full(shape, 180, np.uint8))


def _read(path):
    capture, frames = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), []
    rate = capture.get(cv2.CAP_PROP_FPS)
    while (found := capture.read())[0]:
        frames.append(found[1][..., ::-1])
    capture.release()
    return rate, frames


def test_the_class_is_told_by_color_and_words_below_the_picture():
    plain, safe, crime, unseen = (
        burn_in(_frame(), verdict, COLORS) for verdict in (None, SAFE, CRIME, UNSEEN)
    )
    assert safe.shape == (240, 320, 3)
    assert (safe[:200] == 180).all() and (plain[:200] == 180).all()
    marks = [tuple(map(int, image[-10, 2])) for image in (safe, crime, unseen)]
    expected = [COLORS["safe"], COLORS["criminal"], NOT_JUDGED]
    assert marks == [to_rgb(color) for color in expected]
    words = [(image[205:, 10:200] > 200).sum() for image in (plain, safe, crime)]
    assert words[0] == 0 and min(words[1:]) > 50
    assert (safe[205:, 10:250] != crime[205:, 10:250]).any()


def test_the_time_is_told_and_goes_on():
    first, later = (burn_in(_frame(t), None, COLORS) for t in (1.0, 62.5))
    assert (first[205:, 220:] > 200).any()
    assert (first[205:, 220:] != later[205:, 220:]).any()


def test_the_frame_itself_stays_as_it_is():
    frame = _frame()
    burn_in(frame, CRIME, COLORS)
    assert (frame.image == 180).all()


@pytest.mark.parametrize(
    "shape", [(9, 7, 3), (121, 161, 3), (361, 203, 3), (24, 320, 3)]
)
@pytest.mark.parametrize("verdict", [CRIME, UNSEEN])
def test_any_size_becomes_an_even_one_that_can_be_read(shape, verdict):
    image = burn_in(_frame(3600, shape), verdict, COLORS)
    assert image.shape[0] % 2 == image.shape[1] % 2 == 0
    assert image.shape[1] >= 320
    assert image.shape[0] / image.shape[1] == pytest.approx(shape[0] / shape[1], 0.02)


def test_long_names_do_not_cover_the_time():
    long = Verdict.of(0, 3, ("x" * 300,), [1.0])
    image = burn_in(_frame(), long, COLORS)
    plain = burn_in(_frame(), None, COLORS)
    np.testing.assert_array_equal(image[205:, 262:], plain[205:, 262:])


def test_names_in_other_scripts_are_written():
    bands = [
        burn_in(_frame(), Verdict.of(0, 3, (name,), [1.0]), COLORS)[205:, 15:]
        for name in ("\u53ef\u7591", "\u5b89\u5168", "??")
    ]
    assert (bands[0] != bands[1]).any() and (bands[0] != bands[2]).any()


def test_each_frame_of_a_file_gets_the_verdict_of_its_time(tmp_path):
    frames = (_frame(0.1 * n) for n in range(100))
    path = tmp_path / "copy.mp4"
    with AnnotatedCopy(path, 10.0, CLASSES) as copy:
        annotate(frames, [SAFE, CRIME, UNSEEN], copy)
        assert not path.exists()
    rate, seen = _read(path)
    assert (rate, len(seen)) == (10.0, 100)
    colors = [COLORS["safe"], COLORS["criminal"], NOT_JUDGED]
    for number, image in enumerate(seen):
        mark = image[-12:-6, 1:4].astype(float).mean((0, 1))
        if number < 90:
            assert np.abs(mark - to_rgb(colors[number // 30])).max() < 30
        else:
            assert mark.max() < 90  # nothing was said of this time


def test_a_copy_is_kept_when_a_camera_is_stopped_and_dropped_after_an_error(tmp_path):
    for name, error in (("kept", KeyboardInterrupt), ("dropped", ValueError)):
        with pytest.raises(error):
            with AnnotatedCopy(tmp_path / f"{name}.mp4", 5.0, CLASSES) as copy:
                copy.add(_frame(0), None)
                copy.add(_frame(0.2), SAFE)
                raise error
    assert [path.name for path in tmp_path.iterdir()] == ["kept.mp4"]
    assert len(_read(tmp_path / "kept.mp4")[1]) == 2


def test_without_frames_there_is_no_copy(tmp_path):
    with AnnotatedCopy(tmp_path / "none.mp4", 5.0, CLASSES):
        pass
    assert list(tmp_path.iterdir()) == []


def test_another_format_or_a_place_that_is_none_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"ends with .mp4 or .webm"):
        AnnotatedCopy(tmp_path / "copy.avi", 5.0, CLASSES)
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="Make room"):
        AnnotatedCopy(tmp_path / "file" / "copy.mp4", 5.0, CLASSES)
