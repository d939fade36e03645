"""The cards of some first lines as one HTML file: it loads nothing, works offline."""

import base64
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from common.html_page import fill_page
from projects.couplet.cards.cards import LEGEND, Sheet
from projects.couplet.lines.characters import is_han
from projects.couplet.web.web_font import make_web_font

_TEMPLATE = Path(__file__).with_name("card_page.html")
_MARKS = "平仄入中上下联对仗"


def make_card_page(sheets: Sequence[Sheet], title: str) -> str:
    """Return a page of all cards, with its own font for the characters in it.

    Lines are data in it, never markup, and its policy lets the browser run the
    page's own script and nothing else. Where no font can be embedded, Chinese is
    shown by the browser's fonts; a browser without one says so.

    Args:
        sheets: the cards of one or more first lines.
        title: of the page.

    Returns:
        The whole file, in ASCII.

    Raises:
        UserError: The font file named by the user is none.
    """
    template = _TEMPLATE.read_text(encoding="utf-8")
    tables = dict.fromkeys(sheet.tone_source for sheet in sheets)
    data = {
        "sheets": [sheet.to_dict() for sheet in sheets],
        "legend": [*tables, *LEGEND],
        "font": _make_font([title, *tables, *LEGEND, *_texts(sheets)]),
    }
    return fill_page(template, title, data)


def _texts(sheets: Sequence[Sheet]) -> Iterable[str]:
    for sheet in sheets:
        yield from (sheet.first, *sheet.notes)
        for card in sheet.cards:
            yield card.second
            yield from (f"{finding.rule}{finding.text}" for finding in card.findings)


def _make_font(texts: Iterable[str]) -> str | None:
    """Return a font for the Chinese of the page, a few kilobytes in base64."""
    found = {char for text in texts for char in text if is_han(char) or char in "，？"}
    characters = "".join(sorted(found | set(_MARKS)))
    # Kept by nobody: the next page has other characters.
    with tempfile.TemporaryDirectory() as folder:
        font = make_web_font(characters, cache=Path(folder))
    return None if font is None else base64.b64encode(font).decode("ascii")
