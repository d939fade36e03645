"""The bound of saved clips: the oldest go, and nothing that is not ours."""

import json
import os

import pytest

from projects.video_activity.alarms.actions.clip import ClipAction
from projects.video_activity.alarms.actions.clip_folder import ClipFolder
from projects.video_activity.footage.frames import Frame
from tests.video_activity.alarms.made_events import make_image, make_notice


@pytest.fixture
def save(tmp_path):
    """Return what writes a clip of so many bytes, one day after the other."""

    def save(day, size=400_000, told=None, name="criminal_0123456789ab"):
        clip = tmp_path / f"2026-11-{day:02d}_22-30-05_{name}.mp4"
        clip.write_bytes(bytes(size))
        told = {"clip": {"file": clip.name}} if told is None else told
        clip.with_suffix(".json").write_text(json.dumps(told))
        os.utime(clip, (1e9 + 86_400 * day,) * 2)
        return clip

    return save


def test_the_oldest_go_until_the_bound_is_kept(tmp_path, save):
    clips = [save(day) for day in (4, 2, 1, 3)]  # in no order
    assert ClipFolder(tmp_path, 1.3).make_room(clips[0]) == 1
    assert ClipFolder(tmp_path, 1.3).make_room(clips[0]) == 0
    left = {path.name for path in tmp_path.iterdir()}
    assert len(left) == 6
    assert not any("2026-11-01" in name for name in left)


def test_the_newest_stays_however_large_it_is(tmp_path, save):
    old, new = save(1), save(2, size=5_000_000)
    assert ClipFolder(tmp_path, 1).make_room(new) == 1
    assert new.exists() and not old.exists()


def test_what_is_not_ours_is_neither_counted_nor_removed(tmp_path, save):
    others = [tmp_path / "holiday.mp4", tmp_path / "2026-11-01_22-30-05_mine_x.mp4"]
    others[1].with_suffix(".txt").write_text("without JSON it is none of ours")
    for other in others:
        other.write_bytes(bytes(3_000_000))
    (tmp_path / "2026-11-01_22-30-05_folder_1.mp4").mkdir()
    assert ClipFolder(tmp_path, 1).make_room(save(9)) == 0
    strange = [save(1, told={"clip": {"file": "other.mp4"}}), save(2, told=[])]
    assert ClipFolder(tmp_path, 1).make_room(save(9)) == 0  # more than 1 MB now
    assert all(path.exists() for path in others + strange)


def test_a_link_is_removed_and_not_what_it_points_at(tmp_path, save):
    treasure = tmp_path / "treasure"
    treasure.write_bytes(bytes(2_000_000))
    old = save(1)
    old.unlink()
    old.symlink_to(treasure)
    assert ClipFolder(tmp_path, 0.1).make_room(save(2)) == 1
    assert treasure.exists() and not old.is_symlink()


def test_the_action_says_that_it_makes_room(tmp_path, save):
    save(1, size=2_000_000)
    action, told = ClipAction(folder=tmp_path, megabytes=1.0), []
    action.tell = told.append
    action.open()
    for tenth in range(20):
        action.see(Frame(tenth / 10, make_image(tenth)))
    action.deliver(make_notice(start=1.0, end=2.0))
    assert action.close() == 1
    assert told == [f"clip: removed the oldest 1, as {tmp_path} is to hold 1 MB"]
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".json", ".mp4"]
    assert action.saved[0][1].exists()
