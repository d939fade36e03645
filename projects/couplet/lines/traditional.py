"""Lines in traditional characters: known as such, and converted both ways."""

import functools

import opencc


def is_traditional(line: str) -> bool:
    """Tell whether more characters of a line are only traditional than simplified.

    Lines of characters that both have in common are taken for simplified.
    """
    return _distance(line, to_simplified(line)) > _distance(line, to_traditional(line))


def to_simplified(line: str) -> str:
    """Return a line in simplified characters, one for one."""
    return _convert("t2s", line)


def to_traditional(line: str) -> str:
    """Return a line in traditional characters, one for one, as usual: 床, not 牀."""
    return _convert("s2tw", line)


def _convert(way: str, line: str) -> str:
    converter = _converter(way)
    converted = converter.convert(line)
    if len(converted) == len(line):
        return converted
    # No phrase known to us changes its length; the positions must stay even so.
    return "".join(
        new if len(new := converter.convert(char)) == 1 else char for char in line
    )


@functools.cache
def _converter(way: str) -> opencc.OpenCC:
    return opencc.OpenCC(way)


def _distance(line: str, other: str) -> int:
    return sum(a != b for a, b in zip(line, other, strict=True))
