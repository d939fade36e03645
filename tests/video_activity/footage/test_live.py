"""Cameras: dropped rather than late, lost and found again, never waited for."""

import itertools
import threading
import time

import cv2
import numpy as np
import psutil
import pytest

from common.errors import UserError
from projects.video_activity.footage.decoder import Decoder, Limits, VideoError
from projects.video_activity.footage.live import check_source
from projects.video_activity.footage.live_capture import Lateness
from tests.video_activity.footage.stream_servers import (
    MotionJpeg,
    Rtsp,
    Silent,
    free_port,
    serve,
)

_LIMITS = Limits(silence=1.0)


@pytest.fixture
def jpegs(numbered_images):
    """Return numbered pictures as JPEG."""
    return [cv2.imencode(".jpg", image)[1].tobytes() for image in numbered_images(40)]


@pytest.fixture
def follow():
    """Return a decoder for a live source, closed after the test."""
    with Decoder(_LIMITS) as decoder:
        yield decoder


def _take(frames, count):
    return list(itertools.islice(frames, count))


def _wait_for(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def test_a_file_plays_at_its_own_pace(follow, write_video, numbered_images, numbers):
    path = write_video("a.mp4", numbered_images(20), rate=10.0)

    frames = list(follow.live(path, realtime=True))

    assert numbers(frames) == list(range(0, 20, 2))
    assert frames[-1].time - frames[0].time == pytest.approx(1.8, abs=0.2)
    assert follow.status()["connected"] is False


def test_who_is_slow_gets_the_newest(write_video, numbered_images, numbers):
    path = write_video("a.mp4", numbered_images(40), rate=10.0)
    with Decoder(Limits(lag=0.5)) as decoder:
        frames = decoder.live(path, realtime=True)
        assert numbers([next(frames)]) == [0]
        time.sleep(2.0)
        late = next(frames)

        assert numbers([late])[0] >= 12
        status = decoder.status()
        assert status["connected"] and status["dropped"] >= 5
        assert 0 <= status["behind"] <= 0.6
        assert numbers(frames)[-1] == 38


def test_a_file_that_is_none_is_refused_at_once(follow, tmp_path):
    with pytest.raises(VideoError, match="No such file"):
        follow.live(tmp_path / "none.mp4", realtime=True)


def test_a_camera_of_the_network(follow, jpegs, numbers):
    with serve(MotionJpeg, jpegs=jpegs, rate=25.0) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        frames = _take(follow.live(url), 6)
        steps = np.diff([frame.time for frame in frames])

        assert steps == pytest.approx([0.2] * 5, abs=0.15)
        assert numbers(frames)[1] > numbers(frames)[0]
        assert follow.status()["connected"]


def test_a_camera_that_goes_and_comes_back(follow, jpegs):
    port = free_port()
    frames = follow.live(f"http://127.0.0.1:{port}/", interval=0.05)
    assert follow.status()["connected"] is False
    with serve(MotionJpeg, port, jpegs=jpegs, rate=25.0):
        assert len(_take(frames, 3)) == 3
    _wait_for(lambda: not follow.status()["connected"])
    assert follow.status()["reason"]
    with serve(MotionJpeg, port, jpegs=jpegs, rate=25.0):
        before = time.monotonic()
        later = _take(frames, 30)[-1]

        assert follow.status() | {"behind": 0, "dropped": 0} == {
            "connected": True,
            "reason": "",
            "dropped": 0,
            "behind": 0,
            "reconnects": 1,
        }
        assert later.time > 0 and time.monotonic() - before < 20


def test_a_camera_that_falls_silent_is_opened_anew(follow, jpegs):
    with serve(MotionJpeg, jpegs=jpegs, rate=50.0, most=15, silent=True) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        frames = follow.live(url, interval=0.1)
        times = [frame.time for frame in _take(frames, 5)]

        assert server.visits >= 2
        assert np.diff(times).max() > 1.0  # the silence
        assert follow.status()["reconnects"] >= 1


def test_a_server_that_never_answers(follow):
    with serve(Silent) as server:
        address = f"127.0.0.1:{server.server_address[1]}"
        for protocol in ("rtsp", "http"):
            server.visits = 0
            threading.Timer(3.5, follow.close).start()
            before = time.monotonic()
            assert list(follow.live(f"{protocol}://{address}/")) == []
            assert time.monotonic() - before < 6
            assert server.visits >= 1 and not follow.status()["connected"]


def test_a_camera_over_rtsp(follow, write_video, numbered_images, numbers):
    images = [image for image in numbered_images(40) for _ in range(3)]
    path = write_video("a.ts", images, rate=25.0, codec="mp4v")
    camera = {"stream": path.read_bytes(), "seconds": 4.8}
    with serve(Rtsp, **camera) as server:
        url = f"rtsp://127.0.0.1:{server.server_address[1]}/live"
        frames = _take(follow.live(url), 8)

    assert all(b > a for a, b in itertools.pairwise(numbers(frames)))
    assert frames[0].image.shape == (48, 64, 3)


def test_a_child_that_dies_or_hangs_is_replaced(follow, jpegs):
    with serve(MotionJpeg, jpegs=jpegs, rate=25.0) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        frames = follow.live(url, interval=0.1)
        _take(frames, 2)
        first = psutil.Process(follow._live._child._process.pid)
        first.kill()
        _wait_for(lambda: follow.status()["reconnects"] == 1)
        _take(frames, 12)
        second = psutil.Process(follow._live._child._process.pid)
        second.suspend()
        _wait_for(lambda: follow.status()["reconnects"] == 2)

        assert second.pid != first.pid and not second.is_running()


def test_closing_ends_an_iteration_that_waits(follow):
    threading.Timer(0.3, follow.close).start()
    before = time.monotonic()

    assert list(follow.live(f"http://127.0.0.1:{free_port()}/")) == []
    assert time.monotonic() - before < 3


def test_another_source_ends_the_first(follow, write_video):
    path = write_video("a.mp4")
    first = follow.live(path, realtime=True)
    next(first)
    second = follow.live(path, realtime=True)

    assert next(first, None) is None and next(second) is not None


@pytest.mark.parametrize("source", ["0", 0, 3, "rtsp://x", "RTSPS://a/b", "http://h/"])
def test_sources(source):
    assert check_source(source) == (int(source) if source in ("0", 0, 3) else source)


@pytest.mark.parametrize(
    "source",
    ["file:///etc/passwd", "concat:a|b", "/dev/video0", "-1", -1, "", "rtsp://"],
)
def test_no_sources(source):
    with pytest.raises(UserError, match="Expected the number of a camera"):
        check_source(source)


def test_lateness_is_what_frames_come_later_than_at_best():
    lateness = Lateness()
    for now, stamp, late in [
        (100.0, 7.0, 0.0),
        (100.3, 7.1, 0.0),
        (100.4, 7.3, 0.0),
        (102.0, 7.4, 1.5),
        (102.1, 7.9, 1.1),
        (103.0, 7.9, 0.0),  # a stamp that stands still says nothing
        (103.1, 2.0, 0.0),
        (103.2, 2.1, 0.0),
    ]:
        lateness.update(now, stamp)
        assert lateness.seconds == pytest.approx(late, abs=0.01)
