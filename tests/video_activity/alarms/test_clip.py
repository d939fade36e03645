import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from projects.video_activity.alarms.actions.action import GivenUpError
from projects.video_activity.alarms.actions.clip import ClipAction
from projects.video_activity.footage.frames import Frame
from tests.video_activity.alarms.made_events import make_image, make_notice


@pytest.fixture
def clip(tmp_path):
    action = ClipAction(folder=tmp_path / "clips", before=2.0, after=1.0, longest=60)
    action.open()
    return action


def show(action, times):
    """Show frames that tell the tenths of seconds by their brightness."""
    finished = 0
    for time in times:
        finished += action.see(Frame(time, make_image(round(time * 5))))
    return finished


def steps(begin, end):
    return [k / 5 for k in range(round(begin * 5), round(end * 5))]


def read(path):
    """Return the mean brightness of each frame, and the rate."""
    video = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    means = []
    while (read := video.read())[0]:
        means.append(read[1].mean())
    rate = video.get(cv2.CAP_PROP_FPS)
    video.release()
    return means, rate


def expected(times):
    return [float(make_image(round(time * 5)).mean()) for time in times]


def files(action):
    return sorted(path.name for path in action.folder.iterdir())


def test_the_video_around_an_incident_is_saved(clip):
    show(clip, steps(0, 12))
    assert clip.deliver(make_notice(start=9.0, end=12.0)) == 0
    assert show(clip, steps(12, 15)) == 0
    assert clip.deliver(make_notice("end", start=9.0, end=15.0)) == 0
    assert show(clip, steps(15, 20)) == 1
    name = "2026-11-21_22-30-05_criminal_0123456789ab"
    assert files(clip) == [f"{name}.json", f"{name}.mp4"]
    means, rate = read(clip.folder / f"{name}.mp4")
    wanted = [k / 5 for k in range(35, 81)]  # 7.0 s to 16.0 s, both included
    assert rate == 5.0
    assert means == pytest.approx(expected(wanted), abs=7)
    assert list(clip.saved) == [("0123456789ab", clip.folder / f"{name}.mp4")]
    told = json.loads((clip.folder / f"{name}.json").read_text())
    assert told["clip"] == {
        "file": f"{name}.mp4",
        "start": 7.0,
        "end": 16.0,
        "frames": 46,
        "rate": 5.0,
    }
    assert told["begin"] == make_notice(start=9.0, end=12.0).to_dict()
    assert told["end"]["end"] == 15.0


def test_an_end_that_is_told_late_ends_the_clip_at_once(clip):
    show(clip, steps(0, 12))
    clip.deliver(make_notice(start=3.0, end=6.0))
    assert clip.deliver(make_notice("end", start=3.0, end=6.0)) == 1
    means, _ = read(clip.saved[0][1])
    assert len(means) == len(steps(1, 12))


def test_frames_that_were_dropped_keep_their_time(clip):
    show(clip, steps(0, 4) + steps(6, 8))
    clip.deliver(make_notice(start=2.0, end=5.0))
    assert clip.close() == 1
    means, _ = read(clip.saved[0][1])
    held = [3.8] * 10  # while nothing came
    assert means == pytest.approx(expected(steps(0, 4) + held + steps(6, 8)), abs=7)


def test_an_absence_is_left_out(clip):
    show(clip, steps(0, 4))
    clip.deliver(make_notice(start=2.0, end=5.0))
    show(clip, steps(1000, 1002))
    assert clip.close() == 1
    means, _ = read(clip.saved[0][1])
    assert means == pytest.approx(expected(steps(0, 4) + steps(1000, 1002)), abs=7)


def test_a_clip_has_a_greatest_length(clip):
    clip.longest = 3.0
    show(clip, steps(0, 2))
    clip.deliver(make_notice(start=2.0, end=5.0))
    assert show(clip, steps(2, 20)) == 1
    assert len(read(clip.saved[0][1])[0]) == 15
    assert clip.deliver(make_notice("end", start=2.0, end=20.0)) == 0


