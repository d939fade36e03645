"""Order, repeats, holes and chunks."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from common.errors import UserError
from projects.stock_lstm.data import CsvFormat
from tests.stock_lstm.reading.files import OHLCV, noted, read, series


def test_zones_in_some_rows_only(tmp_path):
    with pytest.raises(UserError, match=r"x\.csv.*row 3\b"):
        read(tmp_path, "Date,Open\n2018-10-24T13:30:00Z,5\n2018-10-24T13:35:00,6\n")


def test_order_is_kept_on_request_and_still_checked(tmp_path):
    text = series((24, 6, 7), (23, 5, 6), (23, 5, 6), (22, 4, 5))
    prices = read(tmp_path, text, sort=False)
    assert prices.frame["open"].tolist() == [6, 5, 4]
    noted(prices, "newest first: left so", "exact duplicates left out: 1")
    with pytest.raises(UserError, match="row 3"):
        read(tmp_path, series((24, 6, 7), (23, -5, 6)), sort=False)


def test_mixed_order_is_sorted(tmp_path):
    prices = read(tmp_path, series((23, 5, 6), (22, 4, 5), (24, 6, 7)))
    assert prices.frame["open"].tolist() == [4, 5, 6]
    noted(prices, "not in order of time (1 steps back): sorted")


def test_of_repeated_dates_the_last_row_stays(tmp_path):
    text = series((22, 4, 5), (23, 5, 6), (24, 7, 8), (23, 5.5, 6), (25, 8, 9))
    for sort, opens in [(True, [4, 5.5, 7, 8]), (False, [4, 7, 5.5, 8])]:
        prices = read(tmp_path, text, sort=sort)
        assert prices.frame["open"].tolist() == opens
        noted(prices, "other values: 1", "left out: row 3")


def test_several_series_in_one_file_are_not_mixed(tmp_path):
    text = "date,open,close,Name\n" + "".join(
        f"2018-10-{day},{i + day},{i + day},{name}\n"
        for i, name in enumerate(("A", "B", "C"))
        for day in range(10, 20)
    )
    with pytest.raises(UserError, match=r"One series.*20 of 30 rows"):
        read(tmp_path, text)


def test_the_newest_rows(tmp_path):
    rows = [(24, 6, 7), (23, 5, 6), (22, 4, 5), (21, 0, 4)]
    assert read(tmp_path, series(*rows), last_rows=2).frame["open"].tolist() == [5, 6]
    kept = read(tmp_path, series(*rows), sort=False, last_rows=3)
    assert kept.frame["open"].tolist() == [6, 5, 4]
    with pytest.raises(UserError, match="--last-rows"):
        CsvFormat(last_rows=-1)


def test_what_is_missing(tmp_path):
    text = OHLCV + "2018-10-25,,,,,\n2018-10-26,7,8,,7.5,5\n"
    with pytest.raises(UserError, match=r"row 5\b.*--drop-missing"):
        read(tmp_path, text)
    prices = read(tmp_path, text, drop_missing=True)
    assert prices.frame["open"].tolist() == [5, 6.5]
    noted(prices, "without any price, left out: row 4", "missing, left out: row 5")


def test_later_chunks_are_read_as_the_first(tmp_path):
    """More rows than one chunk holds; the last rows are ornamented."""
    times = pd.date_range("2018-01-01", periods=60_000, freq="min")
    cells = [f"{100 + i % 7}" for i in range(60_000)]
    cells[-1] = '"$1,000.5"'
    text = "Date,Open\n" + "".join(
        f"{t},{cell}\n"
        for t, cell in zip(times.strftime("%Y-%m-%d %H:%M"), cells, strict=True)
    )
    frame = read(tmp_path, text).frame
    assert len(frame) == 60_000
    assert frame["open"].iloc[-1] == 1000.5
    assert frame["open"].iloc[50_000] == 100 + 50_000 % 7
    assert (frame.index == times).all()
    with pytest.raises(UserError, match="'x' in row 60002"):
        read(tmp_path, text + "2018-03-01 00:00,x\n")


_MEASURE = """
import resource, sys
from projects.stock_lstm.data import read_prices
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
prices = read_prices(sys.argv[1])
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(prices.frame), (after - before) // 1024)
"""


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="ru_maxrss is in kB on Linux only")
def test_a_large_file_takes_little_memory(tmp_path):
    path = tmp_path / "large.csv"
    count = 1_200_000
    times = pd.date_range("2015-01-01", periods=count, freq="min")[::-1]
    stamps = np.datetime_as_string(times.values.astype("datetime64[s]"))
    with path.open("w") as handle:
        handle.write("Date,Open,High,Low,Close,Volume\n")
        for i, stamp in enumerate(stamps.tolist()):
            price = 100 + i % 977 / 100
            handle.write(f"{stamp},{price:.2f},120.00,90.00,{price:.2f},{i % 99 + 1}\n")
    assert path.stat().st_size > 55e6
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, path],
        capture_output=True,
        text=True,
        check=True,
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == count
    assert megabytes < 250  # the numbers alone are 58 MB
