"""Fonts: looked up by their glyphs, nothing global is touched."""

import subprocess
import sys

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

from common import fonts
from common.errors import UserError
from common.fonts import VARIABLE, can_show, font_for, missing_font_advice

SIMPLIFIED, TRADITIONAL = "龙飞凤舞说汉语", "龍飛鳳舞說漢語"


@pytest.fixture(autouse=True)
def bare_system(monkeypatch):
    """Only Matplotlib's own family: no variable, no package, no system fonts."""
    own = [f for f in fontManager.ttflist if "mpl-data" in f.fname]
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(fontManager, "ttflist", own)
    monkeypatch.setattr(fonts, "_PACKAGE", "no_such_package")


@pytest.fixture
def make_font(tmp_path):
    """Return a function that writes a font of squares for some characters."""

    def make(characters: str, name: str = "Squares"):
        characters = "".join(dict.fromkeys(characters))
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for corner in ((100, 700), (900, 700), (900, 0)):
            pen.lineTo(corner)
        pen.closePath()
        names = [".notdef", *(f"uni{ord(c):04X}" for c in characters)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({ord(c): f"uni{ord(c):04X}" for c in characters})
        builder.setupGlyf({n: pen.glyph() for n in names})
        builder.setupHorizontalMetrics({n: (1000, 100) for n in names})
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupOS2(sTypoAscender=800, usWeightClass=400)
        builder.setupNameTable({"familyName": name, "styleName": "Regular"})
        builder.setupPost()
        path = tmp_path / f"{name}.ttf"
        builder.save(path)
        return path

    return make


def file_of(text: str) -> str | None:
    font = font_for(text)
    return font and font.get_file().rsplit("/", 1)[1]


def test_western_text_keeps_the_default():
    for text in ("king - man + woman", "naïve Ω", "", " \n\t"):
        assert file_of(text) == "DejaVuSans.ttf"


def test_no_chinese_font_is_none_and_the_advice_is_one_line():
    assert font_for(SIMPLIFIED) is None and font_for(TRADITIONAL) is None
    advice = missing_font_advice()
    assert "\n" not in advice and VARIABLE in advice and "chinese-font" in advice


def test_a_font_named_by_the_user(make_font, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(make_font(SIMPLIFIED)))
    assert file_of(SIMPLIFIED) == "Squares.ttf"
    assert font_for(TRADITIONAL) is None  # glyphs decide, not the name
    assert file_of("plain words") == "DejaVuSans.ttf"


@pytest.mark.parametrize("content", [None, b"no font at all"])
def test_a_named_file_that_is_no_font(tmp_path, monkeypatch, content):
    path = tmp_path / "some.ttf"
    if content:
        path.write_bytes(content)
    monkeypatch.setenv(VARIABLE, str(path))
    with pytest.raises(UserError, match=f"{VARIABLE} must name a font.*some.ttf"):
        font_for("word")


def test_a_font_of_the_system_is_found_by_its_glyphs(make_font):
    both = make_font(SIMPLIFIED + TRADITIONAL, "Both")
    old = make_font(TRADITIONAL, "Old")
    gone = FontEntry(fname="/gone/Gone.ttf", name="Noto Sans CJK SC", weight=400)
    broken = FontEntry(fname=__file__, name="SimHei", weight=400)
    fontManager.ttflist += [
        gone,
        broken,
        FontEntry(fname=str(both), name="Both", weight=400),
        FontEntry(fname=str(old), name="PingFang SC", weight="regular"),
    ]
    assert file_of(TRADITIONAL) == "Old.ttf"  # a known name is asked first
    assert file_of(SIMPLIFIED) == "Both.ttf"
    assert file_of(SIMPLIFIED + TRADITIONAL) == "Both.ttf"


def test_regular_faces_come_before_bold_and_slanted(make_font):
    for name, weight, style in (
        ("A", "bold", "normal"),
        ("B", 400, "italic"),
        ("C", 100, "normal"),
        ("D", 400, "normal"),
    ):
        path = str(make_font(SIMPLIFIED, name))
        fontManager.ttflist.append(
            FontEntry(fname=path, name="X", weight=weight, style=style)
        )
    assert file_of(SIMPLIFIED) == "D.ttf"


def test_a_font_of_placeholders_does_not_count(make_font):
    path = str(make_font(SIMPLIFIED))
    fontManager.ttflist.append(FontEntry(fname=path, name=".LastResort", weight=400))
    fontManager.ttflist.append(FontEntry(fname=path, name="Adobe Blank", weight=400))
    assert font_for(SIMPLIFIED) is None


def test_one_rare_character_does_not_cost_the_rest(make_font, monkeypatch):
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 40)))
    monkeypatch.setenv(VARIABLE, str(make_font(many[:38])))
    font = font_for(many)  # lacks 2 of 40
    assert font.get_file().endswith("Squares.ttf")
    assert can_show(font, many[0]) and can_show(font, many[0] + " ")
    assert not can_show(font, many[:39])
    assert font_for(many + "\u9f98") is None  # 3 of 41


def test_nothing_global_is_touched():
    code = (
        "import sys, matplotlib, common.fonts as f;"
        "from matplotlib.font_manager import fontManager;"
        "before = dict(dict.items(matplotlib.rcParams)), list(fontManager.ttflist);"
        "f.font_for('word'); f.font_for('\u9f99');"
        "after = dict(dict.items(matplotlib.rcParams)), list(fontManager.ttflist);"
        "assert before == after;"
        "assert not {'matplotlib.pyplot', 'noto_cjk_sans_otc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_optional_package_shows_both_scripts(monkeypatch):
    monkeypatch.setattr(fonts, "_PACKAGE", "noto_cjk_sans_otc")
    font = font_for(SIMPLIFIED)
    if font is None:
        pytest.skip("the extra chinese-font is not installed")
    assert can_show(font, TRADITIONAL + "abc123，。")
    assert fonts._open(font.get_file()).family_name == "Noto Sans CJK SC"
    canvas = FigureCanvasAgg(Figure())
    canvas.figure.text(0.1, 0.5, SIMPLIFIED + TRADITIONAL, font=font, size=20)
    canvas.draw()  # a missing glyph would warn, and a warning is an error here
    assert np.asarray(canvas.buffer_rgba())[..., 0].min() == 0  # ink
