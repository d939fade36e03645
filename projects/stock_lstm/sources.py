"""Where a series comes from: the sample that is installed, a download, a file."""

from dataclasses import replace
from pathlib import Path

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


def load_series(
    data: str,
    csv: Path | None,
    test_csv: Path | None,
    csv_format: CsvFormat,
    sort: bool = True,
    data_dir: Path | None = None,
) -> tuple[Prices, Prices | None]:
    """Load a price series and, if they come apart, its later rows.

    Args:
        data: `goog` (installed with matplotlib) or `tata` (downloaded); used
            when there is no `csv`.
        csv: a price file.
        test_csv: later rows.
        csv_format: what the file does not tell by itself.
        sort: put the rows in order of time.
        data_dir: where downloads are kept.

    Returns:
        The series; and its later rows, or None.

    Raises:
        UserError: see `read_prices` and `fetch`.
    """
    if csv is None and data == "goog":
        return load_goog(csv_format.column), None
    if csv is None:
        csv, test_csv = fetch(TATA_TRAIN, data_dir), fetch(TATA_TEST, data_dir)
    train = read_prices(csv, csv_format, sort=sort)
    if test_csv is None:
        return train, None
    test = read_prices(test_csv, csv_format, sort=sort)
    append_prices(train, test)  # refuses rows that overlap
    return train, test


def join(train: Prices, test: Prices | None) -> Prices:
    """Return one series in order of time."""
    train = replace(train, frame=train.frame.sort_index(kind="stable"))
    if test is None:
        return train
    return append_prices(
        train, replace(test, frame=test.frame.sort_index(kind="stable"))
    )


def cut(prices: Prices, until: str | None) -> Prices:
    """Return the rows up to and including the day `until`."""
    if until is None:
        return prices
    try:
        end = pd.Timestamp(until) + pd.Timedelta(days=1)
    except ValueError as error:
        raise UserError(
            f"--until must be a date such as 2018-09-28. Received: {until!r}"
        ) from error
    frame = prices.frame[prices.frame.index < end]
    if frame.empty:
        first = prices.frame.index.min().date()
        raise UserError(
            f"--until must be a day of the series, which begins on {first}."
            f" Received: {until}"
        )
    return replace(prices, frame=frame)
