"""The page of the cards: one file, lines are data; tried in a real browser."""

import base64
import dataclasses
import hashlib
import json
import re

import pytest

from common.fonts import font_for
from projects.couplet.cards import card_page
from projects.couplet.cards.card_page import make_card_page
from projects.couplet.cards.cards import Sheet, make_sheet
from projects.couplet.decoding.request import Request
from projects.couplet.lines.rules import Finding
from tests.couplet.toy_writer import ToyWriter

FIRST, SECOND = "风云三尺剑", "花鸟一床书"
HOSTILE = (
    "</script><script>window.hacked=1</script><img src=x onerror=hacked()>__TITLE__"
)


def sheet_of(first: str = FIRST, **options) -> Sheet:
    writer = ToyWriter(**options)
    answers = writer.answer(first, Request(candidates=3))
    return make_sheet(first, answers, writer).attend(writer)


def data_of(page: str) -> dict:
    found = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', page
    )
    assert len(found) == 1
    return json.loads(found[0])


@pytest.fixture(scope="module")
def page() -> str:
    return make_card_page([sheet_of()], "风云三尺剑")


def test_the_data_are_the_sheets(page):
    data = data_of(page)
    assert data["sheets"] == [json.loads(json.dumps(sheet_of().to_dict()))]
    assert page.isascii() and "<title>&#39118;" in page
    assert sheet_of().tone_source in data["legend"]


def test_the_page_brings_a_font_with_its_own_characters_alone(page):
    if font_for(FIRST + SECOND) is None:
        pytest.skip("no Chinese font (extra chinese-font)")
    import io

    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(base64.b64decode(data_of(page)["font"])))
    characters = set(map(chr, font.getBestCmap()))
    assert set(FIRST + SECOND + "平仄入中") <= characters and "龙" not in characters
    assert len(page) < 60_000


def test_a_machine_without_a_font_makes_a_page_without_one(monkeypatch):
    monkeypatch.setattr(card_page, "make_web_font", lambda text, cache: None)
    assert data_of(make_card_page([sheet_of()], "t"))["font"] is None


def test_texts_are_never_markup(page):
    sheet = sheet_of()
    card = dataclasses.replace(
        sheet.cards[0], findings=[Finding(HOSTILE, False, HOSTILE)]
    )
    hostile = dataclasses.replace(sheet, notes=[HOSTILE, "\ud800\u2028"], cards=[card])
    made = make_card_page([hostile], HOSTILE)
    for sign in ("<script", "</script", "<img", "<!--", "<"):
        assert made.count(sign) == page.count(sign)
    assert made.isascii() and data_of(made)["sheets"][0]["notes"][0] == HOSTILE


def test_nothing_is_loaded_from_anywhere(page):
    text = page.replace(json.dumps(data_of(page)["font"]), "")
    assert not re.search(r"https?:|//[a-z]+\.|\ssrc=|\shref=|@import|url\(", text)
    assert not re.search(r"fetch\(|XMLHttpRequest|innerHTML|eval\(|\bon\w+=", text)


def test_the_policy_names_the_script_and_the_style_that_are_there(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    for kind in ("script", "style"):
        text = re.search(f"<{kind}>(.*?)</{kind}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


# In a real browser.


def texts(browser, selector: str) -> list[str]:
    query = json.dumps(selector)
    return browser.ask(
        f"[...document.querySelectorAll({query})].map(e => e.textContent)"
    )


def test_a_card_shows_lines_tones_rules_and_attention(browser, show, page):
    show(page)
    assert texts(browser, "h2") == [FIRST]
    first = "article:first-of-type "
    assert "".join(texts(browser, f"{first}span.char")) == FIRST
    assert "".join(texts(browser, f"{first}button.char")) == SECOND
    tones = "".join(texts(browser, f"{first}.tone"))
    assert tones[::2] == "平平平入仄" and tones[1::2] == "平仄入平平"
    assert texts(browser, f"{first}.match") == ["+2.5"] * 5
    assert texts(browser, f"{first}.figure")[2] == "rules 7 of 7"
    assert len(texts(browser, f"{first}li.kept")) == 7
    heads = "".join(texts(browser, f"{first}th"))
    assert heads == FIRST + SECOND and len(texts(browser, "article")) == 3
    titles = browser.ask(
        "[...document.querySelectorAll('td[title]')].map(c => c.title)"
    )
    assert titles[0] == "花 looked at 风: 68 %" and len(titles) == 75


def test_characters_are_no_boxes(browser, show, page):
    show(page)
    browser.ask("document.fonts.ready.then(() => 0)")
    if font_for(FIRST + SECOND) is not None:
        assert browser.ask("hasFont()") is True
        assert browser.ask("document.getElementById('advice').hidden") is True
    # A browser that draws all alike draws boxes.
    browser.ask("CanvasRenderingContext2D.prototype.fillText = () => {}")
    assert browser.ask("hasFont()") is False


def test_pointing_at_a_character_shows_where_the_model_looked(browser, show, page):
    show(page)
    place = "document.querySelectorAll('button.char')[1].getBoundingClientRect()"
    x, y = browser.ask(f"(r => [r.x + 9, r.y + 9])({place})")
    browser.mouse("mouseMoved", x, y)
    background = (
        "[...document.querySelectorAll('article:first-of-type span.char')]"
        ".map(e => getComputedStyle(e).backgroundColor)"
    )
    lit = browser.ask(background)
    assert lit[1] == "rgba(179, 38, 30, 0.68)" and lit[0] == "rgba(179, 38, 30, 0.08)"
    browser.mouse("mouseMoved", 1, 1)
    assert set(browser.ask(background)) == {"rgba(0, 0, 0, 0)"}


def test_a_model_without_attention_has_no_picture(browser, show):
    show(make_card_page([sheet_of(attends=False)], "t"))
    assert texts(browser, "table") == [] and texts(browser, "button") == []
    assert "".join(texts(browser, "article:first-of-type span.char")[1::2]) == SECOND


def test_a_long_line_keeps_within_the_window(browser, show):
    long = "风云三尺剑，" * 5 + "山山"
    show(make_card_page([sheet_of(long), sheet_of()], "t"))
    assert texts(browser, "h2") == [long, FIRST]
    assert browser.ask("document.documentElement.scrollWidth <= innerWidth") is True
    assert len(texts(browser, "section p.note")) == 1


def test_hostile_texts_stay_texts_in_the_browser(browser, show):
    sheet = dataclasses.replace(sheet_of(), first=HOSTILE[:5], notes=[HOSTILE])
    show(make_card_page([sheet], HOSTILE))
    assert (
        texts(browser, "h1") == [HOSTILE]
        and texts(browser, "section p.note")[-1] == HOSTILE
    )
    assert browser.ask("typeof hacked") == "undefined"
    assert browser.ask("document.querySelectorAll('img').length") == 0
