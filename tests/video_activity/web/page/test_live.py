"""Cameras on the page: the server's, and that of the device."""

from tests.video_activity.web.page.steps import (
    click,
    middle,
    shown,
    text,
    texts,
    until,
)


def test_a_camera_of_the_server_is_live_and_can_be_wound_back(page):
    click(page, "#sources .item")
    until(page, "document.getElementById('picture').naturalWidth > 0")
    until(page, "document.querySelectorAll('#stretches .item').length > 1")
    assert shown(page, "live") and text(page, "#live") == "live"
    assert "%" in text(page, "#verdict-share") and texts(page, "#alarms b")
    page.click(*middle(page, "#timeline", 0.2))
    assert not shown(page, "live") and shown(page, "to-live")
    click(page, "#to-live")
    until(page, "!document.getElementById('live').hidden")


def test_an_alarm_is_shown_while_it_lasts(page):
    click(page, "#sources .item")
    until(page, "!document.getElementById('alarm').hidden", 40)
    assert text(page, "#alarm").startswith("criminal since ")


def test_the_camera_of_this_device_is_watched(page):
    click(page, ".welcome .camera")
    until(page, "document.getElementById('video').videoWidth > 0")
    until(page, "document.getElementById('verdict-share').textContent.includes('%')")
    assert shown(page, "live") and shown(page, "stop-camera")
    assert len(texts(page, "#stretches .item")) == 1
    assert page.ask("document.getElementById('picture').hidden")
    click(page, "#stop-camera")
    until(page, "document.getElementById('progress').textContent === 'ended'")
    until(page, "document.getElementById('picture').naturalWidth > 0")
    assert not page.ask("document.getElementById('video').srcObject")
    click(page, "#stretches .item")  # what was seen can be seen again
    until(page, "document.getElementById('verdict-share').textContent.includes('%')")


def test_a_tab_that_nobody_sees_does_not_listen_and_catches_up(page):
    click(page, "#sources .item")
    count = "document.querySelectorAll('#stretches .item').length"
    until(page, f"{count} > 0")
    hide(page, "true")
    before = page.ask(count)
    page.ask("new Promise(done => setTimeout(done, 2500))")  # three changes of class
    assert page.ask(count) == before
    hide(page, "false")
    until(page, f"{count} >= {before} + 1")


def hide(page, hidden):
    page.ask(
        f"Object.defineProperty(document, 'hidden', {{value: {hidden},"
        " configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
    )
