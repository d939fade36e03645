"""A video from the drop to the last verdict, as one who watches sees it."""

import pytest

from tests.video_activity.web.page.steps import (
    bring,
    click,
    judged,
    middle,
    open_page,
    shown,
    text,
    texts,
    until,
)

SEEN = ["safe", "suspicious", "criminal", "not judged", "safe"]


def moment(page, across):
    """Click into the timeline; return what the page says then."""
    page.click(*middle(page, "#timeline", across))
    page.settle()
    until(page, "document.getElementById('verdict-label').textContent !== '…'")
    return text(page, "#verdict-label")


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_video_is_played_with_its_verdicts(page, films, kind):
    assert shown(page, "welcome") and not shown(page, "console")
    bring(page, films[kind])
    judged(page)
    assert not shown(page, "welcome")
    plays = "document.getElementById('video').videoWidth > 0"
    if kind == "webm":
        until(page, f"{plays} && document.getElementById('video').currentTime > 0.2")
        assert shown(page, "video") and not shown(page, "picture")
    else:  # MPEG-4 part 2: the server shows pictures
        until(page, "document.getElementById('picture').naturalWidth > 0")
        assert shown(page, "picture") and not shown(page, "video")
        until(page, "document.getElementById('clock').textContent.startsWith('0:01')")
    assert texts(page, "#stretches b") == SEEN
    assert texts(page, "#alarms b") == ["criminal"]
    assert texts(page, "#notes li") == ["It was short."]
    for across, label in ((0.1, "safe"), (0.35, "suspicious"), (0.6, "criminal")):
        assert moment(page, across) == label
        best = text(page, "#bars .best")
        assert best == label and text(page, "#verdict-share").endswith("%")
    assert moment(page, 0.8) == "not judged"
    assert "camera moves" in text(page, "#reason")


def test_it_changes_by_itself_every_three_seconds(page, films):
    bring(page, films["mp4"])
    until(page, "document.getElementById('verdict-time').textContent[0] === '0'")
    page.ask(
        "window.seen = new Set(); setInterval(() => seen.add("
        "document.getElementById('verdict-time').textContent), 50)"
    )
    until(page, "seen.has('0:00 – 0:03') && seen.has('0:03 – 0:06')")


def test_an_event_plays_and_stops(page, films):
    bring(page, films["mp4"])
    judged(page)
    click(page, "#alarms .item")
    until(page, "document.getElementById('verdict-label').textContent === 'criminal'")
    assert text(page, "#clock").startswith(("0:08", "0:09"))
    until(page, "document.getElementById('play').ariaLabel === 'Play'")
    assert text(page, "#clock").startswith("0:16")


def test_keys_play_and_step(page, films):
    bring(page, films["mp4"])
    judged(page)
    page.press(" ", text=" ")
    until(page, "document.getElementById('play').ariaLabel === 'Play'")
    page.click(*middle(page, "#timeline", 0.5))
    for key, clock in (("ArrowRight", "0:13"), ("ArrowLeft", "0:10")):
        page.press(key)
        until(
            page, f"document.getElementById('clock').textContent.startsWith('{clock}')"
        )
    value = page.ask("document.getElementById('timeline').ariaValueText")
    assert value.startswith("0:10, criminal")


def test_another_viewer_sees_the_same(page, port, films):
    bring(page, films["webm"])
    judged(page)
    source = page.ask("location.hash.slice(1)")
    open_page(page, port, source)
    judged(page)
    assert texts(page, "#stretches b") == SEEN
    until(page, "document.getElementById('video').videoWidth > 0")
    assert moment(page, 0.6) == "criminal"


def test_the_pointer_shows_what_was_there(page, films):
    bring(page, films["mp4"])
    judged(page)
    page.mouse("mouseMoved", *middle(page, "#timeline", 0.6))
    assert text(page, "#hover span").startswith("0:12 · criminal")
    until(page, "document.querySelector('#hover img').naturalWidth > 0")


def test_a_name_with_markup_is_text(page, films):
    bring(page, films["evil"])
    judged(page)
    assert films["evil"].name in texts(page, "#sources b")
    assert page.ask("window.hacked") is None
    assert page.ask("document.querySelector('#sources img[src=\"x\"]')") is None


def test_what_is_refused_is_told_and_the_next_is_taken(page, films):
    bring(page, films["none"], films["large"], films["evil"])
    judged(page)
    told = text(page, "#problem")
    assert "text.mp4: " in told and "large.mp4: it has more than 5 megabytes" in told
    page.errors[:] = [e for e in page.errors if "415" not in e]  # its own note of it


def test_a_removed_video_is_gone(page, films):
    bring(page, films["evil"])
    judged(page)
    before = len(texts(page, "#sources .item"))
    click(page, "#sources [aria-current=true] + .remove")
    until(page, f"document.querySelectorAll('#sources .item').length === {before - 1}")
    until(page, "!document.getElementById('welcome').hidden")
    assert page.ask("location.hash") == ""
    # A picture that was on its way is not found.
    page.errors[:] = [e for e in page.errors if "404" not in e]


def test_a_file_that_is_dropped_is_taken(page):
    page.ask(
        "{ const data = new DataTransfer();"
        " data.items.add(new File(['no video'], 'dropped.mp4'));"
        " for (const kind of ['dragover', 'drop']) document.body.dispatchEvent("
        " new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));"
        " }"
    )
    until(
        page, "document.getElementById('problem').textContent.includes('dropped.mp4')"
    )
    page.errors[:] = [e for e in page.errors if "415" not in e]


def test_a_real_clip_is_played_and_judged(page, mirror):
    clip = sorted((mirror / "video" / "surv_fight" / "fight").glob("*.mp4"))[3]
    bring(page, clip)
    judged(page)
    until(page, "document.getElementById('video').currentTime > 0.5")
    if not page.ask("document.getElementById('video').videoWidth"):
        pytest.skip("this browser plays no H.264")
    assert shown(page, "video") and len(texts(page, "#stretches b")) >= 1
