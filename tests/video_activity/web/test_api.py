"""The calls of the page over a real connection."""

import html
import http.client
import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

pytest.importorskip("fastapi")
from projects.video_activity.web.api import HEADERS  # noqa: E402
from tests.live_server import request  # noqa: E402
from tests.video_activity.web.toy_server import (  # noqa: E402
    FILE,
    follow,
    get,
    serving,
    until,
    upload,
)
from tests.video_activity.web.toy_tools import CLASSES, ToyTools  # noqa: E402


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served") / "work") as (port, desk):
        yield port, desk


@pytest.fixture(scope="module")
def port(desk):
    return desk[0]


@pytest.fixture(scope="module")
def content(video):
    return video.read_bytes()


@pytest.fixture(scope="module")
def judged(port, content):
    status, told = upload(port, content, "porch%20evening.mp4")
    assert status == 201 and told["state"] in ("waiting", "running", "done")
    follow(port, told["id"])
    return told["id"]


def test_what_the_server_can_do(port):
    status, told = get(port, "/api/about")
    assert status == 200 and told["classes"] == list(CLASSES)
    assert (told["window"], told["alarming"]) == (3.0, ["criminal"])


def test_a_video_is_judged_and_told(port, judged):
    told = follow(port, judged)
    assert [number for number, _ in told] == list(range(1, len(told) + 1))
    said = [message for _, message in told]
    assert [m["state"] for m in said if m["kind"] == "state"] == ["running", "done"]
    verdicts = [m for m in said if m["kind"] == "verdict"]
    assert [m["label"] for m in verdicts] == ["safe"] * 2 + ["criminal"] * 2
    assert [m["start"] for m in verdicts] == [0, 3, 6, 9]
    events = [m for m in said if m["kind"] == "event"]
    assert [(m["start"], m["end"]) for m in events] == [(6.0, None), (6.0, 12.0)]
    assert follow(port, judged, after=len(told) - 1) == told[-1:]
    headers = {"last_event_id": str(len(told) - 2)}  # a browser that connects again
    again = request(port, "GET", f"/api/sources/{judged}/events", **headers)[2]
    assert again.count(b"id: ") == 2


def test_the_report_and_the_list_say_the_same(port, judged):
    status, report = get(port, f"/api/sources/{judged}")
    assert status == 200 and report["state"] == "done" and report["until"] == 12
    assert [s["label"] for s in report["stretches"]] == ["safe", "criminal"]
    assert len(report["verdicts"]) == 4 and len(report["events"]) == 1
    listed = next(s for s in get(port, "/api/sources")[1] if s["id"] == judged)
    assert listed == {name: report[name] for name in listed}
    assert listed["name"] == "porch evening.mp4" and listed["duration"] == 12


def test_pictures_of_any_time(port, judged):
    for time_, red in ((0, 20), (5.9, 20), (6.1, 200), (99, 200)):
        path = f"/api/sources/{judged}/picture?time={time_}"
        status, headers, data = request(port, "GET", path)
        assert status == 200 and headers["content-type"] == "image/jpeg"
        assert float(headers["x-time"]) <= time_
        image = cv2.imdecode(np.frombuffer(data, np.uint8), 1)
        assert abs(image[..., 2].mean() - red) < 30
    for wrong in ("-1", "x", "nan"):
        status, told = get(port, f"/api/sources/{judged}/picture?time={wrong}")
        assert status == 422 and set(told) == {"error"}


def test_the_file_and_parts_of_it(port, judged, content):
    path = f"/api/sources/{judged}/file"
    status, headers, data = request(port, "GET", path)
    assert (status, headers["content-type"], data) == (200, "video/mp4", content)
    assert headers["x-content-type-options"] == "nosniff"
    status, _, data = request(port, "GET", path, range="bytes=100-199")
    assert (status, data) == (206, content[100:200])


def test_a_video_can_be_removed(port, desk, content):
    source = upload(port, content)[1]["id"]
    path = desk[1].library.file(source)
    assert request(port, "DELETE", f"/api/sources/{source}")[0] == 200
    assert (
        not path.exists()
        and request(port, "DELETE", f"/api/sources/{source}")[0] == 404
    )
    for part in ("", "/events", "/file", "/picture", "/clips/x"):
        assert request(port, "GET", f"/api/sources/{source}{part}")[0] == 404


@pytest.mark.parametrize(
    "name",
    [
        "..%2F..%2Fetc%2Fpasswd",
        "/etc/passwd",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%25d%2502d.mp4",
        "a%00b%0Ac%1B%5B31m",
        "%F0%9F%90%89%E2%80%AE",
        "%ff%fe",
        "",
        "x" * 900,
    ],
)
def test_names_are_texts_and_no_paths(port, desk, content, name):
    status, told = upload(port, content, name)
    assert status == 201
    path = desk[1].library.file(told["id"])
    assert re.fullmatch("[0-9a-f]{32}", path.name)
    assert told["name"].isprintable() and 0 < len(told["name"]) <= 200
    assert request(port, "DELETE", f"/api/sources/{told['id']}")[0] == 200


def test_what_is_no_video_is_refused(port, desk):
    for wrong in (b"", b"text named .mp4", bytes(3_000_000)):
        status, told = upload(port, wrong, "mine.mp4")
        assert status == 415 and "mine.mp4" in told["error"]
        assert "work" not in told["error"]  # nothing of our folders
    assert upload(port, b"x", "x" * 1001)[0] == 422


