"""Where a series comes from, what is cut from it, and what is refused."""

import hashlib
import types

import numpy as np
import pandas as pd
import pytest

from common.download import MIRROR_VARIABLE
from common.errors import UserError
from projects.stock_lstm import sources
from projects.stock_lstm.data import CsvFormat, Prices
from tests.stock_lstm.series import make_frame


def options(**changes):
    defaults = {"data": "goog", "csv": None, "test_csv": None, "sort": True}
    options = defaults | {"column": None, "data_dir": None} | changes
    return types.SimpleNamespace(**options)


def make_prices(num_rows=30, columns=("open", "high", "low", "close", "volume")):
    frame = make_frame(num_rows)[list(columns)]
    return Prices(frame, columns[0], "made.csv", "0" * 64, ("a note",))


@pytest.fixture
def tata(mirror, tmp_path, monkeypatch):
    """Return a loader of the lecture's two files, out of the mirror."""
    monkeypatch.setenv(MIRROR_VARIABLE, str(mirror))

    def load(sort):
        config = options(data="tata", sort=sort, data_dir=tmp_path / "cache")
        return sources.load_series(config, CsvFormat())

    return load


@pytest.mark.parametrize("source", [sources.TATA_TRAIN, sources.TATA_TEST])
def test_the_mirror_holds_what_is_expected(mirror, source):
    content = (mirror / source.mirror_path).read_bytes()
    assert len(content) == source.size
    assert hashlib.sha256(content).hexdigest() == source.sha256
    assert source.url.endswith("/" + source.name)


def test_the_default_needs_no_file():
    prices, later = sources.load_series(options(), CsvFormat())
    assert len(prices.frame) == 1047 and later is None
    assert prices.target == "open"
    close, _ = sources.load_series(options(column="close"), CsvFormat())
    assert close.target == "close"


def test_the_two_files_of_the_lecture(tata):
    train, later = tata(sort=True)
    assert (len(train.frame), len(later.frame)) == (2035, 16)
    assert train.frame.index.is_monotonic_increasing
    both = sources.join(train, later)
    assert both.frame.index.is_monotonic_increasing and len(both.frame) == 2051
    assert list(both.frame) == ["open", "high", "low", "close", "volume"]
    assert both.frame.open.iloc[[0, 2034, 2035, 2050]].tolist() == [
        *(122.1, 234.05, 234.55, 220.1)
    ]


def test_the_order_of_the_files_is_kept_until_they_are_joined(tata):
    train, later = tata(sort=False)
    assert [str(f.frame.index[0].date()) for f in (train, later)] == [
        *("2018-09-28", "2018-10-24")
    ]
    whole, turned = sources.join(train, later), sources.join(*tata(sort=True))
    pd.testing.assert_frame_equal(whole.frame, turned.frame)
    assert whole.sha256 == turned.sha256


def test_a_file_and_its_later_rows(tmp_path):
    early, late = tmp_path / "a.csv", tmp_path / "b.csv"
    frame = make_frame(40)
    frame[:30].to_csv(early)
    frame[30:].to_csv(late)
    config = options(csv=early, test_csv=late)
    train, later = sources.load_series(config, CsvFormat(column="close"))
    assert (len(train.frame), len(later.frame)) == (30, 10)
    both = sources.join(train, later)
    np.testing.assert_allclose(both.frame.close, frame.close)
    config.test_csv = early  # the same rows again
    with pytest.raises(UserError, match=r"Dates after .*a\.csv"):
        sources.load_series(config, CsvFormat())
    config.test_csv = None
    assert sources.load_series(config, CsvFormat())[1] is None


def test_columns_of_no_use_are_left_out():
    prices = make_prices(5)
    prices.frame["turnover"] = 1.0
    assert "turnover" not in sources.join(prices, None).frame
    target = Prices(prices.frame, "turnover", "made.csv", "0" * 64, ())
    assert list(sources.join(target, None).frame)[-1] == "turnover"


def test_rows_after_a_day_are_cut_off():
    prices = make_prices()  # weekdays from 2020-01-01, a Wednesday
    assert sources.cut(prices, None) is prices
    for until, rows in (("2020-01-01", 1), ("2020-01-05", 3), ("9999-12-31", 30)):
        kept = sources.cut(prices, until)
        pd.testing.assert_frame_equal(kept.frame, prices.frame[:rows])
        assert kept.notes == prices.notes and kept.target == "open"


def test_the_day_itself_counts_to_its_end():
    frame = make_frame(6)
    frame.index = pd.date_range("2020-01-01 09:30", periods=6, freq="5h")
    kept = sources.cut(Prices(frame, "open", "x", "0", ()), "2020-01-01")
    assert kept.frame.index[-1] == pd.Timestamp("2020-01-01 19:30")


@pytest.mark.parametrize(
    "until",
    ["", "nat", "x", "5", "2020", "05.01.2020", "2020-02-30", "2020-01-05T12:00Z"],
)
def test_a_day_that_is_none_is_refused(until):
    with pytest.raises(UserError, match="--until must be a date such as 2018-09-28"):
        sources.cut(make_prices(), until)


def test_a_day_before_the_series_is_refused():
    with pytest.raises(UserError, match="begins on 2020-01-01.*Received: 2019-12-31"):
        sources.cut(make_prices(), "2019-12-31")


@pytest.mark.parametrize(
    ("target", "columns", "missing"),
    [
        ("range", ("close", "high", "volume"), "low"),
        ("range", ("close",), "high"),
        ("volume", ("open", "high", "low", "close"), "volume"),
    ],
)
def test_a_target_without_its_columns_is_refused(target, columns, missing):
    prices = make_prices(columns=columns)
    with pytest.raises(UserError, match=rf"--target {target}.*'{missing}'.*made\.csv"):
        sources.check_rows(prices, target)
    sources.check_rows(prices, "price")


def test_more_rows_than_memory_holds_are_refused():
    most = sources.MOST_ROWS
    index = pd.date_range("1990-01-01", periods=most + 1, freq="min")
    frame = pd.DataFrame({"close": np.ones(most + 1)}, index=index)
    with pytest.raises(UserError, match=r"250,000 rows.*250,001.*--last-rows 250000"):
        sources.check_rows(Prices(frame, "close", "x.csv", "0", ()), "price")
    sources.check_rows(Prices(frame[1:], "close", "x.csv", "0", ()), "price")
