"""Whole files of known layouts: what is read, what is noted."""

import gzip
import hashlib
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest

from common.errors import UserError
from projects.stock_lstm.data import CsvFormat, append_prices, load_goog, read_prices

SAMPLES = Path(matplotlib.get_data_path()) / "sample_data"


BARS = [
    ("2018-10-23", 5.0, 7.0, 4.0, 6.0, 900.0),
    ("2018-10-24", 6.5, 8.0, 6.0, 7.5, 800.0),
]


DAYS = pd.DatetimeIndex([bar[0] for bar in BARS], name="date")


def read(folder, text, sort=True, name="x.csv", **said):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_prices(path, CsvFormat(**said), sort=sort)


def noted(prices, *words):
    notes = "\n".join(prices.notes)
    assert all(word in notes for word in words), notes


def check_bars(prices, columns="open high low close volume", index=DAYS):
    """Compare with BARS, written down by hand above."""
    assert list(prices.frame.columns)[: len(columns.split())] == columns.split()
    names = ("open", "high", "low", "close", "volume")
    for name in columns.split():
        expected = [bar[1 + names.index(name)] for bar in BARS]
        assert prices.frame[name].tolist() == expected, name
        assert prices.frame[name].dtype == np.float64
    pd.testing.assert_index_equal(prices.frame.index, index, exact=False)
    assert prices.frame.index.name == "date" and prices.frame.index.tz is None
    assert prices.target == "open"


