"""Text files of unknown origin: bytes, perhaps gzipped -> text of a known encoding."""

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from common.errors import UserError
from projects.stock_lstm.reading.cells import shown

_BLOCK = 1 << 20
_MAX_LINE = 1 << 20  # bytes: a longer "line" is no table and would fill the memory
_GZIP = b"\x1f\x8b"
_FOREIGN = {
    b"PK\x03\x04": "an .xlsx or .zip file",
    b"\xd0\xcf\x11\xe0": "an .xls file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF file",
    b"<!do": "an HTML page",
    b"<htm": "an HTML page",
}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True)
class TextFile:
    """A file whose every byte is known to be text of `encoding`.

    Attributes:
        path: The file.
        encoding: Python's name of it.
        sha256: Of the file's bytes (compressed ones for a .gz).
        certain: False if the encoding was only found not to fail (GB18030 fits
            many a text), so that the content has to confirm it.
        strange_byte: Offset of the first byte that is not UTF-8, if any.
    """

    path: Path
    encoding: str
    sha256: str
    certain: bool = True
    strange_byte: int | None = None

    def open(self) -> io.TextIOWrapper:
        """Open the text from its beginning, line ends as they are."""
        binary = _open_bytes(self.path)
        return io.TextIOWrapper(binary, encoding=self.encoding, newline="")


def find_text(path: str | Path, encoding: str | None = None) -> TextFile:
    """Check a file and find its encoding; reads all of it once, block by block.

    Args:
        path: The file; gzip is recognized by its first bytes, not by its name.
        encoding: Python's name of it; None: by the byte order mark, else UTF-8,
            else GB18030 (then not `certain`).

    Raises:
        UserError: It is missing, unreadable, empty, binary, damaged, or not of
            that encoding.
    """
    path = Path(path)
    chosen = _known_encoding(encoding)
    try:
        first = _first_bytes(path)
        marks = [name for mark, name in _BOMS.items() if first.startswith(mark)]
        return _decided(path, chosen or "".join(marks))
    except PermissionError as error:
        raise UserError(
            f"A file that may be read expected. Received: {path}: permission denied."
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UserError(
            f"A whole .gz file expected. Received: {path}, which is cut short or "
            f"damaged ({error}). Fetch it again."
        ) from error


def _decided(path: Path, encoding: str) -> TextFile:
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    offset = _first_strange_byte(path, encoding or "utf-8")
    if offset is None:
        return TextFile(path, encoding or "utf-8", sha256)
    if encoding or _first_strange_byte(path, "gb18030") is not None:
        refuse_encoding(path, encoding or "utf-8", offset)
    return TextFile(path, "gb18030", sha256, certain=False, strange_byte=offset)


def refuse_encoding(path: Path, encoding: str, offset: int | None) -> NoReturn:
    """Raise the UserError of a text which is not of `encoding`."""
    raise UserError(
        f"{encoding} text expected in {path}. Received: another byte at offset "
        f"{offset}. Name the encoding, for instance --encoding cp1252."
    )


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise UserError(f"A CSV file expected. Received: {path}, which is a folder.")
    if not path.exists():
        raise UserError(f"A CSV file expected. Received: {path}, which does not exist.")
    if not path.is_file():
        raise UserError(f"A regular file expected. Received: {path}. Save it first.")
    with _open_bytes(path) as handle:
        first = handle.read(512)
    if not first.strip():
        raise UserError(f"A CSV file expected. Received: {path}, which is empty.")
    kind = _FOREIGN.get(first[:4]) or _FOREIGN.get(first.lstrip()[:4].lower())
    if kind:
        raise UserError(
            f"A CSV file expected. Received: {path}, which is {kind}. Export the "
            "prices as CSV."
        )
    return first


def _open_bytes(path: Path) -> BinaryIO:
    handle = path.open("rb")
    magic = handle.read(len(_GZIP))
    handle.seek(0)
    if magic != _GZIP:
        return handle
    handle.close()
    return cast(BinaryIO, gzip.open(path, "rb"))


def _blocks(path: Path) -> Iterator[bytes]:
    with _open_bytes(path) as handle:
        while block := handle.read(_BLOCK):
            yield block
    yield b""


def _first_strange_byte(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    position = line_bytes = 0
    for block in _blocks(path):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return position - pending + error.start
        position += len(block)
        tail = len(block) - 1 - max(block.rfind(b"\n"), block.rfind(b"\r"))
        line_bytes = tail + (line_bytes if tail == len(block) else 0)
        _refuse_binary(path, text, line_bytes)
    return None


def _refuse_binary(path: Path, text: str, line_bytes: int) -> None:
    if "\0" in text:
        raise UserError(
            f"A text file expected. Received: {path}, which holds NUL characters: a "
            "binary file, or UTF-16 without its mark (then give --encoding utf-16-le)."
        )
    if line_bytes > _MAX_LINE:
        raise UserError(
            f"A table of rows expected. Received: {path}, which has a line of more "
            f"than {_MAX_LINE >> 20} MB. Export the prices as CSV."
        )


def _known_encoding(encoding: str | None) -> str | None:
    if encoding is None:
        return None
    try:
        name = codecs.lookup(encoding).name
        io.TextIOWrapper(io.BytesIO(), encoding=name)  # refuses "base64" and its like
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError) as error:
        raise UserError(
            "The name of a text encoding such as utf-8 or gb18030 expected for "
            f"--encoding. Received: {shown(encoding)}."
        ) from error
    return "utf-8-sig" if name == "utf-8" else name
