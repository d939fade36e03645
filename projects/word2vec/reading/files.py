"""Files of a corpus: finding them, unpacking them block by block."""

import bz2
import errno
import glob
import gzip
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from common.errors import UserError

BLOCK = 1 << 19  # bytes: about 90,000 English words
# Files are told apart by their first bytes, not by their names.
_OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_ZIP = b"PK\x03\x04"
_DAMAGE = (
    *(EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, struct.error),
    *(NotImplementedError, ValueError, OverflowError),
)
_LEFT_OUT = ("__MACOSX", ".")  # what archives and folders hold beside their files


class Block(NamedTuple):
    """Some bytes of a text; the last block of each text is empty.

    Attributes:
        name: The file, of an archive also the member.
        data: Unpacked bytes, `BLOCK` of them but at the end.
        position: How far the file itself is read, in bytes.
    """

    name: str
    data: bytes
    position: int


def find_files(corpus: str) -> list[Path]:
    """Return the files of a corpus in a fixed order.

    Args:
        corpus: A file; a folder, of which all files count, also in its folders,
            but for hidden ones; or a glob pattern (`**` for any folders).

    Raises:
        UserError: There is no such file.
    """
    path = os.path.expanduser(corpus)
    if os.path.isdir(path):
        found = [Path(top, n) for top, _, names in os.walk(path) for n in names]
        found = [p for p in found if not _left_out(p.relative_to(path).parts)]
    elif os.path.lexists(path):
        found = [Path(path)]
    else:
        found = [Path(name) for name in glob.glob(path, recursive=True)]
    files = sorted(file for file in found if file.is_file())
    if not files:
        what = "which does not exist"
        what = "which is no regular file" if found else what
        what = "a folder without files" if os.path.isdir(path) else what
        raise UserError(
            "Text to learn from expected: a file, a folder or a pattern such as"
            f" 'texts/*.txt'. Received: {corpus}, {what}. Name others with --corpus."
        )
    return files


def _left_out(parts: tuple[str, ...]) -> bool:
    return any(p.startswith(_LEFT_OUT) for p in parts if p not in (".", ".."))


def read_blocks(path: Path) -> Iterator[Block]:
    """Read a file, unpacking .gz, .bz2, .xz and all members of a .zip on the way.

    Nothing is written to the disk, and nothing is held but one block.

    Raises:
        UserError: The file may not be read, is damaged, or changes meanwhile.
    """
    try:
        raw = path.open("rb")
    except (PermissionError, FileNotFoundError) as error:
        raise UserError(
            f"A file that may be read expected. Received: {path}: {error.strerror}."
        ) from error
    with raw:
        damage: Exception | None = None
        before = _state(os.fstat(raw.fileno()))
        try:
            for name, stream in _texts(path, raw):
                with stream:
                    while data := stream.read(BLOCK):
                        yield Block(name, data, raw.tell())
                    yield Block(name, b"", raw.tell())
        except _DAMAGE as error:
            damage = error
        except OSError as error:  # bz2 and gzip have no class of their own
            if error.errno not in (None, errno.EINVAL):
                raise
            damage = error
        _refuse(path, before, damage)


def _refuse(path: Path, before: tuple[int, ...], damage: Exception | None) -> None:
    if not path.exists() or _state(path.stat()) != before:
        raise UserError(
            f"A file that stays as it is expected. Received: {path}, which changed"
            " while it was read. Start again when nobody writes to it."
        )
    if damage is not None:
        raise UserError(
            f"A whole archive expected. Received: {path}, which is cut short or"
            f" damaged ({damage}). Fetch it again."
        ) from damage


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _texts(path: Path, raw: BinaryIO) -> Iterator[tuple[str, IO[bytes]]]:
    start = raw.read(6)
    raw.seek(0)
    for magic, opener in _OPENERS.items():
        if start.startswith(magic):
            yield str(path), opener(raw)
            return
    if not start.startswith(_ZIP):
        yield str(path), raw
        return
    with zipfile.ZipFile(raw) as archive:
        for member in archive.infolist():
            parts = tuple(member.filename.split("/"))
            if member.is_dir() or _left_out(parts):
                continue
            name = f"{path}: {ascii(member.filename)[1:-1]}"
            if member.flag_bits & 1:
                raise UserError(
                    f"An archive without a password expected. Received: {name}, which"
                    " is encrypted. Unpack it first."
                )
            yield name, archive.open(member)
