"""Couplets on red paper."""

import base64
import json
import struct

from tests.couplet.page.steps import ask, click, until


def test_a_picture_on_red_paper(page):
    ask(page, "风云，三尺剑")
    click(page, ".card:first-child .actions button:last-child")
    until(
        page, "document.getElementById('sheet').dataset.drawn.includes('风云，三尺剑')"
    )
    before = page.ask("document.getElementById('sheet').height")
    page.ask("document.getElementById('scroll').value = '万象更新'")
    page.ask("document.getElementById('scroll').dispatchEvent(new Event('input'))")
    until(page, "document.getElementById('sheet').dataset.drawn.includes('万象更新')")
    assert page.ask("document.getElementById('sheet').height") > before
    png = base64.b64decode(
        page.ask(
            "import('/picture.js').then(m => m.toPng(document.getElementById('sheet')))"
            ".then(b => b.arrayBuffer())"
            ".then(a => btoa(String.fromCharCode(...new Uint8Array(a).slice(0, 64))))"
        )
    )
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (
        page.ask("document.getElementById('sheet').width"),
        page.ask("document.getElementById('sheet').height"),
    )
    red, green, blue, _ = page.ask(
        "[...document.getElementById('sheet').getContext('2d').getImageData("
        "110, document.getElementById('sheet').height - 105, 1, 1).data]"
    )
    assert red > 140 and green < 60 and blue < 60  # paper, near the second line's foot
    page.ask(
        "HTMLAnchorElement.prototype.click ="
        " function () { window.saved = [this.download, this.href]; }"
    )
    click(page, "#save")
    until(page, "window.saved")
    name, address = page.ask("window.saved")
    assert name == "风云，三尺剑.png" and address.startswith("blob:")


def test_long_lines_hang_in_several_columns(page):
    line = "风云三尺剑，山" * 4
    size = (
        "import('/picture.js').then(async m => {"
        " const c = document.createElement('canvas');"
        " await m.drawPicture(c, %s, %s, '', 'black'); return [c.width, c.height]; })"
    )
    wide, tall = page.ask(size % (json.dumps(line), json.dumps(line)))
    narrow, short = page.ask(size % ("'风云三尺剑'", "'花鸟一床书'"))
    assert wide > narrow and short < tall < 4 * short
