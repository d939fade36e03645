"""Prices: from a CSV file of any layout, or from a series that comes with matplotlib.

The way of a file: `text_file` (bytes, encoding) -> `csv_table` (header, cells) ->
`columns` (what is what) -> `rows` (numbers and dates, in order) -> `checks`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import cbook

from common.errors import UserError
from projects.stock_lstm.reading.checks import (
    check_prices,
    describe,
    leave_out_unusable,
)
from projects.stock_lstm.reading.column_names import CHINESE
from projects.stock_lstm.reading.columns import Columns, choose_target, find_columns
from projects.stock_lstm.reading.csv_format import CsvFormat
from projects.stock_lstm.reading.csv_table import CsvTable, open_table
from projects.stock_lstm.reading.rows import (
    Rows,
    drop_empty,
    keep_newest,
    put_in_order,
    read_rows,
)

__all__ = ["CsvFormat", "Prices", "append_prices", "load_goog", "read_prices"]

_DECIDING_ROWS = 50_000  # on which the layouts of dates and numbers are decided
_GOOG = "GOOG 2004-2008 (matplotlib sample data)"


@dataclass(frozen=True)
class Prices:
    """A series of prices.

    Attributes:
        frame: float64 columns, "open", "high", "low", "close", "volume" where
            known, others under their own names; the index is a DatetimeIndex
            "date" without zone in which each date stands once.
        target: The column of `frame` to forecast.
        source: Short name for people.
        sha256: Of the file's bytes.
        notes: What was done, one line each.
    """

    frame: pd.DataFrame
    target: str
    source: str
    sha256: str
    notes: tuple[str, ...]


def read_prices(
    path: str | Path, csv_format: CsvFormat | None = None, sort: bool = True
) -> Prices:
    """Read a CSV file of prices; most layouts need no `csv_format`.

    Args:
        path: The file, perhaps gzipped. It is read in chunks: the memory is that
            of the numbers, not of the text.
        csv_format: What the user says about the file; None: nothing.
        sort: Whether to put the oldest row first. False keeps the order of the
            file (the slides' newest-first recipe) and still checks everything.

    Returns:
        The prices; `target` and, where all four are there, open, high, low and
        close are positive and without holes.

    Raises:
        UserError: The file cannot be read or understood, or has impossible prices.
            The message names file, row (line number) and column.
    """
    csv_format = csv_format or CsvFormat()
    table = open_table(path, csv_format.encoding, csv_format.delimiter, CHINESE)
    where = str(table.text.path)
    columns = find_columns(table, table.first_rows(_DECIDING_ROWS), csv_format)
    rows = read_rows(table.chunks(), columns, where)
    drop_empty(rows, columns, csv_format.drop_missing)
    put_in_order(rows, sort, where)
    keep_newest(rows, csv_format.last_rows)
    check_prices(rows, columns, where)
    leave_out_unusable(rows, columns)
    describe(rows, columns.target)
    notes = (*_writing(table, columns), *rows.notes)
    return Prices(
        _frame(rows), columns.target, table.text.path.name, table.text.sha256, notes
    )


def load_goog(column: str | None = None) -> Prices:
    """Load daily prices of Google 2004-08-19 to 2008-10-14, installed with matplotlib.

    Args:
        column: The column to forecast; None: "open".

    Returns:
        1047 rows with open, high, low, close, volume and adj_close.

    Raises:
        UserError: There is no such column.
    """
    path = Path(str(cbook.get_sample_data("goog.npz", asfileobj=False)))
    with np.load(path, allow_pickle=False) as archive:
        table = archive["price_data"]
    names = [name for name in table.dtype.names if name != "date"]
    positions = {name: i for i, name in enumerate(names)}
    target = choose_target(column, positions, names, names, _GOOG)
    dates = table["date"].astype("datetime64[us]")
    values = {name: table[name].astype(np.float64) for name in names}
    rows = Rows(dates, np.arange(len(dates), dtype=np.int32), values)
    describe(rows, target)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Prices(_frame(rows), target, _GOOG, sha256, tuple(rows.notes))


def append_prices(train: Prices, test: Prices) -> Prices:
    """Append later rows, such as those of a test file, to a series.

    Args:
        train: The earlier rows.
        test: The later ones; every date after the last one of `train`.

    Returns:
        All rows, those of `train` first, each in its own order; `sha256` is that
        of the two sums in hexadecimal, one after the other.

    Raises:
        UserError: The dates overlap, or the columns differ.
    """
    _refuse_other_columns(train, test)
    last, first = train.frame.index.max(), test.frame.index.min()
    if first <= last:
        raise UserError(
            f"Dates after {last} (the last of {train.source}) expected in "
            f"{test.source}. Received: {first}. Leave out the rows which both have, "
            "or change the two files round."
        )
    frame = pd.concat([train.frame, test.frame[list(train.frame.columns)]])
    notes = [f"{part.source}: {n}" for part in (train, test) for n in part.notes]
    return Prices(
        frame,
        train.target,
        f"{train.source} + {test.source}",
        hashlib.sha256((train.sha256 + test.sha256).encode()).hexdigest(),
        tuple(notes),
    )


def _refuse_other_columns(train: Prices, test: Prices) -> None:
    if train.target != test.target:
        raise UserError(
            f"The column {train.target!r} of {train.source} expected in {test.source}, "
            f"too. Received: {test.target!r}. Name it with --column."
        )
    mine, others = (list(part.frame.columns) for part in (train, test))
    lone = [f"{name!r} only in {train.source}" for name in mine if name not in others]
    lone += [f"{name!r} only in {test.source}" for name in others if name not in mine]
    if lone:
        raise UserError(
            f"The same columns expected in {train.source} and {test.source}. "
            f"Received: {', '.join(lone)} (a column with holes is left out; the notes "
            "tell). Remove or mend them in both files."
        )


def _frame(rows: Rows) -> pd.DataFrame:
    index = pd.DatetimeIndex(rows.dates, name="date")
    return pd.DataFrame(rows.values, index=index, copy=False)


def _writing(table: CsvTable, columns: Columns) -> Sequence[str]:
    """Say how the file was understood, as far as it is not the plainest way."""
    signs = []
    if table.text.encoding != "utf-8":
        signs.append(f"encoding {table.text.encoding}")
    if table.delimiter != ",":
        signs.append(f"cells parted by {table.delimiter!r}")
    if columns.decimal == "comma":
        signs.append("decimal comma")
    if table.head_lines > 1:
        signs.append(f"a head of {table.head_lines} lines")
    if columns.layout.name != "ymd":
        signs.append(f"dates as {columns.layout.name}")
    return [columns.note(), *(["read with " + ", ".join(signs)] if signs else [])]
