"""Sizes, names and contrast: the page is for everybody."""

import pytest

from tests.couplet.page.steps import ask


@pytest.mark.parametrize("width", [320, 390, 1100])
def test_nothing_sticks_out_at_the_side(page, width):
    metrics = {
        "width": width,
        "height": 800,
        "deviceScaleFactor": 1,
        "mobile": width < 500,
    }
    page.send("Emulation.setDeviceMetricsOverride", **metrics)
    try:
        ask(page, "风云三尺剑山，风云三尺剑山，风云三尺剑山", 5)
        page.ask("document.querySelector('.why').open = true")
        page.ask("document.querySelectorAll('button.char')[7].click()")
        page.settle()
        assert page.ask("document.documentElement.scrollWidth") <= width
        small = page.ask(
            "[...document.querySelectorAll('button, input, select, summary')]"
            ".filter(e => e.offsetParent && e.offsetHeight < 22).map(e => e.outerHTML)"
        )
        assert small == []
    finally:
        page.send("Emulation.clearDeviceMetricsOverride")


def test_every_control_has_a_name(page):
    ask(page, "风云三尺剑")
    unnamed = page.ask(
        "[...document.querySelectorAll('input, select')].filter(e => !e.labels.length)"
        ".map(e => e.id)"
    )
    assert unnamed == []
    assert page.ask(
        "[...document.querySelectorAll('button')].every(b => b.textContent.trim())"
    )


def test_text_is_dark_enough_on_its_ground(page):
    """Contrast by the formula of WCAG 2, at least 4.5 to 1."""
    ask(page, "风云三尺剑")
    colors = page.ask(
        "['body', 'small', '.tone', '.passed', '#status', '.main', 'button.char']"
        ".map(s => { const e = document.querySelector(s); let g = e;"
        " const ground = x => getComputedStyle(x).backgroundColor;"
        " while (g.parentElement && /, 0(\\.\\d+)?\\)|transparent/.test(ground(g)))"
        " g = g.parentElement; return [getComputedStyle(e).color, ground(g)]; })"
    )
    for pair in colors:
        light, dark = sorted(map(luminance, pair), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, pair


def luminance(color: str) -> float:
    parts = [
        int(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3]
    ]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
