"""What is refused, and what is only noted."""

import pytest

from common.errors import UserError
from tests.stock_lstm.reading.files import OHLCV, noted, read, series


def test_volume_is_never_a_reason_to_refuse(tmp_path):
    head = (
        "Date,Open,High,Low,Close,Volume\n"
        "2018-10-23,5,7,4,6,{}\n2018-10-24,6.5,8,6,7.5,{}\n"
    )
    for cells, stays in [
        (("900", ""), 0),
        (("", ""), 0),
        (("0", "0"), 0),
        (("900", "inf"), 0),
        (("900", "?x"), 0),
        (("900", "-1"), 0),
        (("0", "800"), 1),
    ]:
        prices = read(tmp_path, head.format(*cells))
        assert prices.frame["open"].tolist() == [5, 6.5]
        assert ("volume" in prices.frame) == bool(stays)
    noted(prices, "volume is zero in row 2")
    with pytest.raises(UserError, match="'Volume'.*row 2"):
        read(tmp_path, head.format("0", "800"), column="volume")


def test_prices_that_are_not_needed_are_left_out_if_impossible(tmp_path):
    prices = read(tmp_path, series((23, 5, 0), (24, 6, 7)))
    assert list(prices.frame.columns) == ["open"]
    noted(prices, "'Close' left out", "row 2")


def test_bars_that_contradict_themselves_are_noted(tmp_path):
    text = OHLCV + "2018-10-25,9,8,7,7.5,5\n2018-10-26,7,6,8,7,5\n"
    noted(read(tmp_path, text), "span open and close in rows 4, 5")
    assert "span" not in "".join(read(tmp_path, OHLCV).notes)


def test_gaps_weekends_and_splits_are_noted(tmp_path):
    text = series((19, 100, 5), (20, 101, 5), (21, 102, 5), (24, 50, 5))
    noted(
        read(tmp_path, text),
        "gap 3 days (2018-10-21 to 2018-10-24)",
        "weekend sessions: 2",
        "from 102 to 50 on 2018-10-24",
    )


BAD = {
    "missing column": (OHLCV, {"column": "Clsoe"}, "--column", "'Close'"),
    "several prices": ("Date,A,B\n2018-10-23,5,6\n", {}, "--column", "'A', 'B'"),
    "no number": ("Date,Name\n2018-10-23,x\n2018-10-24,5 x\n", {}, "column of numbers"),
    "no date": ("Name,Open\nx,5\ny,6\n", {}, "--date-column", "'Name'"),
    "two dates": (
        "Date,Timestamp,Open\n2018-10-23,2018-10-25,5\n2018-10-24,2018-10-26,6\n",
        {},
        "--date-column",
        "'Date', 'Timestamp'",
    ),
    "wrong date column": (
        OHLCV,
        {"date_column": "Dat"},
        "--date-column",
        "'Date'",
    ),
    "no dates there": (
        OHLCV,
        {"date_column": "Low"},
        "'Low'",
        "--date-column",
    ),
    "date order": ("Date,Open\n01/10/2018,5\n02/10/2018,6\n", {}, "--date-order"),
    "decimal": ("Date;Open\n2018-10-23;1,234\n2018-10-24;1,235\n", {}, "--decimal"),
    "a date": (
        series((23, 5, 6), (24, 5, 6), ("x4", 5, 6), (25, 5, 6)),
        {},
        "'2018-10-x4' in row 4",
    ),
    "a day": (series((23, 5, 6), (32, 5, 6), (24, 6, 6)), {}, "'2018-10-32' in row 3"),
    "no day": ("Date,Open\n2018-10-23,5\n,6\n2018-10-24,5\n", {}, "'' in row 3"),
    "text": (series((23, 5, 6), (24, "n.n.", 6)), {}, "'Open'", "'n.n.' in row 3"),
    "formula": (
        series((23, 5, 6), (24, "=cmd|' /C calc'!A0", 6)),
        {},
        "\"=cmd|' /C calc'!A0\" in row 3",
    ),
    "escape": (
        series((23, 5, 6), (24, "\x1b[2J\x07oops", 6)),
        {},
        "'[2Joops' in row 3",
    ),
    "infinite": (series((23, 5, 6), (24, "inf", 6)), {}, "inf in row 3", "'Open'"),
    "zero": (series((23, 0, 6), (24, 5, 6)), {}, "0 in row 2", "above zero"),
    "negative": (
        series(*((day, -day, 6) for day in range(10, 20))),
        {},
        "-10, -11, -12, -13, -14 in rows 2, 3, 4, 5, 6 (10 in all)",
    ),
    "high of zero": (
        OHLCV + "2018-10-25,7,0,6,7,5\n",
        {"column": "close"},
        "'High'",
        "row 4",
    ),
    "hole": (series((23, 5, 6), (24, "", 6)), {}, "row 3", "--drop-missing"),
    "NaN": (series((23, 5, 6), (24, "NaN", 6)), {}, "row 3", "--drop-missing"),
    "constant": (series((23, 5, 6), (24, 5, 7)), {}, "changes", "5 in all 2 rows"),
    "no row": (series((23, "", "")) + "2018-10-24,null,\n", {}, "column of numbers"),
    "no row left": (
        "Date,Open,High,Low,Close\n2018-10-23,5,,4,6\n2018-10-24,5,7,4,\n",
        {"drop_missing": True},
        "none",
    ),
    "twice": (
        "Date,Close,close\n2018-10-23,5,6\n2018-10-24,6,7\n",
        {},
        "two called 'close'",
    ),
    "ragged": (series((23, 5, 6)) + "2018-10-24,5,6,7\n", {}, "row 3"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_one_line(tmp_path, case):
    text, said, *words = BAD[case]
    with pytest.raises(UserError) as caught:
        read(tmp_path, text, **said)
    message = str(caught.value)
    for word in ("x.csv", "Received", *words):
        assert word in message, message
    assert message.isprintable()
