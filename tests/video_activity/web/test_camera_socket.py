"""A browser's camera: pictures go in, verdicts come out."""

import contextlib
import json
import threading
import time

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("websockets")
from websockets.exceptions import ConnectionClosed, InvalidStatus  # noqa: E402

from projects.video_activity.web.frame_store import encode_jpeg  # noqa: E402
from tests.live_server import request, websocket  # noqa: E402
from tests.video_activity.web.toy_server import get, serving, until  # noqa: E402
from tests.video_activity.web.toy_tools import (  # noqa: E402
    GREEN,
    RED,
    ToyTools,
    ToyWatcher,
    picture,
)

PATH = "/api/camera"


class FastTools(ToyTools):
    """Takes 100 pictures a second, so that tests need not wait."""

    interval = 0.01


@pytest.fixture
def served(tmp_path):
    with serving(tmp_path / "work", tools=FastTools(), browsers=2) as (port, desk):
        yield port, desk


def show(line, color, count, pause=0.012):
    for number in range(count):
        line.send(encode_jpeg(picture(color, number)))
        time.sleep(pause)


def hear(line, kind, timeout=10):
    while (told := json.loads(line.recv(timeout=timeout)))["kind"] != kind:
        pass
    return told


def test_a_camera_is_judged_while_it_sends(served):
    port, desk = served
    with websocket(port, PATH, origin=f"http://127.0.0.1:{port}") as line:
        source = hear(line, "begin")["id"]
        show(line, GREEN, 20)
        first = hear(line, "verdict")
        assert first["label"] == "safe" and sum(first["probabilities"].values()) > 0.99
        show(line, RED, 40)
        while hear(line, "verdict")["label"] != "criminal":
            pass
        assert hear(line, "event")["label"] == "criminal"
        report = get(port, f"/api/sources/{source}")[1]
        assert report["kind"] == "browser" and report["state"] == "running"
        assert get(port, "/api/sources")[1] == []  # it is the visitor's alone
        path = f"/api/sources/{source}/picture"
        assert request(port, "GET", path)[1]["content-type"] == "image/jpeg"
        assert request(port, "DELETE", f"/api/sources/{source}")[0] == 404  # goes on
    until(lambda: get(port, f"/api/sources/{source}")[1]["state"] == "stopped")
    assert request(port, "DELETE", f"/api/sources/{source}")[0] == 200
    assert desk.find(source) is None


def test_there_are_not_too_many_cameras(served):
    port, _ = served
    with websocket(port, PATH) as a, websocket(port, PATH) as b:
        hear(a, "begin"), hear(b, "begin")
        with websocket(port, PATH) as third:
            with pytest.raises(ConnectionClosed, match="Too many cameras"):
                third.recv(timeout=5)
    until(lambda: is_let_in(port))


def is_let_in(port):
    with websocket(port, PATH) as line:
        try:
            return json.loads(line.recv(timeout=5))["kind"] == "begin"
        except ConnectionClosed:
            return False


def test_other_sites_are_not_let_in(served):
    for wrong in ({"origin": "http://evil.com"}, {"origin": "null"}):
        with pytest.raises(InvalidStatus, match="403"):
            enter(served[0], PATH, **wrong)
    with pytest.raises(InvalidStatus, match="403"):
        enter(served[0], "/api/other")


def enter(port, path, **headers):
    with websocket(port, path, **headers):
        pass


@pytest.mark.parametrize("wrong", [b"", b"no picture", b"\xff\xd8" + b"\xff" * 999])
def test_what_is_no_picture_is_passed_over_and_too_much_of_it_ends_it(served, wrong):
    with websocket(served[0], PATH) as line:
        hear(line, "begin")
        for _ in range(5):
            line.send(wrong)
            time.sleep(0.012)
        show(line, GREEN, 30)
        assert hear(line, "verdict")["label"] == "safe"
        with pytest.raises(ConnectionClosed, match="baseline JPEG"):
            for _ in range(300):
                line.send(wrong)
                time.sleep(0.012)
            line.recv(timeout=0)


def test_text_and_too_large_messages_end_it(served):
    with websocket(served[0], PATH) as line:
        hear(line, "begin")
        line.send("hello")
        with pytest.raises(ConnectionClosed):
            hear(line, "verdict")
    with websocket(served[0], PATH) as line:
        hear(line, "begin")
        line.send(bytes(1_000_001))
        with pytest.raises(ConnectionClosed, match="1009"):
            hear(line, "verdict")


def test_more_pictures_than_are_wanted_are_passed_over(tmp_path):
    gate = threading.Event()

    class Slow(ToyWatcher):
        def watch(self, frames, hop_seconds, *, together=1):
            for frame in frames:
                seen.append(frame.time)
                gate.wait(10)
            yield from ()

    seen, tools = [], ToyTools()
    tools.watcher = Slow
    with serving(tmp_path / "work", tools=tools) as (port, desk):
        with websocket(port, PATH) as line:
            visitor = until(lambda: desk.visitors._here)[0]
            show(line, GREEN, 60, pause=0.02)
            until(lambda: visitor.dropped > 40)
            assert len(seen) == 1  # the rest did not pile up
            gate.set()
            until(lambda: len(seen) > 1)
            assert seen[1] > 0.9  # the newest came next


def test_the_server_stops_while_cameras_send(tmp_path):
    with contextlib.ExitStack() as opened:
        with serving(tmp_path / "work") as (port, _):
            line = opened.enter_context(websocket(port, PATH))
            hear(line, "begin")
            show(line, GREEN, 3)
            begun = time.monotonic()
        assert time.monotonic() - begun < 4
        with pytest.raises(ConnectionClosed):
            hear(line, "verdict")


def test_a_corrupt_picture_among_good_ones_does_no_harm(served):
    good = encode_jpeg(picture(GREEN, 0, (320, 240)))
    with websocket(served[0], PATH) as line:
        hear(line, "begin")
        for cut in range(30, len(good), max(1, len(good) // 40)):
            for data in (good[:cut] + bytes(50), good):
                line.send(data)
                time.sleep(0.012)
        assert hear(line, "verdict")["label"] in ("safe", "suspicious", "criminal")
