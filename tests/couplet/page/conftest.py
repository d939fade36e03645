"""The page in a real browser, with a writer without a model."""

import pytest

from projects.couplet.web.desk import Desk
from tests.browser import Browser
from tests.couplet.page.steps import (
    RARE,
    Writer,
    open_page,
    serving,
    write_first_lines,
)
from tests.couplet.test_web_font import build_font


@pytest.fixture(scope="module")
def writer():
    return Writer()


@pytest.fixture(scope="module")
def font(tmp_path_factory):
    path = build_font(tmp_path_factory.mktemp("font") / "f.ttf", RARE)
    return path.read_bytes()


@pytest.fixture(scope="module")
def port(writer, font):
    pytest.importorskip("fastapi")
    with serving(Desk(writer, write_first_lines), font) as port:
        yield port


@pytest.fixture(scope="module")
def chromium(chromium_program, tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")
    with Browser(chromium_program, profile, (1100, 800)) as browser:
        yield browser


@pytest.fixture
def page(chromium, port, writer):
    """Return the browser with the page open; nothing may go wrong in it."""
    writer.wait = 0
    writer.asked.clear()
    yield open_page(chromium, port)
    assert chromium.errors == []
    outside = [
        u for u in chromium.requests if not u.startswith(f"http://127.0.0.1:{port}/")
    ]
    assert [url for url in outside if not url.startswith("blob:")] == []
