import time

import pytest

from projects.video_activity.live_status import LiveStatus


class Camera:
    def __init__(self):
        self.now, self.closed = None, 0

    def say(self, connected, reason="", dropped=0, behind=0.0):
        self.now = {
            "connected": connected,
            "reason": reason,
            "dropped": dropped,
            "behind": behind,
            "reconnects": 0,
        }

    def status(self):
        return self.now

    def close(self):
        self.closed += 1


@pytest.fixture
def camera():
    return Camera()


@pytest.fixture
def watch(camera):
    lines = []
    status = LiveStatus(camera, "porch", tell=lines.append)

    def look(*args, **kwargs):
        lines.clear()
        camera.say(*args, **kwargs)
        status.look()
        return list(lines)

    return look


def test_connections_are_told_once_when_they_change(watch):
    assert watch(False, "not connected yet") == []
    assert watch(True) == ["porch: connected"]
    assert watch(True) == []
    (lost,) = watch(False, "silent for 10 s")
    assert lost == "porch: lost (silent for 10 s); trying again"
    assert watch(False, "silent for 10 s") == []
    assert watch(True) == ["porch: connected again"]


def test_a_camera_that_is_not_there_is_told_at_once(watch):
    (line,) = watch(False, "connection refused")
    assert "connection refused" in line


def test_lag_and_dropped_frames_are_told_now_and_then(watch):
    assert watch(True, dropped=0, behind=0.4) == ["porch: connected"]
    (line,) = watch(True, dropped=7, behind=2.5)
    assert line == "porch: 2.5 s behind, 7 frames dropped to keep up"
    assert watch(True, dropped=9, behind=2.5) == []  # said a moment ago


def test_nothing_is_told_of_no_source(camera):
    LiveStatus(camera, "porch", tell=pytest.fail).look()


def test_time_that_is_up_ends_the_source(camera):
    camera.say(True)
    begin = time.monotonic()
    with LiveStatus(camera, "porch", seconds=0.2, tell=lambda line: None):
        while not camera.closed and time.monotonic() - begin < 10:
            time.sleep(0.02)
    assert camera.closed == 1
    assert time.monotonic() - begin >= 0.2


def test_nobody_looks_after_the_end(camera):
    camera.say(True, dropped=3, behind=0.25)
    lines = []
    with LiveStatus(camera, "porch", tell=lines.append) as status:
        pass
    (line,) = lines
    assert line == (
        "porch: ended 0.2 s behind, 3 frames dropped, connected again 0 times"
    )
    assert not status._thread.is_alive() and camera.closed == 0
