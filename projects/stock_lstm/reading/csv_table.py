"""Delimited text: a text file -> its header and rows of text cells, chunk by chunk."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from common.errors import UserError
from projects.stock_lstm.reading.cells import looks_like_data, shown
from projects.stock_lstm.reading.text_file import TextFile, find_text, refuse_encoding

# Fits into the processor's cache, and leaves Python's garbage collector little to
# walk through: chunks of 50 000 rows take three times as long.
_CHUNK_ROWS = 2_000
_DELIMITERS = (",", ";", "\t", "|")
_DELIMITER_WORDS = {"tab": "\t", "\\t": "\t", "space": " "}
_SAMPLE_CHARS = 1 << 17
_SAMPLE_ROWS = 200
_REMARK = re.compile(r"\s*(#|sep=)", re.IGNORECASE)


@dataclass(frozen=True)
class Chunk:
    """Consecutive rows of a table.

    Attributes:
        lines: Line number of every row as an editor shows it, from 1.
        rows: As many lists of cells, each as long as the header.
    """

    lines: list[int]
    rows: list[list[str]]

    def column(self, position: int) -> list[str]:
        """Return the cells of one column."""
        return [row[position] for row in self.rows]

    def joined(self, left: int, right: int | None) -> list[str]:
        """Return one column, or two with a blank between (dates and times)."""
        if right is None:
            return self.column(left)
        return [f"{row[left]} {row[right]}" for row in self.rows]


@dataclass(frozen=True)
class CsvTable:
    """A table whose head is known and whose rows are read on demand.

    Attributes:
        text: The file.
        delimiter: One character.
        header: Names of the columns, several head rows merged into one.
        head_lines: Number of lines before the first row of data.
    """

    text: TextFile
    delimiter: str
    header: tuple[str, ...]
    head_lines: int

    def first_rows(self, count: int) -> Chunk:
        """Return up to `count` rows from the beginning; errors as in `chunks`."""
        return next(self.chunks(count))

    def chunks(self, size: int = _CHUNK_ROWS) -> Iterator[Chunk]:
        """Yield all rows in order, blank ones and remarks ("# ...") left out.

        Args:
            size: Most rows in a chunk; this bounds the memory.

        Raises:
            UserError: A row has more or fewer cells than the header, or a
                quotation mark is not closed.
        """
        with self.text.open() as handle:
            for _ in range(self.head_lines):
                handle.readline()
            reader = csv.reader(handle, delimiter=self.delimiter, skipinitialspace=True)
            line = self.head_lines
            while rows := self._next_rows(reader, size, line):
                chunk = self._checked(line + 1, rows)
                line += len(rows)
                if chunk.rows:
                    yield chunk

    def _next_rows(self, reader, most: int, line: int) -> list[list[str]]:
        try:
            rows = list(islice(reader, most))
        except csv.Error as error:
            raise UserError(
                f"Cells split by {self.delimiter!r} expected in {self.text.path}. "
                f"Received: row {self.head_lines + reader.line_num} ({error})."
            ) from error
        if self.head_lines + reader.line_num != line + len(rows):
            broken = next(i for i, row in enumerate(rows) if _spans_lines(row))
            raise UserError(
                f"Every row on a line of its own expected in {self.text.path}. "
                f"Received: a quotation mark in row {line + 1 + broken} which is "
                "not closed there. Close or remove it."
            )
        return rows

    def _checked(self, first: int, rows: list[list[str]]) -> Chunk:
        width = len(self.header)
        if set(map(len, rows)) == {width} and all(map(any, rows)):
            return Chunk(list(range(first, first + len(rows))), rows)
        kept = Chunk([], [])
        for line, row in enumerate(rows, first):
            if not any(cell.strip() for cell in row) or _REMARK.match(row[0]):
                continue
            if len(row) < width or any(row[width:]):
                self._refuse_ragged(line, row)
            kept.lines.append(line)
            kept.rows.append(row[:width])
        return kept

    def _refuse_ragged(self, line: int, row: Sequence[str]) -> None:
        raise UserError(
            f"{len(self.header)} cells in every row of {self.text.path} expected, as "
            f"in its header. Received: {len(row)} in row {line}, "
            f"{shown(self.delimiter.join(row))}. Mend that row, quote numbers which "
            f"hold a {self.delimiter!r}, or give another --delimiter."
        )


def open_table(
    path: str | Path,
    encoding: str | None = None,
    delimiter: str | None = None,
    witnesses: Collection[str] = (),
) -> CsvTable:
    """Find out how a table is written.

    Args:
        path: The file, perhaps gzipped.
        encoding: Python's name of it; None: found out.
        delimiter: One character or the word "tab"; None: found out.
        witnesses: Column names one of which must be there before an encoding
            that was guessed (GB18030) is believed.

    Raises:
        UserError: The file cannot be read, or is no table with a header.
    """
    delimiter = _known_delimiter(delimiter)
    text = find_text(path, encoding)
    with text.open() as handle:
        sample = handle.read(_SAMPLE_CHARS).removeprefix("\ufeff")
    whole = len(sample) < _SAMPLE_CHARS
    lines = io.StringIO(sample, newline="").readlines()
    lines = (lines if whole else lines[:-1])[:_SAMPLE_ROWS]
    if not text.certain and not any(name in "".join(lines[:20]) for name in witnesses):
        refuse_encoding(text.path, "utf-8", text.strange_byte)
    delimiter, width = _widest(text.path, lines, delimiter)
    head, head_lines = _find_head(text.path, _split(lines, delimiter), width)
    header = _merged(head)
    if not any(header[width:]):
        header = header[:width]
    return CsvTable(text, delimiter, header, head_lines)


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Split line by line, so that a row's position is its line; remarks are blank."""
    lines = ["\n" if _REMARK.match(line) else line for line in lines]
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows += [[]] * (reader.line_num - len(rows) - 1) + [row]
    except csv.Error:
        pass  # told with its line number when the rows are read
    return rows


