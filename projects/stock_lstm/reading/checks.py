"""Checks of price rows: what is impossible is refused, what is odd is noted."""

from typing import Any

import numpy as np

from common.errors import UserError
from projects.stock_lstm.reading.column_names import OHLC
from projects.stock_lstm.reading.columns import Columns
from projects.stock_lstm.reading.rows import Rows, find_holes, listed

_SPLIT = 1.8  # times in one row: few crashes reach it, a 2:1 split does


def check_prices(rows: Rows, columns: Columns, where: str) -> None:
    """Refuse rows from which no forecast can be made.

    Args:
        rows: All rows that will be used.
        columns: Tells which of their columns are.
        where: The file, for messages.

    Raises:
        UserError: No rows; a hole; a price which is infinite, zero or negative; a
            target which never changes.
    """
    if not len(rows):
        raise UserError(f"Rows with prices expected in {where}. Received: none.")
    holes = find_holes(rows, columns.used)
    if holes.any():
        raise UserError(
            f"Prices in all of {', '.join(columns.used)} expected in {where}. "
            f"Received: some missing in {listed(rows.lines[holes])}. Mend these rows "
            "or leave them out with --drop-missing."
        )
    for name in columns.used:
        _check_positive(rows, name, columns, where)
    values = rows.values[columns.target]
    if len(rows) > 1 and np.all(values == values[0]):
        raise UserError(
            f"A series that changes expected in column {columns.own(columns.target)} "
            f"of {where}. Received: {values[0]:g} in all {len(rows)} rows. "
            "Choose another --column."
        )


def _check_positive(rows: Rows, name: str, columns: Columns, where: str) -> None:
    values = rows.values[name]
    bad = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
    if len(bad):
        some = ", ".join(f"{value:g}" for value in values[bad[:5]])
        raise UserError(
            f"Prices above zero expected in column {columns.own(name)} of {where}. "
            f"Received: {some} in {listed(rows.lines[bad])}. Mend these rows, or use "
            "the rows after them with --last-rows."
        )


def leave_out_unusable(rows: Rows, columns: Columns) -> None:
    """Leave out columns that nobody needs and that cannot be used throughout.

    Args:
        rows: Changed in place. A volume of zero in some rows stays.
        columns: Tells which are needed.
    """
    for name in [name for name in rows.values if name not in columns.used]:
        values = rows.values[name]
        bad = ~np.isfinite(values)
        if name in OHLC:
            bad |= values <= 0
        if name == "volume":
            bad |= values < 0
            _note_zeros(rows)
        if bad.any() or (name == "volume" and not values.any()):
            what = f"missing or impossible in {listed(rows.lines[bad])}"
            what = what if bad.any() else "zero in all rows"
            rows.notes.append(f"column {columns.own(name)} left out: {what}")
            del rows.values[name]


def _note_zeros(rows: Rows) -> None:
    zero = rows.values["volume"] == 0
    if zero.any() and not zero.all():
        rows.notes.append(f"volume is zero in {listed(rows.lines[zero])}")


def describe(rows: Rows, target: str) -> None:
    """Note bars that contradict themselves, gaps, weekends and likely splits.

    Args:
        rows: Checked rows; notes are added.
        target: Name of the series to forecast.
    """
    _note_bars(rows)
    order = np.argsort(rows.dates, kind="stable")
    dates = rows.dates[order]
    if len(dates) > 1:
        _note_gaps(rows, dates)
        _note_jump(rows, dates, rows.values[target][order], target)


def _note_bars(rows: Rows) -> None:
    if not set(OHLC) <= set(rows.values):
        return
    opened, high, low, close = (rows.values[name] for name in OHLC)
    wrong = (high < np.maximum(opened, close)) | (low > np.minimum(opened, close))
    if wrong.any():
        lines = np.sort(rows.lines[wrong])
        rows.notes.append(
            f"high or low does not span open and close in {listed(lines)}"
        )


def _note_gaps(rows: Rows, dates: np.ndarray) -> None:
    steps = np.diff(dates)
    at = int(steps.argmax())
    minutes = int(steps[at].astype("timedelta64[m]").astype(np.int64))
    length = f"{minutes} minutes" if minutes < 1440 else f"{minutes / 1440:.3g} days"
    unit: Any = "D" if minutes >= 1440 else "m"
    start, end = (np.datetime_as_string(dates[i], unit=unit) for i in (at, at + 1))
    days = dates.astype("datetime64[D]").astype(np.int64)
    weekend = days[(days + 3) % 7 >= 5]  # day 0, 1970-01-01, was a Thursday
    sessions = 1 + np.count_nonzero(np.diff(weekend)) if len(weekend) else 0
    rows.notes.append(
        f"longest gap {length} ({start} to {end}); weekend sessions: {sessions}"
    )


def _note_jump(rows: Rows, dates: np.ndarray, values: np.ndarray, target: str) -> None:
    ratios = values[1:] / values[:-1]
    at = int(np.abs(np.log(ratios)).argmax())
    if max(ratios[at], 1 / ratios[at]) >= _SPLIT:
        day = np.datetime_as_string(dates[at + 1], unit="D")
        rows.notes.append(
            f"{target} goes from {values[at]:g} to {values[at + 1]:g} on {day}: "
            "a split that is not adjusted?"
        )
