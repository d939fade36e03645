"""What the page shows: texts as texts, history, boxes, both languages."""

import json

from projects.couplet.web.desk import Desk
from tests.couplet.page.steps import (
    MARKUP,
    RARE,
    MarkupDesk,
    ask,
    click,
    open_page,
    serving,
    texts,
    until,
)


def test_markup_stays_text_wherever_it_comes_from(chromium, writer):
    with serving(MarkupDesk(writer)) as port:
        page = open_page(chromium, port)
        ask(page, "风云")
        for details in range(3):
            page.ask(f"document.querySelectorAll('details')[{details}].open = true")
        page.ask("document.querySelector('.why').open = true")
        click(page, ".card .actions button:last-child")
        page.settle()
        assert MARKUP in texts(page, "#notes li") and MARKUP in texts(
            page, ".reasons li"
        )
        assert page.ask("typeof window.hacked") == "undefined"
        assert (
            page.ask(
                "document.querySelectorAll('main img, main script, li b b').length"
            )
            == 0
        )
        kept = json.dumps([{"first": MARKUP, "second": MARKUP}])
        page.ask(f"localStorage.couplets = {json.dumps(kept)}")
        open_page(page, port)
        assert MARKUP in texts(page, "#history span")
        assert page.ask("typeof window.hacked") == "undefined"
        assert page.errors == []


def test_history_is_kept_bounded_and_forgotten(page, port):
    page.ask("localStorage.clear()")
    entries = [{"first": "剑" * (n % 30 + 1), "second": "书"} for n in range(500)]
    entries += [{"first": "x" * 1000, "second": "x"}, None, 5, {"first": 7}]
    page.ask(f"localStorage.couplets = {json.dumps(json.dumps(entries[::-1]))}")
    open_page(page, port)
    assert len(texts(page, "#history li")) == 60
    ask(page, "风云")
    assert texts(page, "#history li:first-child span") == ["风云", "花鸟"]
    kept = json.loads(page.ask("localStorage.couplets"))
    assert len(kept) == 60 and set(kept[0]) == {"first", "second"}
    click(page, "#history li:first-child button")
    until(page, "document.getElementById('status').textContent.includes('风云')")
    click(page, "#forget")
    assert (
        texts(page, "#history li") == [] and page.ask("localStorage.couplets") == "[]"
    )
    page.ask("localStorage.couplets = '{broken'")
    open_page(page, port)
    assert texts(page, "#history li") == []


def test_a_couplet_is_copied(page):
    ask(page, "风云三尺剑")
    page.ask("navigator.clipboard.writeText = async text => { window.copied = text; }")
    click(page, ".card:first-child .actions button")
    until(page, "window.copied === '风云三尺剑\\n花鸟一床书'")
    assert texts(page, ".card:first-child .actions button")[0] == "Copied"


def test_the_heat_map_is_drawn_when_it_is_opened(page):
    ask(page, "风云三尺剑")
    assert page.ask("document.querySelectorAll('svg').length") == 0
    page.ask("document.querySelector('.why').open = true")
    until(page, "document.querySelectorAll('svg').length === 1")
    shares = page.ask(
        "[...document.querySelectorAll('svg rect')]"
        ".map(r => +r.getAttribute('fill-opacity'))"
    )
    assert len(shares) == 25 and shares[:6] == [0.68, 0.08, 0.08, 0.08, 0.08, 0.08]
    assert texts(page, "svg rect title")[0] == "花 ← 风: 68 %"
    assert page.ask("document.querySelector('svg').getAttribute('aria-label')")


def test_missing_glyphs_are_found(page):
    missing = "import('/glyphs.js').then(m => m.missingGlyphs(%s))"
    assert page.ask(missing % json.dumps("ab\U000f4321 c")) == "\U000f4321"
    assert page.ask(missing % json.dumps(RARE)) == ""  # the font that was served has it


def test_characters_that_show_as_boxes_are_told(chromium, writer):
    class Rare(Desk):
        def answer(self, first, request):
            told = super().answer(first, request)
            told["cards"][0]["second"] = RARE * 5
            return told

    with serving(Rare(writer)) as port:  # without a font
        page = open_page(chromium, port)
        page.ask("document.getElementById('glyphs').textContent = ''")
        ask(page, "风云三尺剑")
        until(page, f"document.getElementById('glyphs').textContent.includes('{RARE}')")
        told = texts(page, "#glyphs")[0]
        assert told.count(RARE) == 1 and "chinese-font" in told
        assert page.ask("document.getElementById('glyphs').hidden") is False


def test_the_page_speaks_chinese_too_and_remembers(page, port):
    ask(page, "风云三尺剑")
    english = page.ask("document.body.innerText")
    click(page, "#language")
    assert texts(page, "#status") == ["“风云三尺剑”的下联 5 条"]
    assert "✓ 字数相等" in texts(page, ".rules li")
    open_page(page, port)
    assert page.ask("document.documentElement.lang") == "zh"
    untranslated = page.ask(
        "[...document.querySelectorAll('[data-text]')]"
        ".filter(e => /[a-z]{4}/.test(e.textContent.replace('train_poems.py', '')))"
        ".map(e => e.textContent)"
    )
    assert untranslated == []
    click(page, "#language")
    ask(page, "风云三尺剑")
    assert page.ask("document.body.innerText") == english
