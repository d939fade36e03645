"""Uploads through the guard: bounded in bytes and time, and answered when refused."""

import socket
import time

import pytest

pytest.importorskip("fastapi")
from fastapi import FastAPI, Request  # noqa: E402

from common.web.answers import tell_errors  # noqa: E402
from common.web.bodies import UploadLimits  # noqa: E402
from common.web.guards import Guard  # noqa: E402
from tests.live_server import request, running  # noqa: E402

MOST = 300_000
VIDEO = {"content_type": "application/octet-stream"}


@pytest.fixture(scope="module")
def seen():
    return []


@pytest.fixture(scope="module")
def port(seen):
    app = FastAPI()
    tell_errors(app)

    @app.post("/files")
    async def take(request: Request):
        seen.append(0)
        async for part in request.stream():
            seen[-1] += len(part)
        return {"bytes": seen[-1]}

    limits = UploadLimits(MOST, seconds=1.0, silence=0.3)
    with running(Guard(app, uploads={"/files": limits})) as port:
        yield port


def test_what_is_small_enough_arrives(port):
    for kind in ("application/octet-stream", "video/mp4", "Video/MP4; codecs=x"):
        status, _, told = request(
            port, "POST", "/files", b"x" * MOST, content_type=kind
        )
        assert (status, told) == (200, b'{"bytes":%d}' % MOST)


def test_what_forms_of_other_sites_can_send_is_refused(port):
    forms = ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
    for kind in (*forms, "", "application/json"):
        answer = request(port, "POST", "/files", b"x" * 9, content_type=kind)
        assert answer[0] == 415
    site = {"origin": "http://evil.com"}
    assert request(port, "POST", "/files", b"x", **VIDEO, **site)[0] == 403


def test_too_much_is_told_before_anything_is_read(port, seen):
    before = len(seen)
    status, headers, told = request(port, "POST", "/files", b"x" * (MOST + 1), **VIDEO)
    assert status == 413 and str(MOST).encode() in told
    assert len(seen) == before


def test_too_much_without_a_length_is_told_in_the_middle(port):
    head = b"POST /files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    head += b"Content-Type: video/mp4\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(head)
        for _ in range(2 * MOST // 10_000):  # goes on after the refusal
            line.sendall(b"%x\r\n" % 10_000 + b"x" * 10_000 + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        assert line.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize(("step", "least", "most"), [(9.0, 0.25, 0.9), (0.2, 0.9, 2)])
def test_who_is_silent_or_slow_is_hung_up_on(port, step, least, most):
    head = b"POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    head += b"Content-Type: video/mp4\r\n\r\n"
    begun, answer = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port), timeout=step) as line:
        line.sendall(head)
        while not answer and time.monotonic() < begun + 5:
            line.sendall(b"x")
            try:
                answer = line.recv(12)
            except TimeoutError:
                continue
    assert answer == b"HTTP/1.1 408"
    assert least < time.monotonic() - begun < most + 1


def test_other_paths_take_json_only(port):
    assert request(port, "POST", "/other", b"x", **VIDEO)[0] == 415
