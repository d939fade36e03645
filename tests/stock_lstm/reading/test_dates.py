from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from common.errors import UserError
from projects.stock_lstm.reading.dates import (
    NO_OFFSET,
    choose_layout,
    is_clock,
    is_date,
    read_dates,
    to_naive,
)


def read(cells, order=None):
    layout = choose_layout(cells, order, "x.csv")
    return read_dates(cells, layout)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2018-10-24", "2018-10-24"),
        ("2018/1/5", "2018-01-05"),
        ("2018.10.24", "2018-10-24"),
        ("2018年10月4日", "2018-10-04"),
        ("20181024", "2018-10-24"),
        ("20181024 153000", "2018-10-24T15:30"),
        ("20181024 93000", "2018-10-24T09:30"),
        ("201810240930", "2018-10-24T09:30"),
        ("20181024093015", "2018-10-24T09:30:15"),
        ("2018-10-24 09:30", "2018-10-24T09:30"),
        ("2018-10-24T09:30:15.25", "2018-10-24T09:30:15.25"),
        ("2018-Oct-24", "2018-10-24"),
        ("Oct 24, 2018", "2018-10-24"),
        ("October 24, 2018 4:05 PM", "2018-10-24T16:05"),
        ("Oct 24, 2018, 12:05 a.m.", "2018-10-24T00:05"),
        ("19-Sep-03", "2003-09-19"),
        ("24 Sept 2018", "2018-09-24"),
        ("Wed, 24 Oct 2018", "2018-10-24"),
        ("31-Dec-99", "1999-12-31"),
        ("24.10.2018", "2018-10-24"),
        ("05.10.2018", "2018-10-05"),
        ("24/10/2018", "2018-10-24"),
        ("10/24/18", "2018-10-24"),
        ("1540339200", "2018-10-24"),
        ("1540339200.0", "2018-10-24"),
        ("1540373400000", "2018-10-24T09:30"),
        ("1712101500000", "2024-04-02T23:45"),  # also 1712-10-15 if read as digits
        ("1540339200000000", "2018-10-24"),
        ("1540339200000000000", "2018-10-24"),
    ],
)
def test_dates(cell, expected):
    dates, offsets = read([cell])
    assert dates[0] == np.datetime64(expected)
    assert dates.dtype == "datetime64[us]"
    assert offsets[0] == NO_OFFSET
    assert is_date(cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("2018-10-24T09:30:00Z", 0),
        ("2018-10-24 09:30:00-04:00", -240),
        ("2018-10-24 09:30:00+0530", 330),
        ("2018-10-24 09:30 UTC", 0),
        ("Wed Oct 24 2018 09:30:00 GMT+0200", 120),
    ],
)
def test_zones_keep_the_local_time_and_tell_the_offset(cell, minutes):
    dates, offsets = read([cell])
    assert dates[0] == np.datetime64("2018-10-24T09:30")
    assert offsets[0] == minutes


@pytest.mark.parametrize(
    "cell",
    ["30/02/2018", "2018-13-01", "2018-10-24-05", "0018-10-24", "12.5", "x" * 999],
)
def test_what_is_no_date_has_no_layout(cell):
    assert choose_layout([cell]) is None


def test_single_wrong_dates_are_told_by_position():
    for good, bad in [("2018-10-24", "2018-02-30"), ("24/10/2018", "10/24/2018")]:
        cells = [good, bad, good, good]
        dates, _ = read(cells)
        assert list(np.isnat(dates)) == [False, True, False, False]


def test_a_day_above_twelve_decides_between_day_and_month():
    assert read(["03/10/2018", "13/10/2018"])[0][0] == np.datetime64("2018-10-03")
    assert read(["10/03/2018", "10/13/2018"])[0][0] == np.datetime64("2018-10-03")


def test_the_only_reading_in_one_direction_is_taken():
    """01/10 02/10 .. 12/10 then 01/11: as m/d/y this jumps back after December."""
    cells = [f"{day:02d}/10/2018" for day in range(1, 13)] + ["01/11/2018"]
    assert read(cells)[0][-1] == np.datetime64("2018-11-01")
    assert read(cells[::-1])[0][0] == np.datetime64("2018-11-01")


def test_day_and_month_that_can_change_places_are_asked_for():
    cells = ["01/10/2018", "02/10/2018", "03/10/2018"]
    with pytest.raises(UserError, match=r"x\.csv.*'01/10/2018'.*--date-order dmy"):
        read(cells)
    assert read(cells, "dmy")[0][1] == np.datetime64("2018-10-02")
    assert read(cells, "mdy")[0][1] == np.datetime64("2018-02-10")


def test_years_of_two_figures_are_not_taken_for_days():
    year_first = ["18-10-30", "18-10-31", "18-11-01"]  # as d-m-y: 2030 2031 2001
    assert read(year_first)[0][2] == np.datetime64("2018-11-01")
    day_first = ["30-10-18", "31-10-18", "01-11-18", "01-11-18"]
    assert read(day_first)[0][2] == np.datetime64("2018-11-01")
    with pytest.raises(UserError, match="--date-order dmy or --date-order ymd"):
        read(["18-10-29", "18-10-30", "18-10-31"])


def test_the_order_said_is_the_order_read():
    assert read(["03.10.2018"], "mdy")[0][0] == np.datetime64("2018-03-10")
    assert read(["03-10-18"], "ymd")[0][0] == np.datetime64("2003-10-18")
    assert read(["Oct 3, 2018"], "dmy")[0][0] == np.datetime64("2018-10-03")


@pytest.mark.parametrize("clock", ["", " %H:%M", "T%H:%M:%S"])
@pytest.mark.parametrize("day", ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y"])
def test_the_fast_way_and_the_careful_way_agree(day, clock):
    times = pd.date_range("2017-12-20", "2018-03-10", freq="731min")
    cells = list(dict.fromkeys(times.strftime(day + clock)))
    layout = choose_layout(cells)
    fast, _ = read_dates(cells, layout)
    careful, _ = read_dates([" " + cells[0], *cells], layout)  # one unlike the others
    np.testing.assert_array_equal(fast, careful[1:])
    expected = [datetime.strptime(cell, day + clock) for cell in cells]
    assert fast.tolist() == expected


def test_clocks():
    assert all(map(is_clock, ["09:30", "9:30:15", "153000", "0930", "9:30 PM"]))
    assert not any(map(is_clock, ["", "2018-10-24", "20181024", "12.5", "noon"]))


def zoned(*cells):
    return to_naive(*read(list(cells)))


def test_local_midnights_stay_the_local_day_across_summer_time():
    dates, note = zoned("2018-10-26 00:00:00+02:00", "2018-10-29 00:00:00+01:00")
    assert list(dates) == [np.datetime64("2018-10-26"), np.datetime64("2018-10-29")]
    assert "+01:00" in note and "+02:00" in note and "midnight" in note


def test_other_times_are_converted_to_utc():
    dates, note = zoned("2018-11-02 09:30:00-04:00", "2018-11-05 09:30:00-05:00")
    expected = ["2018-11-02T13:30", "2018-11-05T14:30"]
    assert list(dates) == [np.datetime64(cell) for cell in expected]
    assert "UTC" in note and "-04:00" in note


def test_half_hour_zones_are_told_rightly():
    assert "-03:30" in zoned("2018-11-02 09:30:00-03:30")[1]
