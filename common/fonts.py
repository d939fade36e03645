"""Fonts that can show the text at hand, Chinese too, without global state.

Matplotlib comes with one family that knows no Chinese, and draws an empty box for
what a font lacks. So the glyphs are looked up before anything is drawn.
"""

import functools
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

from matplotlib.font_manager import (
    FontEntry,
    FontPath,
    FontProperties,
    findfont,
    fontManager,
    weight_dict,
)
from matplotlib.ft2font import FT2Font

from common.errors import UserError

VARIABLE = "KERAS_PROJECTS_FONT"
EXTRA = "chinese-font"

# The module of the extra is a folder with one file; it is found, never imported.
_PACKAGE, _FILE, _SIMPLIFIED = "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", 2
# What systems and their users have; asked before the hundreds of other fonts.
_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Heiti SC",
    "SimHei",
    "Noto Sans CJK TC",
    "Microsoft JhengHei",
)
_BLANKS = ("lastresort", "last resort", "adobe blank")  # "have" every character
_MOST = 0.95  # of the characters; the caller leaves out what cannot be shown


def font_for(text: str) -> FontProperties | None:
    """Find a font that has the characters of a text.

    Asked in turn: the file named by the environment variable KERAS_PROJECTS_FONT,
    Matplotlib's default, the optional package, the fonts of the system.

    Args:
        text: What is to be drawn; the order of its characters does not matter.

    Returns:
        The first font with all characters; otherwise the one with the most, if
        it lacks at most one in twenty; otherwise None.

    Raises:
        UserError: KERAS_PROJECTS_FONT names no font.
    """
    characters = _visible(text)
    best, fewest = None, int((1 - _MOST) * len(characters)) + 1
    for path in _candidates():
        missing = _count_missing(path, characters)
        if missing < fewest:
            best, fewest = path, missing
        if not missing:
            break
    return None if best is None else FontProperties(fname=best)


def can_show(font: FontProperties, text: str) -> bool:
    """Tell whether a font has every character of a text."""
    path = findfont(font)
    return not _count_missing(FontPath(path, _face_of(path)), _visible(text))


def missing_font_advice() -> str:
    """Return one line: how to get a font when `font_for` found none."""
    return (
        "No installed font shows these characters. Install one that does with"
        f" `pip install '.[{EXTRA}]'`, or name a font file in the environment"
        f" variable {VARIABLE}."
    )


def _visible(text: str) -> frozenset[int]:
    return frozenset(ord(c) for c in text if c.isprintable() and not c.isspace())


def _candidates() -> Iterator[FontPath]:
    if named := os.environ.get(VARIABLE):
        yield _named_font(named)
    default = findfont(FontProperties())
    yield FontPath(default, _face_of(default))
    if packaged := _packaged_font():
        yield packaged
    for entry in sorted(fontManager.ttflist, key=_order):
        if not entry.name.lower().strip(".").startswith(_BLANKS):
            yield FontPath(entry.fname, entry.index)


def _named_font(name: str) -> FontPath:
    path = FontPath(Path(name).expanduser().as_posix(), 0)
    if _open(path) is None:
        raise UserError(
            f"The environment variable {VARIABLE} must name a font file (.ttf, .otf,"
            f" .ttc). Received: {name}. Correct or unset it."
        )
    return path


def _packaged_font() -> FontPath | None:
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (Path(folder) / _FILE).is_file():
            return FontPath((Path(folder) / _FILE).as_posix(), _SIMPLIFIED)
    return None


def _order(entry: FontEntry) -> tuple:
    """Sort regular, upright faces first, and among them the known families."""
    weight = weight_dict.get(str(entry.weight), entry.weight)
    known = _FAMILIES.index(entry.name) if entry.name in _FAMILIES else 99
    plain = entry.style == "normal" and entry.stretch == "normal"
    return known, not plain, abs(int(weight) - 400), entry.name, entry.fname


def _count_missing(path: FontPath, characters: frozenset[int]) -> int:
    face = _open(path)
    if face is None:
        return len(characters) + 1
    return sum(not face.get_char_index(character) for character in characters)


@functools.lru_cache(maxsize=8)
def _open(path: FontPath) -> FT2Font | None:
    """Open a face; None for what is gone or no outline font (color bitmaps)."""
    try:
        return FT2Font(path.path, face_index=path.face_index)
    except (OSError, RuntimeError, ValueError):
        return None


def _face_of(path: str) -> int:
    return path.face_index if isinstance(path, FontPath) else 0
