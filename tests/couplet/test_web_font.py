"""Fonts of the page: cut to its characters, kept, and refused where they must be."""

import io

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager

from common import fonts
from projects.couplet.lines.characters import PUNCTUATION, is_han
from projects.couplet.web import web_font
from projects.couplet.web.page_text import PAGE, characters_of_page
from projects.couplet.web.web_font import make_web_font, media_type


def build_font(path, characters: str, rights: int = 0):
    """Write a font of squares for some characters, each of another width."""
    names = [".notdef", *(f"c{ord(c):X}" for c in characters)]
    glyphs = {}
    for number, name in enumerate(names):
        pen = TTGlyphPen(None)
        pen.moveTo((50, 0))
        for corner in ((50, 700), (300 + 40 * number, 700), (300 + 40 * number, 0)):
            pen.lineTo(corner)
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"c{ord(c):X}" for c in characters})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (1000, 50) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(sTypoAscender=800, usWeightClass=400, fsType=rights)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupPost()
    builder.save(path)
    return path


@pytest.fixture
def only_font(tmp_path, monkeypatch):
    """Return a function that makes a font the only one of this machine."""
    own = [f for f in fontManager.ttflist if "mpl-data" in f.fname]
    monkeypatch.setattr(fontManager, "ttflist", own)
    monkeypatch.setattr(fonts, "_PACKAGE", "no_such_package")
    monkeypatch.delenv(fonts.VARIABLE, raising=False)

    def install(characters: str, rights: int = 0):
        path = build_font(tmp_path / "font.ttf", characters, rights)
        monkeypatch.setenv(fonts.VARIABLE, str(path))
        return path

    return install


def characters_of(font: bytes) -> str:
    with TTFont(io.BytesIO(font)) as opened:
        return "".join(map(chr, sorted(opened.getBestCmap())))


def test_the_font_has_what_the_page_shows_and_no_more(only_font, tmp_path):
    only_font("风云三尺剑甲乙丙丁漢")
    font = make_web_font("风云三尺剑", "漢龘", tmp_path / "cache")
    assert characters_of(font) == "".join(sorted("风云三尺剑漢"))
    assert media_type(font) in ("font/woff", "font/woff2")
    with TTFont(io.BytesIO(font)) as opened:
        name = opened.getBestCmap()[ord("云")]
        assert opened["hmtx"][name] == (1000, 50)
        assert opened["glyf"][name].xMax == 380  # the second square


def test_it_is_cut_once(only_font, tmp_path, monkeypatch):
    path = only_font("风云")
    first = make_web_font("风", "云", tmp_path / "cache")
    monkeypatch.setattr(web_font, "_cut", lambda *args: pytest.fail("cut again"))
    assert make_web_font("风", "云", tmp_path / "cache") == first
    monkeypatch.setattr(web_font, "_cut", lambda *args: b"another")
    assert make_web_font("风", "", tmp_path / "cache") == b"another"
    path.write_bytes(path.read_bytes() + b"\0" * 4)  # another font of that name
    assert make_web_font("风", "云", tmp_path / "cache") == b"another"


def test_a_machine_without_such_a_font_has_none(only_font, tmp_path):
    assert make_web_font("风云三尺剑", "", tmp_path) is None
    only_font("abc")
    assert make_web_font("风云三尺剑", "", tmp_path) is None
    assert not list(tmp_path.glob("fonts/*"))


@pytest.mark.parametrize(
    ("rights", "may"), [(0, True), (4, True), (8, True), (2, False), (0x100, False)]
)
def test_what_its_makers_do_not_allow_is_not_done(only_font, tmp_path, rights, may):
    only_font("风云", rights)
    assert (make_web_font("风云", "", tmp_path / "cache") is not None) is may


def test_a_cache_that_cannot_be_written_is_done_without(only_font, tmp_path):
    only_font("风云")
    (tmp_path / "file").write_text("in the way")
    assert characters_of(make_web_font("风云", "", tmp_path / "file")) == "云风"


def test_a_broken_font_is_none(only_font, tmp_path, monkeypatch):
    path = only_font("风云")
    monkeypatch.setattr(web_font, "font_for", lambda text: Found(path))
    path.write_bytes(b"no font at all")
    assert make_web_font("风云", "", tmp_path / "cache") is None


class Found:
    def __init__(self, path):
        self.get_file = lambda: path


def test_the_characters_of_the_page_are_model_and_page_and_traditional():
    needed, wished = characters_of_page(["<pad>", "云", "。", "龘", "a"])
    assert {"云", "龘"} <= set(needed) and set(PUNCTUATION) <= set(needed)
    assert set("福锁横批") <= set(needed)  # of page/index.html and picture.js
    assert "a" not in needed and "<" not in needed and needed.count("云") == 1
    assert set("漢龍雲風後裡书这鸟床") <= set(wished)
    assert 6000 < len(set(wished)) == len(wished) < 8000
    assert sum(map(is_han, wished)) == len(wished) - 5
    assert any("福" in path.read_text(encoding="utf-8") for path in PAGE.iterdir())