def _widest(path: Path, lines: list[str], delimiter: str | None) -> tuple[str, int]:
    """Return the delimiter which splits most rows alike, and into how many cells."""
    best = (0.0, 1, "")
    for candidate in [delimiter] if delimiter else _DELIMITERS:
        widths = Counter(len(row) for row in _split(lines, candidate) if any(row))
        for width, count in widths.items():
            if width > 1:
                best = max(best, (count / widths.total(), width, candidate))
    if not best[2]:
        first = next((line for line in lines if line.strip()), "").strip()
        raise UserError(
            f"At least two columns, a date and a price, expected in {path}. Received: "
            f"one column, {shown(first)}. Name what parts the cells with --delimiter."
        )
    return best[2], best[1]


def _find_head(
    path: Path, rows: list[list[str]], width: int
) -> tuple[list[list[str]], int]:
    """Return the head rows and the number of lines down to the last of them."""
    usual = next(i for i, row in enumerate(rows) if len(row) == width)
    above = [i for i in range(usual + 1) if any(rows[i]) and not _has_data(rows[i])]
    if not above:
        raise UserError(
            f"Names of columns in the first row of {path} expected. Received: "
            f"{shown(','.join(rows[usual]))}. Put a header line such as "
            "Date,Open,High,Low,Close,Volume there."
        )
    top = above[-1]
    bottom = next((i for i in range(top + 1, len(rows)) if _has_data(rows[i])), None)
    if bottom is None:
        raise UserError(
            f"Rows of dates and numbers below the header expected in {path}. "
            f"Received: only {shown(','.join(rows[top]))}."
        )
    head = [row for row in rows[top:bottom] if len(row) == len(rows[top])]
    return head, bottom


def _has_data(row: list[str]) -> bool:
    return any(map(looks_like_data, row))


def _spans_lines(row: list[str]) -> bool:
    return any("\n" in cell or "\r" in cell for cell in row)


def _merged(head: list[list[str]]) -> tuple[str, ...]:
    """Merge head rows: yfinance writes fields, tickers and "Date" below each other.

    Rows which tell nothing (the one ticker, repeated) are dropped; the first
    column is named by its lowest cell.
    """
    telling = [row for row in head if len({*filter(None, row[1:])}) > 1] or head[:1]
    names = [" ".join(filter(None, cells)) for cells in zip(*telling, strict=True)]
    first = next((row[0] for row in reversed(head) if row[0].strip()), "")
    return tuple(" ".join(name.split()) for name in [first, *names[1:]])


def _known_delimiter(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    character = _DELIMITER_WORDS.get(delimiter, delimiter)
    if len(character) != 1 or character in '"\r\n':
        raise UserError(
            "One character, or the word tab, expected for --delimiter. "
            f"Received: {shown(delimiter)}."
        )
    return character
