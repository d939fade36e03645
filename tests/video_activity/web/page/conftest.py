"""The page in a real browser, with tools that need no model."""

import pytest

from tests.browser import Browser
from tests.video_activity.web.page.steps import open_page
from tests.video_activity.web.toy_tools import BLUE, GREEN, RED, YELLOW, toy_video

FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    pytest.importorskip("fastapi")
    pytest.importorskip("websockets")
    from tests.video_activity.web.toy_server import serving

    folder = tmp_path_factory.mktemp("page") / "work"
    with serving(folder, cameras=[("Porch", 0)], megabytes=5) as (port, _):
        yield port


@pytest.fixture(scope="module")
def chromium(chromium_program, tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")
    with Browser(chromium_program, profile, (1200, 900), FLAGS) as browser:
        browser.send("DOM.enable")
        yield browser


@pytest.fixture
def page(chromium, port):
    """Return the browser with the page open; nothing may go wrong in it."""
    yield open_page(chromium, port)
    assert chromium.errors == []
    ours = (f"http://127.0.0.1:{port}/", f"ws://127.0.0.1:{port}/", "blob:")
    assert [url for url in chromium.requests if not url.startswith(ours)] == []


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """Return a video that browsers play, one that they do not, and one with a name."""
    folder = tmp_path_factory.mktemp("films")
    parts = [(GREEN, 6), (YELLOW, 3), (RED, 6), (BLUE, 3), (GREEN, 3)]
    evil = "<img src=x onerror='window.hacked=1'>.mp4"
    return {
        "webm": toy_video(folder / "film.webm", parts),
        "mp4": toy_video(folder / "film.mp4", parts),
        "evil": toy_video(folder / evil, [(GREEN, 3)]),
        "none": _write(folder / "text.mp4", b"this is no video"),
        "large": _write(folder / "large.mp4", bytes(5_000_001)),
    }


def _write(path, content):
    path.write_bytes(content)
    return path
