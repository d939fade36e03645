"""Cells of text -> dates: the layout is found out, never guessed row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from common.errors import UserError
from projects.stock_lstm.reading.cells import is_missing, shown

DATE_ORDERS = ("ymd", "dmy", "mdy")
NO_OFFSET = np.int16(32767)
_YEARS = range(1700, 2200)
_LONGEST = 64  # characters
_TRIAL = 100  # cells tried before a layout is measured on all of them
_MONTHS = (
    "january february march april may june july august september october november "
    "december"
).split()
_CLOCK = (
    r"(?P<H>\d{1,2}):?(?P<M>\d\d)(?::?(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = r"\s?(?:(?:UTC|GMT)?(?P<zone>[-+]\d\d(?::?\d\d)?)|(?P<utc>Z|UTC|GMT))"
_TIME = rf"(?:(?:[T ,]\s?|(?<=^\d{{8}})){_CLOCK}(?:{_ZONE})?)?"
_DAY_NAME = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s)?"
_CLOCK_ONLY = re.compile(_CLOCK)
_EPOCH = re.compile(r"(?:\d{9,10}|\d{12,13}|\d{16}|\d{19})(?:\.0*)?")
_EPOCH_UNITS = {9: 1e6, 10: 1e6, 12: 1e3, 13: 1e3, 16: 1.0, 19: 1e-3}  # us in one
# What most long files look like: by the length of a cell. Pandas is faster on these.
_FAST_DAYS = {"ymd": "%Y-%m-%d", "dmy": "%d-%m-%Y", "mdy": "%m-%d-%Y"}
_FAST_CLOCKS = {10: "", 16: " %H:%M", 19: " %H:%M:%S"}


@dataclass(frozen=True)
class DateLayout:
    """One way of writing dates.

    Attributes:
        name: "ymd", "dmy", "mdy" or "epoch" for figures, else with "name".
        pattern: Matches a whole cell.
    """

    name: str
    pattern: re.Pattern[str]


def _layout(name: str, pattern: str) -> DateLayout:
    return DateLayout(name, re.compile(pattern + _TIME, re.IGNORECASE))


_Y4, _Y = r"(?P<y>\d{4})", r"(?P<y>\d{4}|\d\d)"
_M, _D = r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_WORD = r"(?P<m>[A-Za-z]{3,9})\.?"
_COMPACT = r"(?=\d{8}(?:(?:\d{4}|\d{6})?$|\D))"
_LAYOUTS = (
    _layout("ymd", rf"{_Y4}(?P<s>[-/. ]){_M}(?P=s){_D}"),
    _layout("ymd", rf"{_Y4}年\s?{_M}月\s?{_D}日"),
    _layout("ymd", rf"{_Y4}[-/. ]{_WORD}[-/. ]{_D}"),
    _layout("ymd", rf"{_COMPACT}(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d)"),
    DateLayout("epoch", _EPOCH),
    _layout("name dmy", rf"{_DAY_NAME}{_D}[-/. ]{{0,2}}{_WORD}[-/. ,]{{0,2}}{_Y}"),
    _layout("name mdy", rf"{_DAY_NAME}{_WORD}[-/. ]{_D}[-/, ]{{1,2}}{_Y}"),
    _layout("dmy", rf"{_D}(?P<s>[-/. ]){_M}(?P=s){_Y}"),
    _layout("mdy", rf"{_M}(?P<s>[-/ ]){_D}(?P=s){_Y}"),
    _layout("ymd", rf"(?P<y>\d\d)(?P<s>[-/]){_M}(?P=s){_D}"),
)
_FORCED = {  # with --date-order: whatever the marks, years of two figures too
    "ymd": _layout("ymd", rf"{_Y}(?P<s>[-/. ]?){_M}(?P=s){_D}"),
    "mdy": _layout("mdy", rf"{_M}(?P<s>[-/. ]){_D}(?P=s){_Y}"),
}


def choose_layout(
    cells: Sequence[str], order: str | None = None, where: str = "the dates"
) -> DateLayout | None:
    """Find the layout which fits the dates.

    Args:
        cells: Dates as written, all rows of a column or its first ones.
        order: One of `DATE_ORDERS`, for dates in figures; None: found out.
        where: File and column, for the message.

    Returns:
        The layout which fits most cells; None if it fits less than half.

    Raises:
        UserError: Day, month or year can change places in every date, and not
            exactly one reading runs strictly one way (repeated dates aside).
    """
    cells = [cell.strip() for cell in cells if not is_missing(cell)]
    fits = {
        layout: np.count_nonzero(~np.isnat(read_dates(cells, layout)[0]))
        for layout in _candidates(order)
        if any(layout.pattern.fullmatch(cell) for cell in cells[:_TRIAL])
    }
    best = max(fits.values(), default=0)
    if 2 * best < max(1, len(cells)):
        return None
    winners = [layout for layout, count in fits.items() if count == best]
    if len({x.name for x in winners} & {*DATE_ORDERS}) < 2:
        return winners[0]
    one_way = [x for x in winners if _runs_one_way(read_dates(cells, x)[0])]
    if len(one_way) != 1:
        raise UserError(
            f"Dates that can be read in one way expected in {where}. Received: "
            f"{shown(cells[0])}, where the parts can change places. Give "
            f"{' or '.join(f'--date-order {layout.name}' for layout in winners)}."
        )
    return one_way[0]


def _candidates(order: str | None) -> list[DateLayout]:
    if order is None:
        return list(_LAYOUTS)
    forced = [_FORCED[order]] if order in _FORCED else []
    return forced + [x for x in _LAYOUTS if x.name not in {*DATE_ORDERS} - {order}]


def _runs_one_way(dates: np.ndarray) -> bool:
    steps = np.diff(dates).astype(np.int64)
    return len(set(np.sign(steps)) - {0}) == 1


def read_dates(
    cells: Sequence[str], layout: DateLayout
) -> tuple[np.ndarray, np.ndarray]:
    """Read a column of dates.

    Args:
        cells: Dates as written.
        layout: How they are written.

    Returns:
        The local times, datetime64[us] with NaT where a cell does not fit, and
        what they are ahead of UTC in minutes (int16, `NO_OFFSET` if not told).
    """
    offsets = np.full(len(cells), NO_OFFSET)
    if layout.name == "epoch":
        return _read_epoch(cells), offsets
    fast = _read_fast(cells, layout.name)
    if fast is not None:
        return fast, offsets
    moments = np.full(len(cells), np.datetime64("NaT"), "datetime64[us]")
    for position, cell in enumerate(cells):
        match = layout.pattern.fullmatch(cell[:_LONGEST].strip())
        if match:
            try:
                moments[position] = _moment(match)
            except ValueError:
                continue  # no such day as 30 February
            offsets[position] = _offset(match)
    return moments, offsets


def is_date(cell: str) -> bool:
    """Tell whether a cell is written like a date of any layout."""
    return len(cell) <= _LONGEST and any(x.pattern.fullmatch(cell) for x in _LAYOUTS)


def is_clock(cell: str) -> bool:
    """Tell whether a cell is a time of day such as "09:30" or "153000"."""
    return len(cell) <= _LONGEST and _CLOCK_ONLY.fullmatch(cell.strip()) is not None


def to_naive(local: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, str | None]:
    """Take the time zones away.

    Args:
        local: datetime64[us] of shape (rows,).
        offsets: int16 minutes, told for every row or for none.

    Returns:
        The dates without zone, and a note of what was done (None: no zones).
        Days stamped with local midnight stay that day; other times go to UTC.
    """
    if not len(offsets) or offsets[0] == NO_OFFSET:
        return local, None
    found = ", ".join(
        f"{'-' if m < 0 else '+'}{abs(m) // 60:02d}:{abs(m) % 60:02d}"
        for m in np.unique(offsets)[:4].tolist()
    )
    if np.all(local == local.astype("datetime64[D]")):
        return local, f"time zones ({found}) dropped: every row is a local midnight"
    return local - offsets.astype("timedelta64[m]"), f"times converted to UTC ({found})"


def _read_fast(cells: Sequence[str], name: str) -> np.ndarray | None:
    if not cells or name not in _FAST_DAYS or len(cells[0]) not in _FAST_CLOCKS:
        return None
    mark = cells[0][4 if name == "ymd" else 2]
    clock = _FAST_CLOCKS[len(cells[0])].replace(" ", cells[0][10:11])
    form = _FAST_DAYS[name].replace("-", mark) + clock
    try:
        dates = pd.to_datetime(cells, format=form).to_numpy("datetime64[us]")
    except ValueError:
        return None  # not all alike
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    usual = not np.isnat(dates).any() and years.min() >= _YEARS[0]
    return dates if usual and years.max() <= _YEARS[-1] else None


def _read_epoch(cells: Sequence[str]) -> np.ndarray:
    moments = np.full(len(cells), np.datetime64("NaT"), "datetime64[us]")
    for position, cell in enumerate(cells):
        cell = cell[:_LONGEST].strip()
        if _EPOCH.fullmatch(cell):
            digits = cell.partition(".")[0]
            moments[position] = round(int(digits) * _EPOCH_UNITS[len(digits)])
    return moments


def _moment(match: re.Match[str]) -> datetime:
    part = match.groupdict()
    year = int(part["y"])
    if len(part["y"]) == 2:
        year += 2000 if year < 69 else 1900  # the pivot of strptime
    if year not in _YEARS:
        raise ValueError
    hour, minute, second = (int(part[key] or 0) for key in "HMS")
    if part["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * (part["half"] in "Pp")
    fraction = int((part["f"] or "0").ljust(6, "0")[:6])
    return datetime(
        year, _month(part["m"]), int(part["d"]), hour, minute, second, fraction
    )


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    word = text.casefold()
    fits = [i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    if not fits:
        raise ValueError
    return fits[0]


def _offset(match: re.Match[str]) -> int:
    zone = match["zone"]
    if not zone:
        return 0 if match["utc"] else int(NO_OFFSET)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = 60 * int(digits[:2]) + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes
