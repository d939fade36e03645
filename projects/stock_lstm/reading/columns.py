"""Which column of a price table is what: by its name first, then by its cells."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from common.errors import UserError
from projects.stock_lstm.reading.cells import (
    guess_decimal,
    is_missing,
    looks_like_data,
    read_numbers,
    shown,
)
from projects.stock_lstm.reading.column_names import (
    CLOCKS,
    DATES,
    NO_PRICES,
    OHLC,
    ROLES,
    find_roles,
    plain,
)
from projects.stock_lstm.reading.csv_format import CsvFormat
from projects.stock_lstm.reading.csv_table import Chunk, CsvTable
from projects.stock_lstm.reading.dates import (
    DateLayout,
    choose_layout,
    is_clock,
    is_date,
)

_MOST_OTHERS = 16  # columns without a role which are kept: bounds the memory
_TRIAL = 1000  # rows by which a column is judged


@dataclass(frozen=True)
class Columns:
    """What to read from a table, and how.

    Attributes:
        header: Names as the file has them, by position.
        date: Position of the dates.
        clock: Position of the times of day, if these stand apart.
        layout: How the dates are written.
        decimal: "point" or "comma".
        positions: Name in the price frame -> position; roles come first.
        target: The name to forecast.
    """

    header: tuple[str, ...]
    date: int
    clock: int | None
    layout: DateLayout
    decimal: str
    positions: Mapping[str, int]
    target: str

    @property
    def used(self) -> tuple[str, ...]:
        """The columns which must be whole: the target, and OHLC if all are there."""
        bars = OHLC if set(OHLC) <= set(self.positions) else ()
        return (*bars, *(() if self.target in bars else (self.target,)))

    def own(self, name: str) -> str:
        """Return the file's own name of a column, quoted for messages."""
        return shown(self.header[self.positions[name]])

    def note(self) -> str:
        """Say what was taken for what."""
        taken = {"date": self.date, "time": self.clock, **self.positions}
        pairs = [
            f"{name}={shown(self.header[position])}"
            for name, position in taken.items()
            if position is not None and name != self.header[position]
        ]
        return f"columns: {', '.join(pairs)}; forecast: {self.target}"


def find_columns(table: CsvTable, first: Chunk, csv_format: CsvFormat) -> Columns:
    """Find dates, prices and target of a table.

    Args:
        table: For its header.
        first: Its first rows, by which the layouts are decided.
        csv_format: What the user has said.

    Raises:
        UserError: Something is missing or can be understood in two ways.
    """
    path, header = str(table.text.path), table.header
    trial = Chunk(first.lines[:_TRIAL], first.rows[:_TRIAL])
    date = _find_date(header, trial, csv_format.date_column, path)
    clock = _find_clock(header, trial, date)
    where = f"column {shown(header[date])} of {path}"
    layout = choose_layout(first.joined(date, clock), csv_format.date_order, where)
    if layout is None:
        raise UserError(
            f"Dates expected in {where}. Received: {shown(first.rows[0][date])} in "
            f"row {first.lines[0]}. Name the column with --date-column."
        )
    others = [i for i in range(len(header)) if i not in (date, clock)]
    numeric = [i for i in others if _mostly(looks_like_data, trial.column(i))]
    cells = (cell for i in numeric for cell in first.column(i))
    decimal = csv_format.decimal or guess_decimal(cells, table.delimiter, path)
    positions = _name_columns(header, numeric, csv_format.column, path)
    empty = {i for i in others if all(map(is_missing, first.column(i)))}
    positions = {n: p for n, p in positions.items() if p not in empty}
    if not positions:
        raise UserError(
            f"A column of numbers beside the dates expected in {path}. Received: "
            f"{_listed(header)}."
        )
    prices = [n for n, p in positions.items() if _is_price(n, trial.column(p), decimal)]
    target = choose_target(csv_format.column, positions, header, prices, path)
    positions = _bounded(positions, target)
    return Columns(header, date, clock, layout, decimal, positions, target)


