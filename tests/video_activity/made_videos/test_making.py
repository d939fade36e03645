import csv
import hashlib

import cv2
import numpy as np
import pytest

from projects.video_activity.made_videos.making import (
    CLASSES,
    make_changing_video,
    make_videos,
)

GROUPS = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return folder, list(make_videos(folder, GROUPS, seed=4))


def _read(path):
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    rate, frames = capture.get(cv2.CAP_PROP_FPS), []
    while (found := capture.read())[0]:
        frames.append(cv2.cvtColor(found[1], cv2.COLOR_BGR2RGB))
    capture.release()
    return rate, np.stack(frames)


@pytest.fixture(scope="module")
def read(made):
    return {(video.group, video.label): _read(video.path) for video in made[1]}


def test_each_class_has_its_folder_and_each_video_its_group(made):
    folder, videos = made
    rows = list(csv.DictReader((folder / "groups.csv").read_text().splitlines()))
    assert len(rows) == len(videos) == GROUPS * len(CLASSES)
    for row, video in zip(rows, videos, strict=True):
        assert folder / row["file"] == video.path
        assert video.path.parent.name == row["label"] == video.label
        assert row["group"] == video.group
    assert len({row["group"] for row in rows}) == GROUPS


def test_videos_of_a_group_differ_in_nothing_but_what_is_done(read):
    for group in {group for group, _ in read}:
        rates, frames = zip(*(read[group, label] for label in CLASSES), strict=True)
        assert len(set(rates)) == 1
        assert len({part.shape for part in frames}) == 1
        empty = [np.median(part, axis=0) for part in frames]
        for other in empty[1:]:  # the place and its light
            change = np.abs(empty[0] - other)
            assert np.median(change) <= 2
            assert (change.mean(-1) > 12).mean() < 0.15
        assert np.abs(frames[0].astype(int) - frames[2]).max() > 60


def test_groups_differ_in_place_light_and_camera(read):
    firsts = [read[f"scene-{n:02d}", "safe"] for n in range(GROUPS)]
    assert len({(rate, frames.shape) for rate, frames in firsts}) == GROUPS
    colors = [frames.mean((0, 1, 2)) for _, frames in firsts]
    assert np.abs(colors[0] - colors[1]).max() > 5


def test_videos_are_as_long_as_told_and_something_moves(read):
    for rate, frames in read.values():
        assert 7.8 <= len(frames) / rate <= 11.2
        small = frames[:: round(rate / 5), ::4, ::4].astype(int)
        assert np.abs(np.diff(small, axis=0)).max((1, 2, 3)).min() > 10


def test_the_same_seed_makes_the_same_video_another_one_another(made, tmp_path):
    def digests(folder, seed):
        videos = make_videos(folder, 1, seed)
        return [hashlib.sha256(v.path.read_bytes()).hexdigest() for v in videos]

    first = [
        hashlib.sha256(video.path.read_bytes()).hexdigest() for video in made[1][:3]
    ]
    assert digests(tmp_path / "a", 4) == first
    assert not set(digests(tmp_path / "b", 5)) & set(first)


def test_a_stopped_run_goes_on_with_what_is_missing(made, tmp_path):
    videos = make_videos(tmp_path, 1, seed=4)
    kept = next(videos).path
    videos.close()
    assert not (tmp_path / "groups.csv").exists()
    kept.write_bytes(b"not made again")
    assert len(list(make_videos(tmp_path, 1, seed=4))) == 3
    assert kept.read_bytes() == b"not made again"
    assert (tmp_path / "groups.csv").exists()


def test_the_changing_video_changes_when_it_should(tmp_path):
    seen = {}
    for label in ("safe", "criminal"):
        path = tmp_path / f"{label}.mp4"
        make_changing_video(path, seconds=6.0, change=3.0, labels=("safe", label))
        rate, seen[label] = _read(path)
    assert len(seen["safe"]) == len(seen["criminal"]) == 6 * rate
    differ = np.abs(seen["safe"].astype(int) - seen["criminal"]).max((1, 2, 3)) > 60
    begin = int(differ.argmax()) / rate
    assert 3.0 <= begin < 3.5
    assert differ[int(3.5 * rate) :].all()


def test_nobody_jumps_at_the_change(tmp_path):
    path = tmp_path / "change.mp4"
    make_changing_video(path, seconds=4.0, change=3.0)
    rate, frames = _read(path)
    steps = np.abs(np.diff(frames[:, ::2, ::2].astype(np.float32), axis=0)).mean(-1)
    moving = (steps > 25).mean((1, 2))
    change = int(3 * rate) - 1
    assert moving[change] < 2 * moving[:change].max()
