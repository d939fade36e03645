"""Files cut into pieces that are encoded apart and give the same words as uncut.

Plain files are cut at blanks; a compressed file is one piece. Whether a sentence ends
where a file is cut, the tokenizer decides: on both sides of the cut a mark stands for
the text that goes on, and becomes a token that is no word.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from common.errors import UserError
from projects.word2vec.encoding import NO_WORD
from projects.word2vec.reading.files import BLOCK, read_blocks
from projects.word2vec.reading.text import TextDecoder
from projects.word2vec.reading.tokenizers import Chunk, make_tokenizer

PIECE = 64 << 20  # bytes

_MARK = "\u4e00"  # a word of its own to every tokenizer
# After a run of blanks that surely ends there (Unicode has more of them than ASCII).
# A file in another encoding is one piece.
_ASCII = re.compile(rb"[ \t\r\n](?=[!-~])")
_UTF8 = re.compile(rb"[ \t\r\n](?=[!-~\xc3-\xe0\xe4-\xee\xf0-\xf4])")
_CHINESE = re.compile(rb"[ \t\r\n](?=[!-~\xb0-\xf7])")
_CUTS = {
    "utf-8": _UTF8,
    **dict.fromkeys(("ascii", "iso8859-1", "cp1252"), _ASCII),
    **dict.fromkeys(("gb18030", "gbk", "gb2312"), _CHINESE),
}


@dataclass(frozen=True)
class Piece:
    """Consecutive bytes of a file.

    Attributes:
        path: The file.
        state: Size of the file in bytes, time of its last change in nanoseconds.
        begin: The first byte of the piece.
        end: The byte after its last.
        encoding: Of the text.
        whole: Whether it is all of the file, which then may be compressed.
    """

    path: Path
    state: tuple[int, int]
    begin: int
    end: int
    encoding: str
    whole: bool


def cut(path: Path, encoding: str, length: int = PIECE) -> list[Piece]:
    """Cut a file.

    Args:
        path: The file.
        encoding: As `check_encoding` returned it; a byte order mark outweighs it.
        length: Of a piece, at least, in bytes.

    Raises:
        UserError: The file cannot be read, or is no text.
    """
    state = _state(path)
    size = state[0]
    plain = _encoding_if_plain(path, encoding)
    if plain not in _CUTS or size <= length:
        return [Piece(path, state, 0, size, encoding, whole=True)]
    cuts = [0]
    with path.open("rb") as file:
        while cuts[-1] < size:
            file.seek(cuts[-1] + length)
            cuts.append(min(_find(_CUTS[plain], file), size))
    return [
        Piece(path, state, begin, end, plain, whole=False)
        for begin, end in zip(cuts, cuts[1:], strict=False)
    ]


def read_piece(piece: Piece, tokenizer: str) -> Iterator[Chunk]:
    """Read the words of a piece; `NO_WORD` stands for what is before and after it.

    Raises:
        UserError: The file cannot be read, is no text, or has changed.
    """
    _refuse_changed(piece)
    if piece.whole:
        yield from _read_whole(piece, tokenizer)
    else:
        yield from _read_part(piece, tokenizer)
    _refuse_changed(piece)


def hash_texts(files: Sequence[Path]) -> str:
    """Return the hash of the texts as `Reading.sha256` does, hexadecimal."""
    digest, border = hashlib.sha256(), b""
    for file in files:
        for block in read_blocks(file):
            digest.update(border + block.data)
            border = b"" if block.data else b"\0"
    return digest.hexdigest()


def _encoding_if_plain(path: Path, encoding: str) -> str | None:
    """Return the encoding in use, None if the file is no plain text."""
    block = next(read_blocks(path), None)
    with path.open("rb") as file:
        if block is None or file.read(len(block.data)) != block.data:
            return None
    return TextDecoder(block.name, block.data, encoding).encoding


def _find(pattern: re.Pattern[bytes], file: BinaryIO) -> int:
    """Return the next place where a file may be cut, or a place beyond its end."""
    position, before = file.tell(), b""
    while data := file.read(BLOCK):
        if found := pattern.search(before + data):
            return position - len(before) + found.end()
        position, before = position + len(data), data[-1:]
    return position


def _read_whole(piece: Piece, tokenizer: str) -> Iterator[Chunk]:
    words, decoder = make_tokenizer(tokenizer), None
    for name, data, _ in read_blocks(piece.path):
        decoder = decoder or TextDecoder(name, data, piece.encoding)
        yield words.feed(decoder.decode(data), last=not data)
        decoder = decoder if data else None


def _read_part(piece: Piece, tokenizer: str) -> Iterator[Chunk]:
    words = make_tokenizer(tokenizer)
    goes_on, went_on = piece.end < piece.state[0], piece.begin > 0
    if went_on:
        words.feed(f"{_MARK} ", last=False)
    for text in _decode(piece):
        chunk = words.feed(text, last=False)
        if went_on and chunk.tokens:
            chunk.tokens[0] = NO_WORD
            chunk.starts.remove(0)
            went_on = False
        yield chunk
    chunk = words.feed(_MARK if goes_on else "", last=True)
    if went_on:
        chunk.tokens[0] = NO_WORD
        chunk.starts.remove(0)
    if goes_on:
        chunk.tokens[-1] = NO_WORD
    yield chunk


def _decode(piece: Piece) -> Iterator[str]:
    with piece.path.open("rb") as file:
        file.seek(piece.begin)
        position = piece.begin
        data = file.read(min(BLOCK, piece.end - position))
        # Only the beginning of a file can show of what kind it is.
        beginning = data if position == 0 else b""
        decoder = TextDecoder(str(piece.path), beginning, piece.encoding)
        decoder._position = position
        while data:
            yield decoder.decode(data)
            position += len(data)
            data = file.read(min(BLOCK, piece.end - position))
        yield decoder.decode(b"")


def _refuse_changed(piece: Piece) -> None:
    if not piece.path.exists() or _state(piece.path) != piece.state:
        raise UserError(
            "A file that stays as it is, and that all workers see, expected."
            f" Received: {piece.path}, which is gone or has changed. Start again when"
            " nobody writes to it."
        )


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
