import threading

import cv2
import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.alarms.settings import read_settings
from projects.video_activity.album import Album
from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.frames import Frame
from projects.video_activity.session import Session
from projects.video_activity.timeline_report import save_timeline, sum_up
from tests.video_activity.toy_model import ToyModel

ALARMS = """
[[alarm]]
class = "bright"
on = 0.7
windows = 1
of = 1
clear_windows = 1
[action.clip]
folder = "clips"
before = 1
after = 1
"""


def _images(seconds=9):
    """Return dark images, bright ones from 3 s to 6 s, 10 a second."""
    still = np.random.default_rng(0).integers(-20, 20, (48, 64, 3))
    levels = [220 if 3 <= second < 6 else 40 for second in range(seconds)]
    return [
        np.clip(still + level, 0, 255).astype(np.uint8)
        for level in np.repeat(levels, 10)
    ]


@pytest.fixture(scope="module")
def decoder():
    with Decoder() as decoder:
        yield decoder


@pytest.fixture
def video(write_video):
    return write_video("a.mp4", _images())


def test_a_video_is_watched_from_begin_to_end(decoder, video):
    seen = []
    verdicts = list(Session(ToyModel(), decoder).watch_file(video, seen.append))
    assert [v.label for v in verdicts] == ["dark", "bright", "dark"]
    assert [v.start for v in verdicts] == pytest.approx([0, 3, 6], abs=0.11)
    assert len(seen) == 45 and isinstance(seen[0], Frame)


def test_windows_of_files_are_judged_together_unless_alarms_wait(
    decoder, video, tmp_path
):
    (tmp_path / "alarms.toml").write_text(ALARMS)
    alarms = read_settings(tmp_path / "alarms.toml")
    asked = []
    for settings in (None, alarms):
        model = ToyModel()
        list(Session(model, decoder, alarms=settings).watch_file(video))
        asked.append(model.asked)
    assert asked == [[[15, 15, 15]], [[15], [15], [15]]]


def test_an_incident_is_acted_upon_once_with_its_clip(decoder, video, tmp_path):
    (tmp_path / "alarms.toml").write_text(ALARMS)
    alarms = read_settings(tmp_path / "alarms.toml")
    session = Session(ToyModel(), decoder, alarms=alarms)
    assert len(list(session.watch_file(video))) == 3
    (clip,) = (tmp_path / "clips").glob("*.mp4")
    capture = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
    levels = []
    while (found := capture.read())[0]:
        levels.append(found[1].mean())
    # One second before, three of brightness, and three in which its end is found.
    assert sum(np.array(levels) > 150) == pytest.approx(15, abs=1)
    assert levels[0] < 80 and levels[-1] < 80
    assert len(levels) == pytest.approx(35, abs=1)


def test_broken_videos_are_named_and_left_out(decoder, video, tmp_path, capfd):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"")
    told = []
    session = Session(ToyModel(), decoder)
    found = session.watch_files([broken, video], lambda *both: told.append(both))
    assert list(found) == [video] and len(found[video]) == 3
    assert [name for name, _ in told] == [str(video)] * 3
    assert "broken.mp4" in capfd.readouterr().err
    with pytest.raises(UserError, match="none of which"):
        session.watch_files([broken, broken], lambda *both: None)
    with pytest.raises(UserError, match="empty"):
        session.watch_files([broken], lambda *both: None)


def test_a_camera_is_followed_until_it_is_enough(write_video, tmp_path, capfd):
    video = write_video("long.mp4", _images(60))
    told, copy = [], tmp_path / "copy.mp4"
    with Decoder() as decoder:
        session = Session(ToyModel(), decoder, hop=0.4)
        session.follow(
            video, "porch", lambda *both: told.append(both), seconds=5.5, output=copy
        )
    assert {name for name, _ in told} == {"porch"}
    assert 2 <= len(told) <= 8
    assert all(verdict.label == "dark" for _, verdict in told[:2])
    assert copy.exists()
    told = capfd.readouterr().err
    for line in ("counted from 20", "porch: connected", "porch: ended"):
        assert line in told
    assert threading.active_count() < 10


def test_a_copy_has_the_rate_and_the_length_of_the_video(decoder, video, tmp_path):
    session, copy = Session(ToyModel(), decoder), tmp_path / "copy.mp4"
    session.annotate(video, list(session.watch_file(video)), copy)
    capture = cv2.VideoCapture(str(copy), cv2.CAP_FFMPEG)
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(10)
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == pytest.approx(90, abs=1)


def test_one_video_is_summed_up_in_stretches_many_in_a_table(decoder, video, tmp_path):
    verdicts = list(Session(ToyModel(), decoder).watch_file(video))
    one = sum_up({video: verdicts}, ToyModel.classes).splitlines()
    assert len(one) == 4 and "bright" in one[1]
    assert one[-1] == "dark 6.0 s, bright 3.0 s"
    many = sum_up({video: verdicts, tmp_path / "b.mp4": verdicts[:1]}, ToyModel.classes)
    assert many.splitlines()[-2].split() == [str(video), "6.0", "3.0", "0.0"]
    assert many.splitlines()[-1].split()[1:] == ["3.0", "0.0", "0.0"]
    picture = tmp_path / "timeline.png"
    save_timeline(picture, verdicts, ToyModel.classes, "a", Album())
    assert picture.stat().st_size > 5000
    with pytest.raises(UserError, match="without any"):
        save_timeline(picture, [], ToyModel.classes, "a", Album())


def test_an_album_stays_small_and_covers_all():
    album = Album()
    for number in range(10_000):
        album.add(Frame(0.2 * number, np.zeros((480, 640, 3), np.uint8)))
    times = [time for time, _ in album.pictures]
    assert 30 <= len(times) <= 64
    assert times[0] == 0 and times[-1] > 1900
    assert len(set(np.round(np.diff(times), 6))) == 1
    assert album.pictures[0][1].shape == (180, 240, 3)


def test_real_clips_are_watched_and_a_hostile_one_harms_nobody(decoder, mirror, capfd):
    clips = sorted((mirror / "video" / "surv_fight").rglob("*.mp4"))[:3]
    (hostile,) = (mirror / "video" / "hostile").glob("*.avi")
    session = Session(ToyModel(), decoder)
    found = session.watch_files([hostile, *clips], lambda *both: None)
    assert set(clips) <= set(found)
    for clip in clips:
        assert found[clip][0].start == pytest.approx(0, abs=0.3)
        assert all(v.judged or v.reason for v in found[clip])
