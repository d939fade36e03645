"""The whole server, but for the model."""

import contextlib
import json
import time

from common.web.bodies import Limits
from common.web.guards import Guard
from projects.video_activity.web.api import HEADERS, make_app, upload_limits
from projects.video_activity.web.camera_socket import MESSAGE_BYTES
from projects.video_activity.web.desk import Desk
from projects.video_activity.web.tools import Bounds
from tests.live_server import request, running
from tests.video_activity.web.toy_tools import ToyTools

FILE = {"content_type": "application/octet-stream"}


@contextlib.contextmanager
def serving(folder, *, tools=None, cameras=(), token=None, **bounds):
    """Yield the port and the desk."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(tools or ToyTools(), folder, Bounds(**bounds), cameras)
    guard = Guard(
        make_app(desk),
        token=token,
        limits=Limits(per_minute=60_000, burst=10_000),
        uploads=upload_limits(desk.bounds.megabytes),
        sockets=True,
        headers=HEADERS,
    )
    with running(guard, message_bytes=MESSAGE_BYTES, before_stop=desk.close) as port:
        yield port, desk


def get(port, path, **headers):
    """Return status and JSON."""
    status, _, content = request(port, "GET", path, **headers)
    return status, json.loads(content)


def upload(port, content, name="a.mp4", **headers):
    """Return status and JSON; `name` is put into the address as it is."""
    path = f"/api/sources?name={name}"
    status, _, told = request(port, "POST", path, content, **FILE | headers)
    return status, json.loads(told)


def follow(port, source, after=0):
    """Return all that the events of a source tell, until their end."""
    path = f"/api/sources/{source}/events?after={after}"
    status, headers, content = request(port, "GET", path)
    assert status == 200 and headers["content-type"].startswith("text/event-stream")
    blocks = content.decode().strip().split("\n\n")
    assert blocks.pop() == "event: end\ndata: {}"
    lines = [dict(line.split(": ", 1) for line in b.splitlines()) for b in blocks]
    return [(int(told["id"]), json.loads(told["data"])) for told in lines]


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found
