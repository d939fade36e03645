"""What a line may be written with: Chinese characters and full-width punctuation."""

import unicodedata

from common.errors import UserError

PUNCTUATION = "，、；：？！。"
LONGEST = 32  # characters of a line, punctuation among them

# First and last code point of each block of Chinese characters, compatibility
# characters and the extensions A to J among them; 〇 lies outside of all.
_HAN_BLOCKS = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EE5F),
    (0x2F800, 0x2FA1F),
    (0x30000, 0x3347F),
)
_FULL_WIDTH = str.maketrans(",;:?!.｡､．﹐﹑﹔﹕﹖﹗", "，；：？！。。、。，、；：？！")
# What takes no place when it is printed; variation selectors only change the shape.
_INVISIBLE = frozenset("\t\u180e\u200b\u200c\u200d\u2060\ufeff")
_RADICALS = range(0x2E80, 0x2FE0)  # look like characters, and are pasted as such


def is_han(char: str) -> bool:
    """Tell whether a code point is a Chinese character."""
    code = ord(char)
    return any(first <= code <= last for first, last in _HAN_BLOCKS)


def normalize(line: str) -> str:
    """Return a line as the models read it; what it says stays the same.

    Compatibility characters and radicals become the usual ones, half-width
    punctuation becomes full-width; blanks and marks without width go.
    """
    line = unicodedata.normalize("NFC", line.strip())
    line = "".join(map(_usual, line)).translate(_FULL_WIDTH)
    return "".join(char for char in line if not _is_blank(char))


def check_line(line: str, *, longest: int = LONGEST) -> str:
    """Return a line of a user's, normalized, if it is one.

    Characters that no model knows pass: they are characters.

    Args:
        line: What was typed.
        longest: How many characters it may have, punctuation counted.

    Raises:
        UserError: The line is empty or too long, or has no Chinese character, or
            something that is neither character nor punctuation.
    """
    line = normalize(line)
    expected = f"Expected a line of 1 to {longest} Chinese characters."
    if not line:
        raise UserError(f"{expected} Received: an empty line. Type one, as 风云三尺剑.")
    for position, char in enumerate(line, 1):
        if not (is_han(char) or char in PUNCTUATION):
            raise UserError(
                f"{expected} Received: {_describe(char)} at position {position}."
                f" Leave it out; {PUNCTUATION} may stand between clauses."
            )
    if not any(map(is_han, line)):
        raise UserError(f"{expected} Received: only punctuation, {line[:longest]}")
    if len(line) > longest:
        raise UserError(f"{expected} Received: {len(line)}. Shorten the line.")
    return line


def clauses(line: str) -> list[slice]:
    """Return where the parts between punctuation lie; none of them is empty."""
    found, start = [], None
    for position, char in enumerate(line):
        if not is_han(char):
            start = None
        elif start is None:
            start = position
            found.append(slice(position, position + 1))
        else:
            found[-1] = slice(start, position + 1)
    return found


def _usual(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if ord(char) in _RADICALS else char


def _is_blank(char: str) -> bool:
    selector = 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    return char in _INVISIBLE or selector or unicodedata.category(char) == "Zs"


def _describe(char: str) -> str:
    """Name a character so that it can be printed on any terminal."""
    code = f"U+{ord(char):04X}"
    kind = unicodedata.category(char)
    if kind[0] in "CM":  # control characters, halves of surrogates, lone accents
        return f"the control character {code}" if kind[0] == "C" else f"the mark {code}"
    return f"{char} ({unicodedata.name(char, code)})"
