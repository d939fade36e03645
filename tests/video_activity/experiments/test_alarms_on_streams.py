"""Streams whose truth is known, and the experiment from videos to report."""

import json

import numpy as np
import pytest

from projects.video_activity.experiments import alarms_on_streams, known_streams
from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.spans import Span


@pytest.fixture(scope="module")
def decoder():
    with Decoder() as decoder:
        yield decoder


def test_to_and_fro_has_no_cut():
    assert known_streams.to_and_fro(4, 9).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert known_streams.to_and_fro(2, 5).tolist() == [0, 1, 0, 1, 0]


def _plain(level):
    rng = np.random.default_rng(level)
    noise = rng.integers(0, 9, (20, 48, 64, 3))
    return np.clip(noise + level, 0, 255).astype(np.uint8)


def test_an_event_stands_between_normal_clips_of_its_source(decoder, write_video):
    spans = [
        Span(
            write_video(f"{group}{label}{level}.mp4", _plain(level)), 0, 2, label, group
        )
        for group, label, level in (
            ("a", "fight", 200),
            ("a", "calm", 30),
            ("b", "fight", 200),  # without anything normal
            ("c", "calm", 90),
        )
    ]
    rng = np.random.default_rng(0)
    (stream,) = known_streams.join_clips(spans, "fight", decoder, rng, 3)
    frames = list(stream.frames)
    times = np.array([frame.time for frame in frames])
    bright = np.array([frame.image.mean() > 120 for frame in frames])
    assert stream.group == "a"
    assert stream.end - stream.begin == pytest.approx(known_streams.EVENT)
    assert known_streams.BEFORE <= stream.begin < known_streams.BEFORE + 3
    assert np.diff(times) == pytest.approx(0.2)
    during = (times > stream.begin - 0.1) & (times < stream.end - 0.1)
    assert (bright == during).all()


def test_of_normal_clips_those_most_alike_are_taken():
    rng = np.random.default_rng(0)
    scene, other = rng.integers(0, 255, (2, 48, 64, 3), dtype=np.uint8)
    near = (scene * 0.9).astype(np.uint8)
    clips = [np.stack([picture] * 3) for picture in (other, near, scene)]
    found = known_streams._most_alike(clips[2], clips[:2])
    assert [(clip == near).all() for clip in found] == [True, False]
    assert len(known_streams._most_alike(clips[2], clips[:1])) == 2


@pytest.fixture
def clips(write_video):
    """Return a folder of two classes, calm and wild, of four sources."""
    rng = np.random.default_rng(1)
    for source in range(4):
        ground = rng.integers(60, 120, (48, 64, 3), dtype=np.uint8)
        for label, step in (("calm", 0), ("wild", 2)):
            for number in range(2):
                images = np.repeat(ground[None], 30, axis=0)
                for place, image in enumerate(images):
                    # To and fro, slowly: a leap would be taken for a cut.
                    left = 5 + 9 * number + step * abs(place % 20 - 10)
                    image[10:30, left : left + 12] = 230
                path = write_video(f"clips/{label}/s{source}_{number}.mp4", images)
    return path.parents[1]


def test_the_experiment_from_clips_to_report(clips, tmp_path, capsys):
    arguments = ["--videos", clips, "--event", "wild", "--backbone", "motion"]
    arguments += ["--folds", "2", "--normal", clips / "calm", "--quiet"]
    arguments += ["--data-dir", tmp_path / "data", "--output", tmp_path / "found"]
    (clips / "groups.csv").write_text(
        "file,label,group\n"
        + "".join(
            f"{label}/s{n}_{k}.mp4,{label},s{n}\n"
            for n in range(4)
            for k in range(2)
            for label in ("calm", "wild")
        )
    )
    assert alarms_on_streams.main(list(map(str, arguments))) == 0
    told = capsys.readouterr().out
    assert "baseline: amount of motion" in told and "2 of 3 windows at 0.8" in told
    found = json.loads((tmp_path / "found" / "metrics.json").read_text())
    best = found["jury, 1 of 1, 0.5"]
    assert best["streams"]["events"] == 8
    assert len(best["streams"]["delays"]) >= 6
    assert best["normal"]["events"] == 0
