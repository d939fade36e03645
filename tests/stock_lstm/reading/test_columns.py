"""Which column is taken for what."""

import pandas as pd
import pytest

from common.errors import UserError
from projects.stock_lstm.data import CsvFormat, read_prices


def read(folder, text, sort=True, **said):
    path = folder / "x.csv"
    path.write_text(text)
    return read_prices(path, CsvFormat(**said), sort=sort)


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ({"column": "CLOSE"}, "close"),
        ({"column": "price"}, "close"),
        ({"column": "Vol."}, "volume"),
        ({"column": " open "}, "open"),
        ({}, "open"),
    ],
)
def test_the_target_by_its_own_name_or_its_role(tmp_path, said, target):
    text = "Date,Price,Open,Vol.\n2018-10-23,5,6,7\n2018-10-24,6,7,8\n"
    assert read(tmp_path, text, **said).target == target


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Date,Price,Change %", "close"),
        ("Date,Close,Volume", "close"),
        ("日期,收盘,成交额", "close"),
        ("Date,NAV,Dividends", "NAV"),
    ],
)
def test_the_only_price_is_the_target(tmp_path, header, target):
    text = f"{header}\n2018-10-23,5,0\n2018-10-24,6,1\n"
    assert read(tmp_path, text).target == target


def test_a_hopeless_role_does_not_hide_the_price(tmp_path):
    text = "Date,Open,High,Low,Close\n2018-10-23,-,-,-,5\n2018-10-24,-,-,-,6\n"
    assert read(tmp_path, text).target == "close"


def test_the_date_column_and_the_order_that_are_said(tmp_path):
    text = (
        "Trade Date,Settlement Day,Open\n"
        "2018-10-23,2018-10-25,5\n2018-10-24,2018-10-26,6\n"
    )
    assert read(tmp_path, text).frame.index[0] == pd.Timestamp("2018-10-23")
    other = read(tmp_path, text, date_column="settlement day")
    assert other.frame.index[0] == pd.Timestamp("2018-10-25")
    text = "Date,Open\n01/10/2018,5\n02/10/2018,6\n"
    assert read(tmp_path, text, date_order="dmy").frame.index[1].day == 2


def test_the_decimal_mark_that_is_said(tmp_path):
    text = "Date;Open\n2018-10-23;1,234\n2018-10-24;1,235\n"
    assert read(tmp_path, text, decimal="comma").frame["open"].iloc[0] == 1.234
    assert read(tmp_path, text, decimal="point").frame["open"].iloc[0] == 1234


def test_other_columns_of_one_name_are_not_mixed_up(tmp_path):
    text = "Date,Open,X,x,Y,\n2018-10-23,5,1,2,3,4\n2018-10-24,6,1,2,3,4\n"
    assert list(read(tmp_path, text).frame.columns) == ["open", "Y"]


def test_many_columns_do_not_fill_the_memory(tmp_path):
    names = [f"S{i}" for i in range(40)]
    text = "Date," + ",".join(names) + "\n"
    for day in (23, 24):
        text += f"2018-10-{day}," + ",".join(str(day + i) for i in range(40)) + "\n"
    assert list(read(tmp_path, text, column="S7").frame.columns) == ["S7"]


def test_bad_formats_are_refused_before_reading():
    with pytest.raises(UserError, match="--date-order"):
        CsvFormat(date_order="ydm")
    with pytest.raises(UserError, match="--decimal"):
        CsvFormat(decimal=",")
