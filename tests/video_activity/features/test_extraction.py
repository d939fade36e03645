import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.features import extraction, span_reader
from projects.video_activity.features.extraction import extract
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.streams import Extractor
from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.spans import Span

MOTION = FeatureSettings(backbone="motion")


@pytest.fixture
def never_read(monkeypatch):
    """Return a function after which nothing may be decoded."""

    def forbid():
        def refuse(*args, **kwargs):
            raise AssertionError("a video was read")

        monkeypatch.setattr(span_reader.SpanReader, "read", refuse)

    return forbid


def _same(one, other):
    assert one.features.keys() == other.features.keys()
    for name, values in one.features.items():
        assert np.allclose(values, other.features[name], atol=1e-2)
    for name in ("lengths", "labels", "groups", "paths", "starts"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert one.skipped == other.skipped


def test_videos_become_clips(spans, tmp_path):
    clips = extract(spans, MOTION, tmp_path / "cache", quiet=True)
    # 20 frames each of 4 s: a clip of 15 and the last 5; 8 frames of 1.6 s
    assert clips.lengths.tolist() == [15, 5, 15, 5, 8]
    assert clips.classes == ("a", "b") and clips.labels.tolist() == [0, 0, 1, 1, 1]
    assert clips.groups.tolist() == ["x", "x", "y", "y", "y"]
    assert clips.starts == pytest.approx([0, 3, 0, 3, 0], abs=0.01)
    assert clips.paths.tolist()[-1] == str(spans[2].path)
    assert clips.features["motion"].shape == (5, 15, 76)
    assert not clips.features["motion"][~clips.mask].any()
    assert len(clips.skipped) == 1 and str(spans[3].path) in clips.skipped[0]


def test_features_are_those_of_the_windows(spans, tmp_path):
    clips = extract(spans[1:2], MOTION, tmp_path / "cache", quiet=True)
    with Decoder() as decoder:
        frames = np.stack([frame.image for frame in decoder.frames(spans[1].path)])
    expected = Extractor(MOTION)([frames[:15], frames[15:]])
    found = clips.features["motion"]
    assert np.allclose(found[0], expected[0]["motion"], rtol=2e-3, atol=2e-3)
    assert np.allclose(found[1, :5], expected[1]["motion"], rtol=2e-3, atol=2e-3)


def test_a_labeled_stretch_is_read_from_its_start_to_its_end(spans, tmp_path):
    part = dataclasses.replace(spans[0], start=1.0, end=2.4)
    clips = extract([part], MOTION, tmp_path / "cache", quiet=True)
    assert clips.lengths.tolist() == [7] and clips.starts.tolist() == [1.0]


def test_what_is_in_the_cache_is_not_made_again(spans, tmp_path, never_read):
    good = spans[:3]
    first = extract(good, MOTION, tmp_path / "cache", quiet=True)
    never_read()
    _same(extract(good, MOTION, tmp_path / "cache", quiet=True), first)
    moved = tmp_path / "renamed.mp4"
    shutil.copy(good[0].path, moved)
    renamed = dataclasses.replace(good[0], path=moved)
    again = extract([renamed, *good[1:]], MOTION, tmp_path / "cache", quiet=True)
    assert np.array_equal(again.features["motion"], first.features["motion"])
    with pytest.raises(AssertionError, match="a video was read"):
        other = dataclasses.replace(MOTION, hop=5)
        extract(good, other, tmp_path / "cache", quiet=True)


def test_overlapping_clips(spans, tmp_path):
    settings = dataclasses.replace(MOTION, num_frames=10, hop=5)
    clips = extract(spans[:1], settings, tmp_path / "cache", quiet=True)
    assert clips.lengths.tolist()[:3] == [10, 10, 10]
    assert clips.starts[:3] == pytest.approx([0, 1, 2], abs=0.01)


def test_copies_are_read_once(spans, tmp_path, monkeypatch):
    copy = tmp_path / "copy.mp4"
    shutil.copy(spans[0].path, copy)
    read = []
    original = span_reader.SpanReader.read

    def count(self, span, key, tell=None):
        read.append(span)
        return original(self, span, key)

    monkeypatch.setattr(span_reader.SpanReader, "read", count)
    both = [spans[0], dataclasses.replace(spans[0], path=copy)]
    clips = extract(both, MOTION, tmp_path / "cache", quiet=True)
    assert len(read) == 1 and len(clips) == 4


def test_a_class_without_a_usable_video_is_told(spans, tmp_path):
    lost = [spans[0], spans[3]]
    with pytest.raises(UserError, match=r"none of b can be used \(1 tried\).*broken"):
        extract(lost, MOTION, tmp_path / "cache", quiet=True)
    gone = Span(tmp_path / "gone.mp4", 0.0, None, "a", "a")
    with pytest.raises(UserError, match="none of a.*gone.mp4: No such file"):
        extract([gone], MOTION, tmp_path / "cache", quiet=True)


def test_a_video_of_one_frame_is_left_out(spans, write_video, walking_images, tmp_path):
    one = Span(write_video("one.avi", walking_images(1)), 0.0, None, "a", "a")
    clips = extract([*spans[:2], one], MOTION, tmp_path / "cache", quiet=True)
    assert len(clips) == 4
    assert "one.avi" in clips.skipped[0] and "no two frames" in clips.skipped[0]


def test_progress_is_told(spans, tmp_path, capsys):
    extract(spans, MOTION, tmp_path / "cache")
    assert "features: 48 frames in " in capsys.readouterr().err


def test_a_full_disk_is_an_error_of_the_system(spans, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(extraction.FeatureCache, "save", full)
    with pytest.raises(OSError, match="No space"):
        extract(spans, MOTION, tmp_path / "cache", quiet=True)


PROGRAM = """
import sys
from pathlib import Path
from projects.video_activity.features.extraction import extract
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.footage.spans import read_folder
folder, cache = map(Path, sys.argv[1:])
extract(read_folder(folder), FeatureSettings(backbone="motion"), cache, quiet=True)
"""


def test_a_killed_extraction_goes_on_where_it_was(
    write_video, walking_images, tmp_path
):
    for number in range(12):
        images = walking_images(80, speed=1 + number / 4)
        write_video(f"videos/{'ab'[number % 2]}/{number}.avi", images)
    arguments = [str(tmp_path / "videos"), str(tmp_path / "cache")]
    command = [sys.executable, "-c", PROGRAM, *arguments]
    process = subprocess.Popen(command)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if len(list(tmp_path.glob("cache/*/*.npz"))) >= 3:
            break
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    kept = {path: os.stat(path).st_mtime_ns for path in tmp_path.glob("cache/*/*.npz")}
    assert 3 <= len(kept) < 12
    assert subprocess.run(command, timeout=120).returncode == 0
    assert len(list(tmp_path.glob("cache/*/*.npz"))) == 12
    assert all(os.stat(path).st_mtime_ns == time for path, time in kept.items())
