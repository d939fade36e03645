"""The server before silent clients, taken ports and answers without an end."""

import asyncio
import socket
import threading
import time

import pytest

from common.errors import UserError

pytest.importorskip("uvicorn")
pytest.importorskip("websockets")
from websockets.exceptions import ConnectionClosed  # noqa: E402

from common.web import serving  # noqa: E402
from common.web.guards import Guard  # noqa: E402
from tests.live_server import request, running, websocket  # noqa: E402


async def echo(scope, receive, send):
    """Answer with the body, or give back what comes through a WebSocket."""
    if scope["type"] == "http":
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "bytes": message["bytes"]})


def test_who_connects_and_says_nothing_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(serving, "_SILENT_SECONDS", 0.2)
    with running(Guard(echo)) as port:
        for said in (b"", b"GET / HTTP/1.1\r\nHost: loc"):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as silent:
                silent.sendall(said)
                assert silent.recv(1) == b""
        half = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        half += b"Content-Type: application/json\r\n\r\n{"
        with socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
            slow.sendall(half)
            time.sleep(0.4)  # the guard waits for bodies, longer than this
            slow.sendall(b"    ")
            assert slow.recv(12) == b"HTTP/1.1 200"


def test_a_web_socket_may_be_silent_and_its_messages_have_an_end(monkeypatch):
    monkeypatch.setattr(serving, "_SILENT_SECONDS", 0.2)
    with running(Guard(echo, sockets=True), message_bytes=1000) as port:
        with websocket(port, "/") as line:
            time.sleep(0.4)
            line.send(b"x" * 1000)
            assert line.recv(timeout=5) == b"x" * 1000
            line.send(b"x" * 1001)
            with pytest.raises(ConnectionClosed, match="1009"):
                line.recv(timeout=5)


def test_answers_without_an_end_are_ended_before_the_stop():
    stopping, told = threading.Event(), []

    async def endless(scope, receive, send):
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not stopping.is_set():
            part = {"type": "http.response.body", "body": b".", "more_body": True}
            await send(part)
            await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b"end"})

    with running(endless, before_stop=stopping.set) as port:
        reader = threading.Thread(
            target=lambda: told.append(request(port, "GET", "/")[2])
        )
        reader.start()
        time.sleep(0.2)
        begun = time.monotonic()
    reader.join(5)
    assert told[0].endswith(b"end")
    assert time.monotonic() - begun < serving._STOP_SECONDS


def test_no_port_is_listened_to_twice():
    with serving.listen("127.0.0.1", 0) as taken:
        with pytest.raises(UserError, match="--port"):
            serving.listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(UserError, match="a host of this machine"):
        serving.listen("nowhere.invalid", 0)


def test_a_missing_package_is_named_with_its_extra():
    serving.need_packages("serve", "json")
    with pytest.raises(UserError, match=r"no_such_thing.*\[serve\]"):
        serving.need_packages("serve", "json", "no_such_thing")
