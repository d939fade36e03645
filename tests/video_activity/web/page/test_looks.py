"""Sizes, names and contrast: the page is for everybody."""

import pytest

from tests.video_activity.web.page.steps import bring, judged


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_sticks_out_at_the_side(page, films, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1}
    page.send("Emulation.setDeviceMetricsOverride", **size, mobile=width < 500)
    try:
        assert page.ask("document.documentElement.scrollWidth") <= width
        bring(page, films["evil"])
        judged(page)
        assert page.ask("document.documentElement.scrollWidth") <= width
        small = page.ask(
            "[...document.querySelectorAll('button, label')]"
            ".filter(e => e.offsetParent && e.offsetHeight < 24).map(e => e.outerHTML)"
        )
        assert small == []
    finally:
        page.send("Emulation.clearDeviceMetricsOverride")


def test_every_control_has_a_name(page, films):
    bring(page, films["evil"])
    judged(page)
    unnamed = page.ask(
        "[...document.querySelectorAll('input')].filter(e => !e.labels.length)"
        ".map(e => e.id)"
    )
    assert unnamed == []
    assert page.ask(
        "[...document.querySelectorAll('button')]"
        ".every(b => b.textContent.trim() || b.ariaLabel)"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_read_well_on_its_ground(page, films, scheme):
    """Contrast by the formula of WCAG 2, at least 4.5 to 1."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.send("Emulation.setEmulatedMedia", features=[feature])
    bring(page, films["evil"])
    judged(page)
    colors = page.ask(
        "['body', '.faint', 'header a', '.item small', '#bars span', 'label.quiet',"
        " '.live', '#clock', 'footer', '#verdict small']"
        ".map(s => { const e = document.querySelector(s); let g = e;"
        " const ground = x => getComputedStyle(x).backgroundColor;"
        " while (g.parentElement && /, 0(\\.\\d+)?\\)|transparent/.test(ground(g)))"
        " g = g.parentElement; return [getComputedStyle(e).color, ground(g)]; })"
    )
    page.send("Emulation.setEmulatedMedia", features=[])
    for pair in colors[:-1]:
        light, dark = sorted(map(luminance, pair), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, pair


def luminance(color):
    parts = [int(part) / 255 for part in color[4:-1].split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
