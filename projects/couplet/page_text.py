"""The Chinese characters that the page may come to show."""

from collections.abc import Iterable
from pathlib import Path

from projects.couplet.characters import PUNCTUATION, is_han

PAGE = Path(__file__).with_name("page")
# The rows of Big5 with the common traditional characters, sorted by strokes.
_BIG5_ROWS = range(0xA4, 0xC7)


def characters_of_page(characters: Iterable[str]) -> tuple[str, str]:
    """Return what the page's font must have, and what it should have besides.

    Args:
        characters: what the model writes; names of special ones are passed over.

    Returns:
        The characters of model and page; and traditional ones, for answers to
        traditional lines.
    """
    texts = (path.read_text(encoding="utf-8") for path in sorted(PAGE.iterdir()))
    written = {char for text in texts for char in text if is_han(char)}
    known = {char for char in characters if len(char) == 1 and is_han(char)}
    needed = "".join(sorted(written | known)) + PUNCTUATION
    return needed, _common_traditional() + "“”…＿　"


def _common_traditional() -> str:
    found = []
    for row in _BIG5_ROWS:
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            try:
                found.append(bytes([row, cell]).decode("big5"))
            except UnicodeDecodeError:
                continue  # the last row ends early
    return "".join(found)