def test_uploads_need_their_type_and_our_page(port, content):
    for kind in ("multipart/form-data; boundary=x", "text/plain", "application/json"):
        assert upload(port, content, content_type=kind)[0] == 415
    assert upload(port, content, origin="http://evil.com")[0] == 403
    assert upload(port, content, host="evil.com")[0] == 403
    assert upload(port, content, sec_fetch_site="cross-site")[0] == 403


def test_uploads_have_an_end(serve, content):
    with serve(megabytes=len(content) / 1e6 - 0.001) as (port, desk):
        status, told = upload(port, content)
        assert status == 413 and "at most" in told["error"]
    with serve(minutes=0.1) as (port, desk):
        assert upload(port, content)[0] == 413 and not desk.library.videos()


def test_an_upload_that_is_cut_leaves_nothing(serve, content, tmp_path):
    with serve() as (port, desk):
        for sent in (0, 1000, len(content) - 1):
            with socket.create_connection(("127.0.0.1", port)) as line:
                head = f"POST /api/sources HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                head += f"Content-Type: video/mp4\r\nContent-Length: {len(content)}"
                line.sendall(head.encode() + b"\r\n\r\n" + content[:sent])
                until(lambda: list((tmp_path / "work").iterdir()))
            until(lambda: not list((tmp_path / "work").iterdir()))
        assert desk.library.videos() == []
        assert upload(port, content)[0] == 201


def test_twenty_uploads_at_once(serve, content):
    with serve(waiting=16) as (port, desk), ThreadPoolExecutor(20) as pool:
        told = list(pool.map(lambda n: upload(port, content, f"v{n}"), range(20)))
        taken = [answer["id"] for status, answer in told if status == 201]
        assert sorted(status for status, _ in told) == [201] * 16 + [429] * 4
        for source in taken:
            kinds = [message["kind"] for _, message in follow(port, source)]
            assert kinds.count("verdict") == 4
        assert get(port, "/api/about")[0] == 200


def test_many_viewers_read_the_same(serve, content):
    with serve(tools=ToyTools(wait=0.05)) as (port, _), ThreadPoolExecutor(12) as pool:
        source = upload(port, content)[1]["id"]
        told = list(pool.map(lambda _: follow(port, source), range(12)))
        assert all(one == told[0] for one in told) and len(told[0]) > 8


def test_the_server_stops_while_it_is_followed(serve, content, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        with serve(tools=ToyTools(wait=0.3)) as (port, desk):
            source = upload(port, content)[1]["id"]
            follower = pool.submit(follow, port, source)
            until(lambda: desk.find(source).feed.readers)
            begun = time.monotonic()
        follower.result(5)
    assert time.monotonic() - begun < 4
    until(lambda: not list((tmp_path / "work").iterdir()))


def test_without_the_token_there_is_nothing(serve, content):
    token = "a-token-of-some-length"
    with serve(token=token) as (port, _):
        for path in ("/", "/api/sources", "/api/about", "/page.js", "/api/sources/x"):
            assert request(port, "GET", path)[0] == 401
        assert upload(port, content)[0] == 401
        bearer = {"authorization": f"Bearer {token}"}
        assert upload(port, content, **bearer)[0] == 201


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/description.html",
        "/../api.py",
        "/%2e%2e/api.py",
        "/..%2fapi.py",
        "/docs",
        "/openapi.json",
        "/api/sources/..%2f..%2fetc",
        "/api/sources/x/clips/..%2f..%2fetc%2fpasswd",
    ],
)
def test_only_the_files_of_the_page_are_served(port, path):
    status, told = get(port, path)
    assert status == 404 and set(told) == {"error"}


def test_the_page_names_nothing_outside(port):
    names, seen = ["/"], set()
    while names:
        name = names.pop()
        seen.add(name)
        status, headers, content = request(port, "GET", name)
        assert status == 200
        assert HEADERS.items() <= headers.items()
        text = content.decode().replace("http://www.w3.org/2000/svg", "")
        if name != "/api":
            assert not re.search(r"https?://|@import|innerHTML|outerHTML|eval\(", text)
        found = re.findall(r'(?:src|href)="(/[^"]*)"', text)
        found += [f"/{n}" for n in re.findall(r'from "\./([\w.]+)"', text)]
        names += [n for n in found if n not in seen and not n.startswith("/api/")]
    assert {"/page.js", "/elements.js", "/page.css", "/lists.css"} <= seen
    index = request(port, "GET", "/")[2].decode()
    assert "style=" not in index and not re.search(r"\son\w+=", index)


def test_the_calls_are_described_to_people_and_programs(port):
    schema = get(port, "/api/description")[1]
    calls = set(schema["paths"])
    assert {"/api/sources", "/api/sources/{source}/events"} <= calls
    page = html.unescape(request(port, "GET", "/api")[2].decode())
    for word in (*calls, "what to call the video", "WebSocket", "413", "POST"):
        assert word in page
    assert "__CALLS__" not in page and "<script" not in page


def test_other_methods_and_bodies_are_refused(port):
    assert request(port, "PUT", "/api/sources", b"x", **FILE)[0] == 405
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("DELETE", "/api/sources/x", "y" * 20_000)
    assert connection.getresponse().status == 413
    connection.close()
    assert json.loads(request(port, "POST", "/api/about", b"{}")[2])["error"]
