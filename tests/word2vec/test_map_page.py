"""The page of the map: one file, words are data; tried in a real browser."""

import base64
import hashlib
import json
import re

import numpy as np
import pytest

from projects.word2vec.figures import COLORS
from projects.word2vec.map_page import make_map_page
from projects.word2vec.word_map import WordMap

HOSTILE = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<!--<script>",
    "__TITLE__",
    "&lt;b&gt;",
    '"+hacked+"',
    "\u2028",
    "\ud800",
    "山水",
)


def make_map(words) -> WordMap:
    """Return words on a circle, each beside the next one and an unknown one."""
    count = len(words)
    angles = np.arange(count) * 2 * np.pi / max(count, 1)
    return WordMap(
        tuple(words),
        0.8 * np.column_stack([np.cos(angles), np.sin(angles)]).reshape(-1, 2),
        np.arange(count) % 3,
        tuple(words[:3]),
        tuple(
            ((words[(i + 1) % count], 0.75), ("<i>off</i>", 0.5)) for i in range(count)
        ),
    )


KINGS = make_map(["king", "queen", "duke", "sea", "ship", "Shipyard", "storm", "red"])


def data_of(page: str) -> dict:
    found = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', page
    )
    assert len(found) == 1
    return json.loads(found[0])


def test_the_data_are_the_map():
    data = data_of(make_map_page(KINGS, "Kings"))
    assert tuple(data["words"]) == KINGS.words and data["names"] == list(
        KINGS.words[:3]
    )
    np.testing.assert_allclose(data["points"], KINGS.positions, atol=5e-5)
    assert data["clusters"] == KINGS.clusters.tolist()
    assert data["neighbors"][7] == [["king", 0.75], ["<i>off</i>", 0.5]]


def test_words_are_never_markup():
    plain, page = make_map_page(KINGS, "t"), make_map_page(make_map(HOSTILE), "t")
    assert page.isascii() and tuple(data_of(page)["words"]) == HOSTILE
    for sign in ("<script", "</script", "<!--", "<img", "<"):
        assert page.count(sign) == plain.count(sign)
    titled = make_map_page(KINGS, "</title><b>诗 __DATA__ & \ud800")
    assert "</title><b>" not in titled and "&lt;/title&gt;&lt;b&gt;" in titled
    assert data_of(titled) == data_of(plain) and titled.isascii()


def test_nothing_is_loaded_from_anywhere():
    page = make_map_page(KINGS, "t")
    assert not re.search(r"https?:|//[a-z]+\.|\ssrc=|\shref=|@import|url\(", page)
    assert not re.search(r"fetch\(|XMLHttpRequest|innerHTML|eval\(|\bon\w+=", page)


def test_the_policy_names_the_script_and_the_style_that_are_there():
    page = make_map_page(KINGS, "t")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    for kind in ("script", "style"):
        text = re.search(f"<{kind}>(.*?)</{kind}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_page_and_picture_have_the_same_colors():
    page = make_map_page(KINGS, "t")
    assert re.findall(r"--c\d+: (#\w+)", page)[:12] == COLORS


# In a real browser.


def place(browser, word: str) -> list[float]:
    return browser.ask(f"place(indexOf.get({json.dumps(word)}))")


def test_every_word_is_on_the_sheet_and_none_covers_another(browser, show):
    many = [f"word{i}" for i in range(300)]
    show(make_map_page(make_map(many), "Many"))
    assert browser.ask("document.title") == "Many"
    boxes = browser.ask("boxes.map(b => [b.left, b.right, b.top, b.bottom])")
    left, right, top, bottom = np.array(boxes).T
    assert 30 < len(boxes) < 300 and left.min() >= 0 and right.max() <= 1000
    cover = (left[:, None] < right) & (right[:, None] > left)
    cover &= (top[:, None] < bottom) & (bottom[:, None] > top)
    np.testing.assert_array_equal(cover, np.eye(len(boxes), dtype=bool))
    shown = browser.ask(
        "pen.getImageData(0, 0, canvas.width, canvas.height).data.some(v => v)"
    )
    assert shown is True


def test_the_wheel_zooms_where_the_pointer_is(browser, show):
    show(make_map_page(KINGS, "t"))
    x, y = place(browser, "duke")
    browser.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)
    assert browser.ask("view.zoom") == pytest.approx(np.exp(0.6), rel=1e-6)
    assert place(browser, "duke") == pytest.approx([x, y], abs=1)  # whole pixels
    for _ in range(12):
        browser.mouse("mouseWheel", x, y, deltaX=0, deltaY=1000)
    assert browser.ask("view.zoom") == browser.ask("FARTHEST")


