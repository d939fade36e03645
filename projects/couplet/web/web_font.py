"""A Chinese font for the page, cut down to what it shows.

Machines without a Chinese font show empty boxes. So the page brings the font that
`common.fonts` finds, with the characters of the model alone: one or two megabytes
instead of twenty. Cutting takes seconds and is done once; the result is kept.
"""

import hashlib
import importlib.util
import io
import logging
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

from common.download import cache_folder
from common.files import atomic_write
from common.fonts import font_for

_VERSION = "1"  # of the way of cutting: a new one makes new files
_RESTRICTED, _NO_SUBSETS = 0x0002, 0x0100  # in OS/2.fsType
# Nothing is set vertically by the browser, and rows need no kerning.
_UNUSED = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "FFTM"]


def make_web_font(
    needed: str, wished: str = "", cache: Path | None = None
) -> bytes | None:
    """Return a font as WOFF2, or as WOFF where the package brotli is not installed.

    Args:
        needed: the characters by which the font is chosen; it has nearly all.
        wished: characters that it keeps besides, if it has them.
        cache: the cache folder; None: see `common.download.cache_folder`.

    Returns:
        The content of the font file; None if there is no such font here, or its
        makers do not allow it to be cut and embedded.
    """
    properties = font_for(needed)
    if properties is None:
        return None
    found = properties.get_file()
    path, face = Path(str(found)), getattr(found, "face_index", 0)
    characters = "".join(sorted(set(needed + wished)))
    kept = cache_folder(cache) / "fonts" / _name(path, face, characters)
    if kept.is_file():
        return kept.read_bytes()
    content = _cut(path, face, characters)
    if content is not None:
        _keep(kept, content)
    return content


def media_type(font: bytes) -> str:
    """Return the media type of what `make_web_font` returned."""
    return "font/woff2" if font.startswith(b"wOF2") else "font/woff"


def _flavor() -> str:
    return "woff2" if importlib.util.find_spec("brotli") else "woff"


def _name(path: Path, face: int, characters: str) -> str:
    state = path.stat()
    parts = (path, face, state.st_size, state.st_mtime_ns, characters, _VERSION)
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
    return f"couplet-{digest}.{_flavor()}"


def _cut(path: Path, face: int, characters: str) -> bytes | None:
    options = subset.Options()
    options.flavor = _flavor()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += _UNUSED
    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    try:
        source = io.BytesIO(path.read_bytes())
        with TTFont(source, fontNumber=face, lazy=True) as font:
            if _is_protected(font):
                return None
            cutter = subset.Subsetter(options)
            cutter.populate(text=characters)
            cutter.subset(font)
            font.flavor = options.flavor
            written = io.BytesIO()
            font.save(written)
    except (TTLibError, subset.Subsetter.SubsettingError, OSError):
        return None  # a face that Matplotlib can draw with, yet none for the web
    return written.getvalue()


def _is_protected(font: TTFont) -> bool:
    rights = font["OS/2"].fsType if "OS/2" in font else 0
    return (rights & 0x000F) == _RESTRICTED or bool(rights & _NO_SUBSETS)


def _keep(path: Path, content: bytes) -> None:
    """Keep the font for the next start, where that is possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
    except OSError:
        pass
