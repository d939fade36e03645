"""Text for a terminal, where a Chinese character takes two columns."""

import unicodedata
from collections.abc import Sequence


def display_width(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    Characters that Unicode calls wide or full-width take two, marks that join the
    one before take none, all others one.
    """
    return sum(map(_width, text))


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with blanks up to a number of columns; longer ones stay."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, indent: str = "") -> str:
    """Break a text at its blanks; a word too long for a line gets one of its own.

    Args:
        text: the words.
        width: columns of a line, the indent included.
        indent: before every line but the first; room for it is left there too.
    """
    lines, room = [""], width - display_width(indent)
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and display_width(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return f"\n{indent}".join(lines)


def in_columns(
    names: Sequence[str], rows: Sequence[Sequence[str]], cell: int, width: int
) -> list[str]:
    """Put the rows of a card under each other, one column for each character.

    Args:
        names: of the rows, at the left.
        rows: cells of the characters, of one length; they end at the right.
        cell: columns of the terminal that a cell takes.
        width: columns of the terminal; what does not fit goes on below.

    Returns:
        The lines, without blanks at their ends.
    """
    left = max(map(display_width, names)) + 1
    step = max(1, (width - left) // cell)
    lines = []
    for begin in range(0, len(rows[0]), step):
        for name, row in zip(names, rows, strict=True):
            cells = (fit(c, cell, right=True) for c in row[begin : begin + step])
            shown = "" if begin else name
            lines.append((fit(shown, left) + "".join(cells)).rstrip())
    return lines


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
