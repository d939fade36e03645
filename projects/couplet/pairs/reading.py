"""Reading files of line pairs: two columns, plain or compressed."""

import csv
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from common.errors import UserError

_OPENERS: dict[str, Any] = {".gz": gzip.open, ".xz": lzma.open}
_DELIMITERS = {".tsv": "\t", ".txt": "\t", ".csv": ","}
_DAMAGED = (lzma.LZMAError, gzip.BadGzipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class Pairs:
    """Line pairs in the order of their file.

    Attributes:
        first: The first lines (上联), without blanks.
        second: The second lines (下联), as many.
        name: Where they come from, for reports.
    """

    first: list[str]
    second: list[str]
    name: str = ""

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.first)


def read_pairs(path: Path, *, limit: int = 0, allow_unequal: bool = False) -> Pairs:
    """Read line pairs.

    Args:
        path: A .tsv or .txt file (a tab between the lines) or .csv, perhaps
            with .gz or .xz behind. Blanks within a line are removed; empty
            rows are skipped.
        limit: Read only so many pairs; 0 means all.
        allow_unequal: Whether the lines of a pair may differ in length.

    Raises:
        UserError: See `read_rows`; or a row is no pair of lines, each with a
            character, both of one length; or there is no pair at all.
    """
    path = Path(path)
    first, second = [], []
    for number, row in read_rows(path):
        if len(row) != 2:
            _refuse(path, number, "two columns", f"{len(row)}")
        one, other = "".join(row[0].split()), "".join(row[1].split())
        if not one or not other:
            which = "first" if other else "second"
            _refuse(path, number, "two lines", f"an empty {which} one")
        if len(one) != len(other) and not allow_unequal:
            lengths = f"{len(one)} and {len(other)} characters"
            _refuse(path, number, "two lines of the same length", lengths)
        first.append(one)
        second.append(other)
        if len(first) == limit:
            break
    if not first:
        raise UserError(f"Line pairs expected in {path}. Received: none.")
    return Pairs(first, second, path.name)


def read_references(path: Path) -> list[tuple[str, list[str]]]:
    """Read first lines, each with all its known second lines.

    Args:
        path: As that of `read_pairs`, but with one column or more of answers.

    Raises:
        UserError: See `read_rows`; or a row has no answer, or an empty one.
    """
    references = []
    for number, row in read_rows(Path(path)):
        line, *answers = ("".join(cell.split()) for cell in row)
        if not (line and answers and all(answers)):
            _refuse(path, number, "a line and its answers", "an empty or no answer")
        references.append((line, answers))
    return references


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Read a table row by row, as its name tells; see `read_pairs`.

    Yields:
        The number of the line in the file, from 1, and its cells. Rows of
        blanks alone are skipped.

    Raises:
        UserError: There is no such file, it is damaged, its ending is unknown,
            or it is no UTF-8.
    """
    path = Path(path)
    ending = path.with_suffix("").suffix if path.suffix in _OPENERS else path.suffix
    if ending not in _DELIMITERS:
        raise UserError(
            "A file of line pairs must end with .tsv, .txt or .csv, perhaps with .gz"
            f" or .xz behind. Received: {path}. Rename it."
        )
    lines = read_lines(path)
    if ending == ".csv":
        yield from _split_csv(path, lines)
        return
    for number, line in enumerate(lines, start=1):
        if line and not line.isspace():
            yield number, line.rstrip("\n").split("\t")


def read_lines(path: Path) -> Iterator[str]:
    """Read the lines of a text in UTF-8, compressed or not, with their ends.

    Raises:
        UserError: There is no such file, it is damaged, or it is no UTF-8.
    """
    with _opened(path) as file:
        for number, data in enumerate(file, start=1):
            try:
                line = data.decode()
            except UnicodeDecodeError:
                advice = " Convert the file, as by `iconv -f gb18030 -t utf-8`."
                _refuse(path, number, "UTF-8", repr(data[:20]), advice)
            yield line.removeprefix("\ufeff") if number == 1 else line


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        # Buffered once more, as the lines of gzip and lzma are read in Python.
        with io.BufferedReader(_OPENERS.get(path.suffix, open)(path, "rb")) as file:
            yield file
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise UserError(
            f"A file of lines expected. Received: {path}, which is none. Name"
            " another file."
        ) from None
    except _DAMAGED as error:
        raise UserError(
            f"A whole {path.suffix} file expected. Received: {path}, damaged"
            f" ({error}). Fetch it again."
        ) from error


def _split_csv(path: Path, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(lines, strict=True)
    try:
        for row in rows:
            if any(cell and not cell.isspace() for cell in row):
                yield rows.line_num, row
    except csv.Error as error:
        _refuse(path, rows.line_num, "comma-separated values", str(error))


def _refuse(
    path: Path, number: int, expected: str, received: str, advice: str = ""
) -> NoReturn:
    advice = advice or " Mend the line, or have prepare.py drop what is unfit."
    raise UserError(
        f"Expected {expected} in line {number} of {path}. Received: {received}.{advice}"
    )


def write_rows(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write a .tsv, compressed as its name tells; see `common.files.atomic_write`."""
    with _OPENERS.get(path.suffix, open)(path, "wt", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in rows)