LAYOUTS = {
    "nse": "Date,Open,High,Low,Last,Close,Total Trade Quantity,Turnover (Lacs)\n"
    "2018-10-24,6.5,8,6,7.4,7.5,800,71.5\n2018-10-23,5,7,4,6.1,6,900,60\n",
    "yahoo": "Date,Open,High,Low,Close,Adj Close,Volume\n"
    "2018-10-22,null,null,null,null,null,null\n"
    "2018-10-23,5.000000,7.000000,4.000000,6.000000,5.900000,900\n"
    "2018-10-24,6.5,8,6,7.5,7.4,800\n",
    "yfinance": "Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\n"
    "Date,,,,,\n2018-10-23,6,7,4,5,900\n2018-10-24,7.5,8,6,6.5,800\n",
    "stooq": "Date,Open,High,Low,Close,Volume\n"
    "2018-10-23,5,7,4,6,900\n2018-10-24,6.5,8,6,7.5,800\n",
    "stooq bulk": "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,"
    "<OPENINT>\nAAPL.US,D,20181023,000000,5,7,4,6,900,0\n"
    "AAPL.US,D,20181024,000000,6.5,8,6,7.5,800,0\n",
    "investing": '"Date","Price","Open","High","Low","Vol.","Change %"\n'
    '"Oct 24, 2018","7.50","6.50","8.00","6.00","0.80K","25.00%"\n'
    '"Oct 23, 2018","6.00","5.00","7.00","4.00","0.90K","-1.00%"\n',
    "nasdaq": "Date,Close/Last,Volume,Open,High,Low\n"
    "10/24/2018,$7.50,800,$6.50,$8.00,$6.00\n10/23/2018,$6.00,900,$5.00,$7.00,$4.00\n",
    "german": "Datum;Eröffnung;Hoch;Tief;Schlusskurs;Volumen\n"
    "24.10.2018;6,50;8,00;6,00;7,50;800\n23.10.2018;5,00;7,00;4,00;6,00;900\n",
    "tabs": "Date\tOpen\tHigh\tLow\tClose\tVolume\n"
    "2018-10-23\t5\t7\t4\t6\t900\n2018-10-24\t6.5\t8\t6\t7.5\t800\n",
    "chinese": "日期,股票代码,开盘,收盘,最高,最低,成交量,成交额,涨跌幅\n"
    "2018-10-23,600519,5,6,7,4,900,5400,-1.2\n2018-10-24,600519,6.5,7.5,8,6,800,6000,2\n",
    "chinese long": "交易日期\t开盘价\t最高价\t最低价\t收盘价\t成交量(股)\n"
    "20181023\t5\t7\t4\t6\t900\n20181024\t6.5\t8\t6\t7.5\t800\n",
    "epoch": "timestamp,open,high,low,close,volume\n"
    "1540252800,5,7,4,6,900\n1540339200,6.5,8,6,7.5,800\n",
    "epoch ms": "time,open,high,low,close,volume\n"
    "1540252800000,5,7,4,6,900\n1540339200000,6.5,8,6,7.5,800\n",
    "pandas index": ",Open,High,Low,Close,Volume\n"
    "2018-10-23,5,7,4,6,900\n2018-10-24,6.5,8,6,7.5,800\n",
    "midnights": "Date,Open,High,Low,Close,Volume\n"
    "2018-10-23 00:00:00-04:00,5,7,4,6,900\n"
    "2018-10-24 00:00:00-05:00,6.5,8,6,7.5,800\n",
    "metatrader": "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t"
    "<SPREAD>\n2018.10.23\t00:00:00\t5\t7\t4\t6\t12\t900\t3\n"
    "2018.10.24\t00:00:00\t6.5\t8\t6\t7.5\t13\t800\t3\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_are_read_without_being_told(tmp_path, layout):
    check_bars(read(tmp_path, LAYOUTS[layout]))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_are_read_without_being_told(tmp_path, encoding):
    prices = read(tmp_path, LAYOUTS["chinese"].encode(encoding))
    check_bars(prices)
    noted(prices, encoding, "'开盘'")


def test_gzipped_files(tmp_path):
    content = gzip.compress(LAYOUTS["stooq"].encode())
    prices = read(tmp_path, content, name="x.csv.gz")
    check_bars(prices)
    assert prices.sha256 == hashlib.sha256(content).hexdigest()
    assert prices.source == "x.csv.gz"


def test_thousands_and_suffixes(tmp_path):
    prices = read(
        tmp_path,
        "Date,Open,High,Low,Close,Volume\n"
        '10/24/2018,"$1,234.50","$1,300","$1,200.00","1,250",2.17M\n'
        '10/25/2018,"1,235.50","1,300","1,200.00","1,250","950,000"\n',
    )
    assert prices.frame["open"].tolist() == [1234.5, 1235.5]
    assert prices.frame["volume"].tolist() == [2_170_000, 950_000]


def test_only_a_date_and_a_price(tmp_path):
    prices = read(tmp_path, "day,Spot Gold\n2018-10-23,5\n2018-10-24,6\n")
    assert prices.target == "Spot Gold"
    assert prices.frame["Spot Gold"].tolist() == [5, 6]


def test_other_columns_keep_their_names(tmp_path):
    prices = read(tmp_path, LAYOUTS["nse"])
    assert list(prices.frame.columns)[5:] == ["Last", "Turnover (Lacs)"]
    assert prices.frame["Last"].tolist() == [6.1, 7.4]


@pytest.mark.parametrize(
    "text",
    [
        "Datetime,Open,Close\n2018-10-24 09:30:00,5,6\n2018-10-24 09:35:00,6,7\n",
        "Date,Time,Open,Close\n2018-10-24,09:30,5,6\n2018-10-24,09:35,6,7\n",
        "<DATE>,<TIME>,<OPEN>,<CLOSE>\n20181024,093000,5,6\n20181024,093500,6,7\n",
        "Date,Open\n2018-10-24 05:30:00-04:00,5\n2018-10-24 05:35:00-04:00,6\n",
        "时间,开盘,收盘\n2018/10/24 9:30,5,6\n2018/10/24 9:35,6,7\n",
    ],
)
def test_intraday(tmp_path, text):
    index = read(tmp_path, text).frame.index
    assert index.tolist() == [
        pd.Timestamp("2018-10-24 09:30"),
        pd.Timestamp("2018-10-24 09:35"),
    ]


def test_zones_are_noted(tmp_path):
    noted(read(tmp_path, LAYOUTS["midnights"]), "-05:00", "local midnight")
    text = "Date,Open\n2018-10-24T13:30:00Z,5\n2018-10-24T13:35:00Z,6\n"
    noted(read(tmp_path, text), "UTC")


def test_the_series_of_the_slides(mirror):
    prices = read_prices(mirror / "stock" / "NSE-TATAGLOBAL.csv")
    assert len(prices.frame) == 2035
    assert prices.target == "open"
    assert prices.source == "NSE-TATAGLOBAL.csv"
    assert prices.frame["open"].iloc[-1] == 234.05
    assert prices.frame.index[-1] == pd.Timestamp("2018-09-28")
    noted(prices, "newest first: turned round", "gap 6 days", "weekend sessions: 9")
    own = pd.read_csv(mirror / "stock" / "NSE-TATAGLOBAL.csv").iloc[::-1]
    for mine, name in [("open", "Open"), ("volume", "Total Trade Quantity")]:
        np.testing.assert_array_equal(prices.frame[mine], own[name])


def test_the_slides_order_and_the_test_file(mirror):
    train = read_prices(mirror / "stock" / "NSE-TATAGLOBAL.csv", sort=False)
    test = read_prices(mirror / "stock" / "tatatest.csv", sort=False)
    assert train.frame["open"].iloc[0] == 234.05
    both = append_prices(train, test)
    assert len(both.frame) == 2051
    assert both.frame["open"].iloc[2035] == 220.1
    assert both.source == "NSE-TATAGLOBAL.csv + tatatest.csv"


def test_msft_sample():
    prices = read_prices(SAMPLES / "msft.csv")
    assert len(prices.frame) == 65
    assert prices.frame["close"].iloc[-1] == 29.96
    assert prices.frame["Adj. Close*"].iloc[-1] == 29.79
    assert prices.frame.index[0] == pd.Timestamp("2003-06-19")


def test_stocks_sample():
    prices = read_prices(SAMPLES / "Stocks.csv", CsvFormat(column="aapl"))
    assert prices.target == "AAPL"
    assert len(prices.frame) == 391
    assert prices.frame["AAPL"].iloc[0] == 0.24251236021518707
    noted(prices, "(133 in all)", "'AMZN' left out")
    assert "AMZN" not in prices.frame


def test_goog():
    prices = load_goog()
    assert prices.frame.shape == (1047, 6)
    assert list(prices.frame.columns[:5]) == ["open", "high", "low", "close", "volume"]
    assert prices.frame.index[[0, -1]].tolist() == [
        pd.Timestamp("2004-08-19"),
        pd.Timestamp("2008-10-14"),
    ]
    assert prices.frame.loc["2004-08-19", "open"] == 100.0
    assert prices.target == "open"
    assert load_goog("Adj_Close").target == "adj_close"
    content = (SAMPLES / "goog.npz").read_bytes()
    assert prices.sha256 == hashlib.sha256(content).hexdigest()
    with pytest.raises(UserError, match="'adj_close'"):
        load_goog("adjclose")


HEAD = "Date,Open,Close\n"


def series(*rows):
    return HEAD + "".join(f"2018-10-{day},{o},{c}\n" for day, o, c in rows)


def test_appended_rows_must_follow(tmp_path):
    early = read(tmp_path, series((22, 4, 5), (23, 5, 6)), name="a.csv")
    late = read(tmp_path, series((24, 6, 7), (25, 7, 8)), name="b.csv")
    both = append_prices(early, late)
    assert both.frame["open"].tolist() == [4, 5, 6, 7]
    assert both.frame.index.is_monotonic_increasing
    assert both.notes[0].startswith("a.csv: columns")
    assert len(both.sha256) == 64 and both.sha256 not in (early.sha256, late.sha256)
    with pytest.raises(UserError, match=r"2018-10-25.*b\.csv.*a\.csv.*2018-10-22"):
        append_prices(late, early)
    again = read(tmp_path, series((23, 6, 7), (25, 7, 8)), name="c.csv")
    with pytest.raises(UserError, match="Received: 2018-10-23"):
        append_prices(early, again)


def test_appended_rows_must_have_the_same_columns(tmp_path):
    train = read(tmp_path, LAYOUTS["stooq"], name="a.csv")
    test = read(tmp_path, "Date,Open\n2018-11-01,5\n2018-11-02,6\n", name="b.csv")
    with pytest.raises(UserError, match=r"'high' only in a\.csv"):
        append_prices(train, test)
    other = read(tmp_path, LAYOUTS["stooq"], name="b.csv", column="close")
    with pytest.raises(UserError, match="--column"):
        append_prices(train, other)
