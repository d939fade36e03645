"""A server in a thread of this process, and plain requests to it."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator

from common.web.serving import listen, make_server


@contextlib.contextmanager
def running(app, **options) -> Iterator[int]:
    """Serve an ASGI application; yields its port."""
    listener = listen("127.0.0.1", 0)
    server = make_server(app, **options)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        assert not thread.is_alive()


def request(
    port: int, method: str, path: str, body=None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send one request; a body that is no bytes is sent as JSON."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        names.setdefault("content-type", "application/json")
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, names)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read()
    finally:
        connection.close()


def websocket(port: int, path: str, **headers: str):
    """Open a WebSocket: a context manager with `send` and `recv`."""
    from websockets.sync.client import connect

    names = {name.replace("_", "-"): value for name, value in headers.items()}
    address = f"ws://127.0.0.1:{port}{path}"
    return connect(address, additional_headers=names, proxy=None)


def ask(port: int, path: str, body, **headers: str) -> tuple[int, dict]:
    """Post JSON and return the status and the JSON of the answer."""
    status, _, content = request(port, "POST", path, body, **headers)
    return status, json.loads(content)
