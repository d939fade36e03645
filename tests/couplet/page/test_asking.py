"""Questions to the page: typed, clicked, refused, outrun."""

import json
import time

from projects.couplet.web.desk import Desk
from tests.couplet.page.steps import (
    MARKUP,
    ask,
    click,
    open_page,
    serving,
    texts,
    until,
)


def test_a_line_is_typed_and_answered(page):
    page.ask("document.getElementById('first').focus()")
    page.send("Input.insertText", text="风云三尺剑")
    page.press("Enter", text="\r", windowsVirtualKeyCode=13)
    until(page, "document.querySelectorAll('.card').length === 5")
    first = ".card:first-child "
    assert texts(page, first + "button.char") == list("花鸟一床书")
    assert texts(page, first + ".tone") == list("平平平仄平入入平仄平")
    assert len(texts(page, first + ".rules .passed")) >= 4
    assert texts(page, "#status") == ["5 second lines for 风云三尺剑"]
    ground = "getComputedStyle(document.querySelector('button.char')).backgroundColor"
    assert page.ask(ground).startswith("rgba(168, 32, 26, 0.1")
    assert texts(page, "#history li span") == ["风云三尺剑", "花鸟一床书"]


def test_clicked_characters_are_kept_and_asked_for_again(page, writer):
    ask(page, "风云，三尺剑")
    click(page, ".card:nth-child(2) button.char")
    assert texts(page, "#pattern") == ["秋＿，＿＿＿"]
    pressed = (
        "[...document.querySelectorAll('[aria-pressed=true]')].map(b => b.innerText)"
    )
    assert page.ask(pressed) == ["秋"]
    page.ask("document.querySelectorAll('.card:first-child button.char')[4].click()")
    assert texts(page, "#pattern") == ["秋＿，＿＿书"]
    page.ask("document.getElementById('cards').replaceChildren()")
    click(page, "#again")
    until(page, "document.querySelectorAll('.card').length === 5")
    assert writer.asked[-1][1].pattern == "秋_，__书"
    assert all(
        line.startswith("秋")
        for line in map("".join, [texts(page, ".card:nth-child(3) button.char")])
    )
    click(page, ".card:first-child button.char")  # let go of it
    assert texts(page, "#pattern") == ["＿＿，＿＿书"]
    ask(page, "三尺剑")  # another line has no locks
    assert writer.asked[-1][1].pattern == ""
    assert page.ask("document.getElementById('locks').hidden") is True


def test_the_keyboard_goes_along_a_line(page):
    ask(page, "风云三尺剑")
    page.ask("document.querySelector('button.char').focus()")
    for _ in range(3):
        page.press("ArrowRight")
    page.press("ArrowLeft")
    assert page.ask("document.activeElement.dataset.char") == "一"
    tabbable = ".card:first-child button.char[tabindex='0']"
    assert texts(page, tabbable) == ["一"]
    page.press(" ", text=" ", code="Space", windowsVirtualKeyCode=32)
    assert texts(page, "#pattern") == ["＿＿一＿＿"]
    assert "一 at 3, opposite 三" in page.ask("document.activeElement.ariaLabel")


def test_options_reach_the_writer(page, writer):
    values = {"candidates": "2", "tones": "strict", "forbidden": "月", "acrostic": "秋"}
    for name, value in values.items():
        page.ask(f"document.getElementById('{name}').value = '{value}'")
    ask(page, "风云", 2)
    asked = writer.asked[-1][1]
    assert (asked.candidates, asked.tones) == (2, "strict")
    assert (asked.forbidden, asked.acrostic) == ("月", "秋")


def test_both_lines_are_written(page):
    click(page, "#tab-both")
    assert page.ask("document.getElementById('answer').hidden") is True
    page.ask("document.getElementById('first-char').value = '山'")
    click(page, "#both .main")
    until(page, "document.querySelectorAll('.card').length === 5")
    assert texts(page, ".card:first-child .hidden")[0].startswith("First line 山")
    click(page, ".card:first-child button.char")
    click(page, "#again")  # goes on with this couplet's first line
    until(
        page, "document.getElementById('status').textContent.includes('second lines')"
    )
    assert page.ask("document.getElementById('first').value")[0] == "山"
    assert page.ask("document.getElementById('answer').hidden") is False


def test_a_pair_is_judged(page):
    page.ask("document.getElementById('tab-answer').focus()")
    page.press("ArrowLeft")
    assert page.ask("document.activeElement.id") == "tab-check"
    page.ask("document.getElementById('check-first').value = '风云'")
    page.ask("document.getElementById('check-second').value = '花鸟云'")
    click(page, "#check .main")
    until(page, "document.querySelectorAll('.card').length === 1")
    assert any("equal length" in rule for rule in texts(page, ".rules .broken"))
    assert texts(page, "button.char") == ["花", "鸟", "云"]
    page.ask("document.getElementById('check-second').value = ''")
    click(page, "#check .main")
    until(page, "document.querySelectorAll('button.char').length === 0")
    assert "✗ ends on 仄" in texts(page, ".rules li")


def test_a_newer_question_wins(page, writer):
    writer.wait = 0.3
    page.ask("document.getElementById('first').value = '风云'")
    page.ask("document.getElementById('answer').requestSubmit()")
    writer.wait = 0
    page.ask("document.getElementById('first').value = '三尺剑'")
    page.ask("document.getElementById('answer').requestSubmit()")
    until(page, "document.querySelectorAll('.card').length === 5")
    time.sleep(0.5)
    assert texts(page, "#status") == ["5 second lines for 三尺剑"]
    assert page.ask("document.querySelector('#answer .main').disabled") is False


def test_a_server_that_is_gone_is_told(chromium, writer):
    with serving(Desk(writer)) as port:
        page = open_page(chromium, port)
    page.ask("document.getElementById('first').value = '风云'")
    click(page, "#answer .main")
    until(page, "!document.getElementById('error').hidden")
    assert "serve.py" in texts(page, "#error")[0]
    assert page.ask("document.querySelector('#answer .main').disabled") is False


def test_what_is_no_line_is_told_as_text(page):
    for line, told in (
        (MARKUP, "position 1"),
        ("hello", "position 1"),
        ("剑" * 40, "40"),
    ):
        page.ask(f"document.getElementById('first').value = {json.dumps(line)}")
        click(page, "#answer .main")
        until(page, f"document.getElementById('error').textContent.includes('{told}')")
    assert page.ask("document.getElementById('error').hidden") is False
    assert page.ask("typeof window.hacked") == "undefined"
    page.ask("document.getElementById('first').value = '  '")
    click(page, "#answer .main")
    assert "风云三尺剑" in texts(page, "#error")[0]
    page.errors[:] = [e for e in page.errors if "422" not in e]
    ask(page, "风云")
    assert page.ask("document.getElementById('error').hidden") is True
