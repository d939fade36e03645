"""Bytes -> characters, block by block; what is no text is refused with its place."""

import codecs
import io
from typing import NoReturn

from common.errors import UserError

_MARKS = {  # UTF-32 first: its mark begins like that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_FOREIGN = {
    b"%PDF": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x28\xb5\x2f\xfd": "a .zst archive",
    b"7z\xbc\xaf": "a .7z archive",
    b"Rar!": "a .rar archive",
    b"\x93NUM": "a NumPy file",
    b"PAR1": "a Parquet file",
}
_TAR = slice(257, 262)


def check_encoding(encoding: str) -> str:
    """Return Python's name of a text encoding, or raise a UserError."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # refuses base64 and such
        codecs.getincrementaldecoder(encoding)().decode(b"a")  # nor "undefined"
        return codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise UserError(
            "The name of a text encoding such as utf-8, gb18030 or cp1252 expected for"
            f" --encoding. Received: {ascii(encoding)[:60]}."
        ) from error


class TextDecoder:
    """Decodes one text; a byte order mark at its beginning outweighs `encoding`.

    Attributes:
        encoding: The one in use.
    """

    def __init__(self, name: str, first: bytes, encoding: str):
        """Look at the beginning.

        Args:
            name: The file, for messages.
            first: The first block.
            encoding: As `check_encoding` returned it.

        Raises:
            UserError: The file is of a kind that is no text.
        """
        self._name = name
        mark = next((mark for mark in _MARKS if first.startswith(mark)), b"")
        self._skip = len(mark)
        self.encoding = _MARKS.get(mark, encoding)
        self._wide = self.encoding.startswith(("utf-16", "utf-32"))
        self._decoder = codecs.getincrementaldecoder(self.encoding)()
        self._position = 0
        kind = _FOREIGN.get(first[:4], "a tar archive" * (first[_TAR] == b"ustar"))
        if kind:
            raise UserError(
                f"Text expected in {name}. Received: {kind}. Unpack it, or leave it"
                " out of --corpus."
            )

    def decode(self, block: bytes) -> str:
        """Decode the next block; an empty one says that the text ends.

        Raises:
            UserError: A byte that this encoding does not know, or a NUL.
        """
        if not self._wide and (at := block.find(b"\0")) >= 0:
            self._refuse_binary(self._position + at)
        waiting = len(self._decoder.getstate()[0])
        skipped, self._skip = self._skip, 0
        try:
            text = self._decoder.decode(block[skipped:], final=not block)
        except UnicodeError as error:
            at = getattr(error, "start", 0)  # a few codecs do not tell
            offset = self._position + skipped - waiting + at
            raise UserError(
                f"{self.encoding} text expected in {self._name}. Received: another"
                f" byte at offset {offset}. Name its encoding, for instance --encoding"
                " gb18030 or cp1252; if it is no text, leave it out of --corpus."
            ) from error
        if self._wide and "\0" in text:
            self._refuse_binary(self._position)
        self._position += len(block)
        return text

    def _refuse_binary(self, offset: int) -> NoReturn:
        raise UserError(
            f"Text expected in {self._name}. Received: a NUL byte at or after offset"
            f" {offset}: a binary file, or UTF-16 without its mark. Give --encoding"
            " utf-16-le, or leave the file out of --corpus."
        )
