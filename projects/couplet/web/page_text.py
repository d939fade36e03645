"""The Chinese characters that the page may come to show."""

from collections.abc import Iterable
from pathlib import Path

from projects.couplet.lines.characters import PUNCTUATION, is_han

PAGE = Path(__file__).with_name("page")
# The rows of the common characters in two encodings: what people may type.
_COMMON = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}


def characters_of_page(characters: Iterable[str]) -> tuple[str, str]:
    """Return what the page's font must have, and what it should have besides.

    Args:
        characters: what the model writes; names of special ones are passed over.

    Returns:
        The characters of model and page; and common ones, also traditional, which
        lines that are typed may have.
    """
    texts = (path.read_text(encoding="utf-8") for path in sorted(PAGE.iterdir()))
    written = {char for text in texts for char in text if is_han(char)}
    known = {char for char in characters if len(char) == 1 and is_han(char)}
    needed = "".join(sorted(written | known)) + PUNCTUATION
    return needed, _common_characters() + "“”…＿　"


def _common_characters() -> str:
    found = set()
    for encoding, rows in _COMMON.items():
        for row in rows:
            for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
                try:
                    found.add(bytes([row, cell]).decode(encoding))
                except UnicodeDecodeError:
                    continue  # not all cells are taken
    return "".join(sorted(filter(is_han, found)))
