"""Cameras of the server, followed by many."""

import pytest

pytest.importorskip("fastapi")
from tests.live_server import request  # noqa: E402
from tests.video_activity.web.toy_server import get, serving, until  # noqa: E402
from tests.video_activity.web.toy_tools import ToyTools  # noqa: E402

SECRET = "rtsp://secret@nowhere"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    tools, cameras = ToyTools(), [("Porch", 0), ("<b>Gate</b>", SECRET)]
    folder = tmp_path_factory.mktemp("cameras") / "work"
    with serving(folder, tools=tools, cameras=cameras, live_minutes=1) as (port, _):
        yield port, tools


def test_a_camera_is_watched_without_anybody_looking(served):
    port, tools = served
    porch = get(port, "/api/sources")[1][0]["id"]
    report = until(lambda: (r := get(port, f"/api/sources/{porch}")[1])["events"] and r)
    assert report["kind"] == "camera" and report["state"] == "running"
    assert report["duration"] is None and report["name"] == "Porch"
    camera = until(lambda: get(port, f"/api/sources/{porch}")[1].get("camera"))
    assert camera["connected"] and camera["behind"] == 0.0
    assert tools.made[0].act and tools.made[0].seen > 15
    newest = request(port, "GET", f"/api/sources/{porch}/picture")
    assert newest[0] == 200 and float(newest[1]["x-time"]) > 3
    for path in ("file", "clips/x"):
        assert request(port, "GET", f"/api/sources/{porch}/{path}")[0] == 404
    assert request(port, "DELETE", f"/api/sources/{porch}")[0] == 404


def test_what_is_wrong_with_a_camera_is_told_without_its_address(served):
    def failed():
        source = get(served[0], "/api/sources")[1][1]
        return source["state"] == "failed" and source

    source = until(failed)
    assert source["error"] == "Expected a camera. Received: <b>Gate</b>."
    report = get(served[0], f"/api/sources/{source['id']}")[1]
    assert "secret" not in str(report)