def choose_target(
    column: str | None,
    positions: Mapping[str, int],
    header: Sequence[str],
    prices: Sequence[str],
    where: str,
) -> str:
    """Return the name of the column to forecast.

    Args:
        column: What the user has said, own name or role, in any case; None: the
            open, else the only price.
        positions: Name in the price frame -> position in `header`.
        header: Own names.
        prices: Those names of `positions` which can be meant when none is said.
        where: The file, for the message.

    Raises:
        UserError: There is no such column, or none is named and several can be.
    """
    if column is not None:
        own = {header[p]: name for name, p in positions.items()}
        return _looked_up(column, {n: n for n in positions} | own, "--column", where)
    if "open" in positions:
        return "open"
    if len(prices) == 1:
        return prices[0]
    raise UserError(
        f"One column of prices expected in {where}. Received: "
        f"{_listed(prices) if prices else f'none among {_listed(header)}'}. "
        "Name the column to forecast with --column."
    )


def _looked_up(name: str, known: Mapping[str, object], flag: str, where: str):
    wanted = name.strip().casefold()
    spelled = {own.casefold(): own for own in known}
    if wanted in spelled:
        return known[spelled[wanted]]
    near = difflib.get_close_matches(wanted, spelled, cutoff=0.5) or spelled
    near = [spelled[folded] for folded in near]
    raise UserError(
        f"The name of a column of {where} expected for {flag}. Received: "
        f"{shown(name)}. Nearest: {_listed(near)}."
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(shown(name) for name in names[:8]) + more


def _mostly(true_of: Callable[[str], bool], cells: Sequence[str]) -> bool:
    """Tell whether something holds for at least half of the cells with a value."""
    present = [cell.strip() for cell in cells if not is_missing(cell)]
    return 0 < len(present) <= 2 * sum(map(true_of, present))


def _find_date(
    header: Sequence[str], trial: Chunk, wanted: str | None, where: str
) -> int:
    everywhere = range(len(header))
    if wanted is not None:
        known = {name: i for i, name in enumerate(header)}
        return _looked_up(wanted, known, "--date-column", where)
    named = [i for i, name in enumerate(header) if plain(name) in DATES]
    dated = [i for i in named or everywhere if _mostly(is_date, trial.column(i))]
    if not named:  # plain figures are dates only where the name says so
        dated = [i for i in dated if not _mostly(str.isdigit, trial.column(i))]
    found = dated or named[:1]
    if len(found) == 1:
        return found[0]
    received = f"several, {_listed([header[i] for i in found])}"
    raise UserError(
        f"One column of dates expected in {where}. Received: "
        f"{received if found else f'none among {_listed(header)}'}. "
        "Name it with --date-column."
    )


def _find_clock(header: Sequence[str], trial: Chunk, date: int) -> int | None:
    if any(":" in cell for cell in trial.column(date)):
        return None  # the dates have their times with them
    found = (
        i
        for i, name in enumerate(header)
        if i != date and plain(name) in CLOCKS and _mostly(is_clock, trial.column(i))
    )
    return next(found, None)


def _name_columns(
    header: tuple[str, ...], numeric: Sequence[int], column: str | None, where: str
) -> dict[str, int]:
    """Name the columns to read: roles first, then the others that hold numbers."""
    try:
        positions = find_roles(header)
    except ValueError as error:
        raise UserError(
            f"One column for each name expected in {where}. Received: two called "
            f"{shown(str(error))}. Rename or remove one."
        ) from error
    folded = [name.casefold() for name in header]
    for i, name in enumerate(header):
        wanted = column is not None and folded[i] == column.strip().casefold()
        once = name and folded.count(folded[i]) == 1 and folded[i] not in ROLES
        if i not in positions.values() and once and (wanted or i in numeric):
            positions[name] = i
    return positions


def _is_price(name: str, cells: Sequence[str], decimal: str) -> bool:
    if name in OHLC:
        return True
    if name == "volume" or plain(name) in {*NO_PRICES, *DATES, *CLOCKS}:
        return False
    values, wrong = read_numbers(cells, decimal)
    values = values[~np.isnan(values)]
    percent = any("%" in cell for cell in cells[:10])
    return bool(len(values) and not len(wrong) and values.min() > 0 and not percent)


def _bounded(positions: dict[str, int], target: str) -> dict[str, int]:
    others = [name for name in positions if name not in ROLES and name != target]
    if len(others) <= _MOST_OTHERS:
        return positions
    return {name: p for name, p in positions.items() if name not in others}