def test_the_rate_is_that_of_the_frames(clip):
    show(clip, [k / 2 for k in range(9)])
    clip.deliver(make_notice(start=2.0, end=4.0))
    clip.close()
    assert read(clip.saved[0][1]) == (
        pytest.approx(expected([k / 2 for k in range(9)]), abs=7),
        2.0,
    )


def test_two_incidents_at_once_make_two_clips(clip):
    show(clip, steps(0, 4))
    clip.deliver(make_notice(start=2.0, end=4.0, id="one"))
    clip.deliver(make_notice(label="suspicious", start=3.0, end=4.0, id="two"))
    assert clip.deliver(make_notice("end", start=2.0, end=2.5, id="one")) == 1
    show(clip, steps(4, 5))
    assert clip.close() == 1
    assert [len(read(path)[0]) for _, path in clip.saved] == [20, 20]


def test_another_file_ends_the_clips_of_the_one_before(clip):
    show(clip, steps(0, 4))
    clip.deliver(make_notice(start=2.0, end=4.0))
    assert show(clip, steps(0, 2)) == 1
    clip.deliver(make_notice(start=1.0, end=2.0, id="other"))
    clip.close()
    assert [len(read(path)[0]) for _, path in clip.saved] == [20, 10]


def test_when_no_more_frames_come_the_clip_is_saved(clip):
    show(clip, steps(0, 4))
    clip.deliver(make_notice(start=2.0, end=4.0))
    assert clip.rest() == 1
    assert clip.rest() == 0


def test_memory_is_bounded(clip):
    show(clip, steps(0, 200))
    assert len(clip._recent) == pytest.approx((2 + 30) * 5, abs=1)
    assert sum(picture.nbytes for _, picture in clip._recent) < 300_000


def test_frames_of_another_size_are_made_alike(clip):
    show(clip, steps(0, 2))
    clip.deliver(make_notice(start=1.0, end=2.0))
    clip.see(Frame(2.0, make_image(3, 120, 90)))
    assert clip.close() == 1
    assert len(read(clip.saved[0][1])[0]) == 11


def test_colors_stay(clip):
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 0] = 200
    for time in steps(0, 2):
        clip.see(Frame(time, red))
    clip.deliver(make_notice(start=1.0, end=2.0))
    clip.close()
    video = cv2.VideoCapture(str(clip.saved[0][1]))
    _, frame = video.read()
    video.release()
    assert frame[24, 32] == pytest.approx([0, 0, 200], abs=12)  # blue, green, red


@pytest.mark.parametrize("label", ["../../etc/x", "a/b\\c", "täter %d", "\x1b[31m", ""])
def test_no_class_becomes_a_path(clip, label):
    show(clip, steps(0, 2))
    clip.deliver(make_notice(label=label, start=1.0, end=2.0))
    clip.close()
    (path,) = {path for _, path in clip.saved}
    assert path.parent == clip.folder
    assert path.is_file()
    assert not set(path.name) & set("/\\%\x1b[ ")


def test_clips_for_browsers(clip):
    clip = replace(clip, format="webm")
    clip.open()
    show(clip, steps(0, 2))
    clip.deliver(make_notice(start=1.0, end=2.0))
    assert clip.close() == 1
    path = clip.saved[0][1]
    assert path.suffix == ".webm"
    assert path.read_bytes()[:4] == b"\x1a\x45\xdf\xa3"
    assert len(read(path)[0]) == 10


def test_without_frames_there_is_no_clip(clip):
    clip.deliver(make_notice())
    with pytest.raises(GivenUpError, match="no frames were there"):
        clip.close()
    assert files(clip) == []


def test_a_folder_that_cannot_be_made(clip):
    clip.folder.write_text("I am a file")
    show(clip, steps(0, 2))
    with pytest.raises(GivenUpError, match="File exists"):
        clip.deliver(make_notice(start=1.0, end=2.0))
    assert show(clip, steps(2, 4)) == 0  # and on it goes


def test_a_full_disk_is_seen_before_the_first_frame(clip, monkeypatch):
    import shutil

    usage = shutil.disk_usage(clip.folder.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(GivenUpError, match="is full"):
        clip.deliver(make_notice())
    assert files(clip) == []
