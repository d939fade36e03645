"""The records of word2vec files: a word and its numbers, as text or binary."""

import struct
from collections.abc import Iterator
from io import BufferedReader

_LONGEST_WORD = 4096  # bytes
_LONGEST_NUMBER = 64  # bytes

Record = tuple[str, bytes]


class Broken(Exception):
    """A file does not keep to its form: what was expected there, what was found."""


def read_text_records(
    stream: BufferedReader, num_words: int, dim: int
) -> Iterator[Record]:
    """Read lines "word 0.1 -0.2 ...", separated by blanks or tabs.

    Args:
        stream: Stands behind the first line of the file.
        num_words: How many lines there should be.
        dim: How many numbers each should have.

    Yields:
        A word, and its numbers as little-endian float32.

    Raises:
        Broken: There are fewer or more lines or numbers, or something else.
    """
    pack = struct.Struct(f"<{dim}f").pack
    longest = _LONGEST_WORD + _LONGEST_NUMBER * dim
    for number in range(num_words):
        line = stream.readline(longest)
        if not line:
            raise _cut_off(num_words, number)
        where = f"line {number + 2:,}"
        word, *values = line.split() or [b""]
        if len(values) != dim:
            raise Broken(
                f"a word without blanks and {dim:,} numbers in {where}",
                f"{len(values):,} numbers",
            )
        try:
            yield _decode(word, where), pack(*map(float, values))
        except (ValueError, OverflowError):
            wrong = next(value for value in values if not _is_number(value))
            shown = ascii(wrong[:40].decode(errors="replace"))
            raise Broken(f"numbers of float32 in {where}", shown) from None
    _expect_end(stream, num_words)


def read_binary_records(
    stream: BufferedReader, num_words: int, dim: int
) -> Iterator[Record]:
    """Read "word " and numbers as little-endian float32.

    Args, yields and raises as `read_text_records`.
    """
    for number in range(num_words):
        where = f"word {number + 1:,}"
        word = _read_word(stream, where)
        values = b"" if word is None else stream.read(4 * dim)
        if len(values) < 4 * dim:
            raise _cut_off(num_words, number)
        yield _decode(word, where), values
    _expect_end(stream, num_words)


def _read_word(stream: BufferedReader, where: str) -> bytes | None:
    """Read as far as the next blank; return None at the end of the file."""
    word = b""
    while len(word) <= _LONGEST_WORD:
        ahead = stream.peek()
        end = ahead.find(b" ")
        word += stream.read(end + 1 if end >= 0 else len(ahead))
        if end >= 0 and len(word) <= _LONGEST_WORD:
            # Some programs end a vector by a line break, some do not.
            return word[:-1].lstrip(b"\n")
        if not ahead:
            return None
    raise Broken(
        f"{where} to have at most {_LONGEST_WORD:,} bytes",
        "more; perhaps the first line tells wrong numbers",
    )


def _decode(word: bytes, where: str) -> str:
    try:
        text = word.decode()
    except UnicodeDecodeError:
        shown = ascii(word[:40].decode(errors="replace"))
        raise Broken(f"a word in UTF-8 in {where}", shown) from None
    if word.split() != [word]:
        raise Broken(f"a word without blanks in {where}", ascii(text[:40]))
    return text


def _is_number(value: bytes) -> bool:
    try:
        struct.pack("<f", float(value))
    except (ValueError, OverflowError):
        return False
    return True


def _cut_off(num_words: int, number: int) -> Broken:
    return Broken(
        f"{num_words:,} words, as many as the first line says",
        f"{number:,} whole ones, then the end: the file is cut off",
    )


def _expect_end(stream: BufferedReader, num_words: int) -> None:
    if stream.read(_LONGEST_WORD).strip():
        raise Broken(
            f"{num_words:,} words, as many as the first line says", "more after them"
        )
