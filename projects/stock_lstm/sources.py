"""Where a series comes from: the sample that is installed, a download, a file."""

import datetime
from dataclasses import replace
from typing import Any

import pandas as pd

from common.download import Source, fetch
from common.errors import UserError
from projects.stock_lstm.data import (
    CsvFormat,
    Prices,
    append_prices,
    load_goog,
    read_prices,
)
from projects.stock_lstm.indicators import OHLC, required_columns

MOST_ROWS = 250_000  # a thousand years of days; windows of more fill the memory
_TATA = (
    "https://raw.githubusercontent.com/mwitiderrick/stockprice/"
    "0d6241f225fcf8df9b6197518685f1f4f1890d54/"
)
_LICENCE = "none stated by its publisher; for study only"
_CITATION = "Tata Global Beverages, National Stock Exchange of India, 2010-2018"
TATA_TRAIN = Source(
    name="NSE-TATAGLOBAL.csv",
    url=_TATA + "NSE-TATAGLOBAL.csv",
    sha256="104d075e71dab8c7f56a73ed57694bd78e5610fd362b5f731f27539bfa23b32c",
    size=115_525,
    licence=_LICENCE,
    citation=_CITATION,
    mirror_path="stock/NSE-TATAGLOBAL.csv",
)
TATA_TEST = Source(
    name="tatatest.csv",
    url=_TATA + "tatatest.csv",
    sha256="fe0574894a2db2c5d308fc29ac071da3582f8cdf7c0e4058ff65020c8a29ac2e",
    size=984,
    licence=_LICENCE,
    citation=_CITATION,
    mirror_path="stock/tatatest.csv",
)


def load_series(config: Any, csv_format: CsvFormat) -> tuple[Prices, Prices | None]:
    """Load the series that the flags name and, if they come apart, its later rows.

    Args:
        config: has the fields `data`, `csv`, `test_csv`, `sort` and `data_dir`;
            see config.py for their meaning.
        csv_format: what the file does not tell by itself.

    Returns:
        The series; and its later rows, or None.

    Raises:
        UserError: see `read_prices` and `fetch`.
    """
    csv, test_csv = config.csv, config.test_csv
    if csv is None and config.data == "goog":
        goog = load_goog(config.column)
        return replace(goog, frame=goog.frame.iloc[-csv_format.last_rows :]), None
    if csv is None:
        csv, test_csv = (fetch(s, config.data_dir) for s in (TATA_TRAIN, TATA_TEST))
    train = read_prices(csv, csv_format, sort=config.sort)
    if test_csv is None:
        return train, None
    test = read_prices(test_csv, csv_format, sort=config.sort)
    append_prices(train, test)  # refuses rows that overlap
    return train, test


def join(train: Prices, test: Prices | None) -> Prices:
    """Return one series in order of time, of the columns that are made use of."""
    both = train if test is None else append_prices(train, test)
    used = [name for name in (*OHLC, "volume") if name in both.frame]
    used += [] if both.target in used else [both.target]
    return replace(both, frame=both.frame[used].sort_index(kind="stable"))


def cut(prices: Prices, until: str | None) -> Prices:
    """Return the rows up to and including the day `until`."""
    if until is None:
        return prices
    try:
        # Not pd.Timestamp: it takes 05.10.2018 for May, and hours with the day.
        end = pd.Timestamp(datetime.date.fromisoformat(until)) + pd.Timedelta(days=1)
    except ValueError as error:
        raise UserError(
            f"--until must be a date such as 2018-09-28. Received: {until!r}."
        ) from error
    frame = prices.frame[prices.frame.index < end]
    if frame.empty:
        first = prices.frame.index.min().date()
        raise UserError(
            f"--until must be a day of the series, which begins on {first}."
            f" Received: {until}."
        )
    return replace(prices, frame=frame)


def check_rows(prices: Prices, target: str) -> None:
    """Raise a UserError when a column is missing or the rows are too many.

    Args:
        prices: the series.
        target: `price`, `range` or `volume`.
    """
    for name in required_columns(prices.target, target):
        if name not in prices.frame:
            raise UserError(
                f"--target {target} needs a column {name!r}. Received:"
                f" {', '.join(prices.frame.columns)} in {prices.source}. Add it, or"
                " choose another --target."
            )
    if len(prices.frame) > MOST_ROWS:
        raise UserError(
            f"Expected at most {MOST_ROWS:,} rows. Received: {len(prices.frame):,} in"
            f" {prices.source}. Use the newest with --last-rows {MOST_ROWS}, or rows"
            " farther apart (days instead of minutes)."
        )
