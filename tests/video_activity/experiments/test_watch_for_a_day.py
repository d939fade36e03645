"""A day in seconds: time goes on, memory is read, clips keep within their bound."""

import json

import numpy as np
import psutil
import pytest

from common.errors import UserError
from projects.video_activity.experiments import watch_for_a_day
from projects.video_activity.experiments.day_report import (
    Reading,
    Readings,
    make_report,
)
from projects.video_activity.experiments.looping_camera import (
    LoopingCamera,
    resident_megabytes,
)
from projects.video_activity.footage.decoder import Decoder


def test_time_goes_on_where_the_video_begins_again(write_video, numbered_images):
    video = write_video("a.mp4", numbered_images(20))  # 2 s
    with Decoder() as decoder:
        camera = LoopingCamera(decoder, video, 5.0)
        times = [frame.time for frame in camera.live(0, interval=0.2, realtime=False)]
        assert times == pytest.approx(np.arange(25) * 0.2, abs=0.11)
        assert np.diff(times).min() > 0
        camera.close()
        assert list(camera.live(0, interval=0.2, realtime=False)) == []


def test_memory_is_that_of_the_system():
    own, _ = resident_megabytes()
    assert own == pytest.approx(psutil.Process().memory_info().rss / 1e6, rel=0.2)


def test_some_seconds_of_a_day(run_dir, write_video, tmp_path, capsys):
    arguments = ["--run-dir", run_dir, "--event", "moving", "--hours", "0.02"]
    arguments += ["--video", write_video("a.mp4"), "--readings", "3", "--quiet"]
    arguments += ["--output", tmp_path / "found", "--threshold", "0.01"]
    assert watch_for_a_day.main(list(map(str, arguments))) == 0
    readings = json.loads((tmp_path / "found/metrics.json").read_text())["readings"]
    assert [round(reading["hours"] * 3600) for reading in readings] == [24, 48, 72]
    assert readings[-1]["verdicts"] == 24
    assert "Resident memory" in capsys.readouterr().out


def test_a_day_that_is_ended_early_has_its_report(
    run_dir, write_video, tmp_path, monkeypatch, capsys
):
    take = Readings.take

    def stop_at_ten(readings, verdict):
        take(readings, verdict)
        if verdict.end > 29:
            raise KeyboardInterrupt

    monkeypatch.setattr(Readings, "take", stop_at_ten)
    arguments = ["--run-dir", run_dir, "--event", "moving", "--output", tmp_path / "o"]
    arguments += ["--video", write_video("a.mp4"), "--readings", "1000", "--quiet"]
    assert watch_for_a_day.main(list(map(str, arguments))) == 0
    readings = json.loads((tmp_path / "o/metrics.json").read_text())["readings"]
    assert readings[-1]["verdicts"] == 10
    assert "watched so far" in capsys.readouterr().err


def test_a_class_that_there_is_not(run_dir):
    with pytest.raises(UserError, match=r"out of moving, still. Received: fire"):
        watch_for_a_day.main(["--run-dir", str(run_dir), "--event", "fire"])


def test_what_is_warmed_up_is_not_growth():
    rows = [
        Reading(h, 100 * h, 300 + g, 50, 0, 0.0)
        for h, g in zip(range(1, 7), (0, 9, 9, 9, 9, 12), strict=True)
    ]
    assert "309" not in make_report(rows, "").verdict
    assert "from 359 to 362 MB (+3)" in make_report(rows, "").verdict