def test_dragging_moves_the_map_and_selects_nothing(browser, show):
    show(make_map_page(KINGS, "t"))
    (x, y), before = place(browser, "duke"), place(browser, "red")
    browser.mouse("mousePressed", x, y)
    browser.mouse("mouseMoved", x - 40, y + 25, pressed=True)
    browser.mouse("mouseReleased", x - 40, y + 25)
    assert place(browser, "red") == pytest.approx([before[0] - 40, before[1] + 25])
    assert browser.ask("selected") == -1


def test_pointing_shows_the_neighbors_and_a_click_keeps_them(browser, show):
    show(make_map_page(KINGS, "t"))
    x, y = place(browser, "storm")
    assert browser.ask("tip.hidden") is True
    browser.mouse("mouseMoved", x, y)
    assert browser.ask("tip.innerText").split() == ["storm", "red,", "<i>off</i>"]
    browser.click(x, y)
    browser.mouse("mouseMoved", 500, 350)
    assert browser.ask("tip.hidden") is True and browser.ask("panel.hidden") is False
    rows = browser.ask("[...panel.querySelectorAll('li')].map(li => li.innerText)")
    assert [row.split() for row in rows] == [["red", "0.75"], ["<i>off</i>", "0.50"]]
    browser.ask("panel.querySelector('li button').click()")  # on to the neighbor
    assert browser.ask("panel.querySelector('h2').textContent") == "red"
    browser.press("Escape")
    assert browser.ask("panel.hidden") is True


def test_search_offers_words_and_flies_to_one(browser, show):
    show(make_map_page(KINGS, "t"))
    browser.press("/", text="/")
    browser.send("Input.insertText", text="SHIP")
    browser.settle()
    offered = "[...matches.querySelectorAll('button')].map(b => b.textContent)"
    assert browser.ask(offered) == ["ship", "Shipyard"]
    browser.press("Enter")
    assert browser.ask("words[selected]") == "ship"
    browser.ask("new Promise(done => setTimeout(done, 700))")
    middle = browser.ask("[width / 2, middle]")
    assert place(browser, "ship") == pytest.approx(middle, abs=0.5)
    browser.ask("search.value = 'unheard of'; findMatches()")
    assert browser.ask("matches.innerText").strip() == "not on this map"


def test_a_region_can_be_picked_out(browser, show):
    show(make_map_page(KINGS, "t"))
    pressed = "[...legend.querySelectorAll('button')].map(b => b.ariaPressed)"
    browser.ask("legend.querySelectorAll('button')[1].click()")
    assert browser.ask(pressed) == ["false", "true", "false"]
    browser.ask("legend.querySelectorAll('button')[1].click()")
    assert browser.ask(pressed) == ["false"] * 3 and browser.ask("region") == -1


def test_hostile_words_stay_words_in_the_browser(browser, show):
    show(make_map_page(make_map(HOSTILE), "<b>title</b>"))
    for i in range(len(HOSTILE)):
        browser.ask(f"select({i}, false); hover(...place({i})); search.value = 's'")
        browser.ask("findMatches()")
        browser.settle()
    assert browser.ask("panel.querySelector('h2').textContent") == "山水"
    assert browser.ask("document.querySelector('h1').textContent") == "<b>title</b>"
    assert browser.ask("document.querySelectorAll('img, i, h1 b').length") == 0
    assert browser.ask("typeof hacked") == "undefined"


def test_the_policy_stops_what_was_planted(browser, show):
    planted = "<script>window.hacked = 1</script><img src='https://example.org/x.png'>"
    show(make_map_page(KINGS, "t").replace("</body>", planted + "</body>"))
    assert browser.ask("typeof hacked") == "undefined"
    assert len([e for e in browser.errors if "Content Security Policy" in e]) == 2
    browser.errors.clear()
    browser.requests.clear()  # the image was asked for, and refused


def test_dark_and_light_follow_the_system(browser, show):
    paper = "getComputedStyle(document.body).backgroundColor"
    show(make_map_page(KINGS, "t"))
    for scheme, background, first in (
        ("dark", "rgb(22, 24, 28)", "#7fb2f0"),
        ("light", "rgb(255, 255, 255)", COLORS[0]),
    ):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.send("Emulation.setEmulatedMedia", features=[feature])
        browser.settle()
        assert browser.ask(paper) == background
        assert browser.ask("theme.colors[0]") == first


@pytest.mark.parametrize("count", [0, 1])
def test_an_almost_empty_map(browser, show, count):
    show(make_map_page(make_map(["king"][:count]), "t"))
    browser.click(500, 300)
    browser.mouse("mouseWheel", 500, 300, deltaX=0, deltaY=-240)
    assert browser.ask("boxes.length") == count
