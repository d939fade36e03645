"""Rows of prices: read from a table, put in order, checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from common.errors import UserError
from projects.stock_lstm.reading.cells import read_numbers, shown
from projects.stock_lstm.reading.column_names import OHLC
from projects.stock_lstm.reading.columns import Columns
from projects.stock_lstm.reading.csv_table import Chunk
from projects.stock_lstm.reading.dates import NO_OFFSET, read_dates, to_naive

_MOST_SHOWN = 5


@dataclass
class Rows:
    """Columns of equal length.

    Attributes:
        dates: datetime64[us] of shape (rows,), without zone.
        lines: int32, line number of each row in the file.
        values: Name -> float64 of shape (rows,), NaN where there is no value.
        notes: What was done to them.
    """

    dates: np.ndarray
    lines: np.ndarray
    values: dict[str, np.ndarray]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.dates)

    def keep(self, chosen: np.ndarray) -> None:
        """Keep only these rows, in this order (a mask or positions)."""
        self.dates, self.lines = self.dates[chosen], self.lines[chosen]
        for name in self.values:  # one by one: never two copies of the whole
            self.values[name] = self.values[name][chosen]


@dataclass
class _Wrong:
    """Cells which cannot be read: the first ones and how many."""

    first: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, chunk: Chunk, cells: Sequence[str], positions: np.ndarray) -> None:
        self.count += len(positions)
        for position in positions[: _MOST_SHOWN - len(self.first)]:
            self.first.append((chunk.lines[position], cells[position]))

    def __str__(self):
        cells = ", ".join(f"{shown(cell)} in row {line}" for line, cell in self.first)
        return cells + (f" ({self.count} in all)" if self.count > 1 else "")


def listed(lines: np.ndarray) -> str:
    """Return "row 7" or "rows 7, 8, 9, 10, 12 (31 in all)" for line numbers."""
    first = ", ".join(str(line) for line in lines[:_MOST_SHOWN])
    more = f" ({len(lines)} in all)" if len(lines) > _MOST_SHOWN else ""
    return f"row{'s' if len(lines) > 1 else ''} {first}{more}"


def read_rows(chunks: Iterable[Chunk], columns: Columns, where: str) -> Rows:
    """Read all rows; of the text only one chunk is in memory at a time.

    Args:
        chunks: The rows of the file as text.
        columns: What to read.
        where: The file, for messages.

    Returns:
        The rows in the order of the file, columns left out in which something is
        no number and which nobody needs.

    Raises:
        UserError: A date cannot be read, or a cell of a needed column is no number.
    """
    dates, offsets, lines = [], [], []
    values: dict[str, list[np.ndarray]] = {name: [] for name in columns.positions}
    wrong = {name: _Wrong() for name in ("", *values)}
    for chunk in chunks:
        texts = chunk.joined(columns.date, columns.clock)
        local, ahead = read_dates(texts, columns.layout)
        wrong[""].add(chunk, texts, np.flatnonzero(np.isnat(local)))
        dates.append(local)
        offsets.append(ahead)
        lines.append(np.array(chunk.lines, dtype=np.int32))
        for name, position in columns.positions.items():
            cells = chunk.column(position)
            numbers, bad = read_numbers(cells, columns.decimal)
            values[name].append(numbers)
            wrong[name].add(chunk, cells, bad)
    _refuse_wrong(wrong, columns, where)
    line = np.concatenate(lines)
    local, ahead = np.concatenate(dates), np.concatenate(offsets)
    naive, note = _without_zones(local, ahead, line, where)
    text = [name for name in values if wrong[name].count]
    whole = {n: np.concatenate(values.pop(n)) for n in list(values) if n not in text}
    notes = [note] if note else []
    if text:
        notes.append(
            f"columns left out, not all numbers: {', '.join(map(shown, text))}"
        )
    return Rows(naive, line, whole, notes)


def _refuse_wrong(wrong: dict[str, _Wrong], columns: Columns, where: str) -> None:
    if wrong[""].count:
        raise UserError(
            f"Dates like those before expected in column "
            f"{shown(columns.header[columns.date])} of {where}. Received: {wrong['']}. "
            "Mend these rows, or give --date-order or --date-column."
        )
    for name in columns.used:
        if wrong[name].count:
            raise UserError(
                f"Numbers expected in column {columns.own(name)} of {where}. "
                f"Received: {wrong[name]}. Mend these cells, or give --decimal "
                "or another --column."
            )


def _without_zones(
    local: np.ndarray, offsets: np.ndarray, lines: np.ndarray, where: str
) -> tuple[np.ndarray, str | None]:
    told = offsets != NO_OFFSET
    if told.any() and not told.all():
        raise UserError(
            f"Time zones in all rows of {where} or in none expected. Received: none in "
            f"{listed(lines[~told])}. Mend these rows."
        )
    return to_naive(local, offsets)


def drop_empty(rows: Rows, columns: Columns, drop_missing: bool) -> None:
    """Leave out rows without any price and, if asked, those with some missing.

    Args:
        rows: Changed in place.
        columns: Tells which prices there are and which are used.
        drop_missing: Whether a row with a hole in a used column goes too.
    """
    bars = [name for name in OHLC if name in rows.values]
    names = {*bars, columns.target} if bars else set(rows.values) - {"volume"}
    empty = np.logical_and.reduce([np.isnan(rows.values[name]) for name in names])
    if empty.any():
        rows.notes.append(f"without any price, left out: {listed(rows.lines[empty])}")
        rows.keep(~empty)
    holes = find_holes(rows, columns.used)
    if drop_missing and holes.any():
        rows.notes.append(f"prices missing, left out: {listed(rows.lines[holes])}")
        rows.keep(~holes)


def find_holes(rows: Rows, names: Sequence[str]) -> np.ndarray:
    """Return a mask of the rows in which one of these columns has no value."""
    return np.logical_or.reduce([np.isnan(rows.values[name]) for name in names])


def put_in_order(rows: Rows, sort: bool, where: str) -> None:
    """Leave each date once and, if asked, put the oldest row first.

    Args:
        rows: Changed in place. Of several rows with one date the last is kept.
        sort: False: the order of the file stays.
        where: The file, for the message.

    Raises:
        UserError: Most dates come again with other values: several series.
    """
    steps = np.diff(rows.dates).astype(np.int64)
    if np.all(steps > 0):
        return
    _note_order(rows, steps, sort)
    order = np.argsort(rows.dates, kind="stable")
    again = np.flatnonzero(np.diff(rows.dates[order]).astype(np.int64) == 0)
    if len(again):
        _note_repeats(rows, order[again], order[again + 1], where)
        order = np.delete(order, again)
    rows.keep(order if sort else np.sort(order))


def _note_order(rows: Rows, steps: np.ndarray, sort: bool) -> None:
    back = np.count_nonzero(steps < 0)
    if back and np.all(steps <= 0):
        done = "turned round" if sort else "left so"
        rows.notes.append(f"rows were newest first: {done}")
    elif back:
        done = "sorted" if sort else "left so"
        rows.notes.append(f"rows were not in order of time ({back} steps back): {done}")


def _note_repeats(
    rows: Rows, dropped: np.ndarray, kept: np.ndarray, where: str
) -> None:
    equal = np.ones(len(dropped), dtype=bool)
    for column in rows.values.values():
        old, new = column[dropped], column[kept]
        equal &= (old == new) | (np.isnan(old) & np.isnan(new))
    copies, others = dropped[equal], np.sort(rows.lines[dropped[~equal]])
    if 2 * len(others) > len(rows):
        raise UserError(
            f"One series with one row per date expected in {where}. Received: other "
            f"prices for the same date again in {len(others)} of {len(rows)} rows. "
            "Keep the rows of one symbol; intraday times may stand in a column Time."
        )
    if len(copies):
        rows.notes.append(f"exact duplicates left out: {len(copies)}")
    if len(others):
        rows.notes.append(
            f"dates that came again with other values: {len(others)}, the last row of "
            f"each kept, left out: {listed(others)}"
        )


def keep_newest(rows: Rows, count: int) -> None:
    """Keep only the `count` newest rows in their order; 0: all."""
    if 0 < count < len(rows):
        newest = np.argsort(rows.dates, kind="stable")[-count:]
        rows.notes.append(f"only the newest {count} of {len(rows)} rows kept")
        rows.keep(np.sort(newest))
