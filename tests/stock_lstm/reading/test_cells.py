import time

import numpy as np
import pytest

from common.errors import UserError
from projects.stock_lstm.reading.cells import (
    guess_decimal,
    is_missing,
    looks_like_data,
    read_numbers,
    shown,
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("234.05", 234.05),
        (" 5 ", 5.0),
        ("1,234.50", 1234.5),
        ("1,23,456.7", 123456.7),
        ("12,345,678", 12345678.0),
        ("$1,234.50", 1234.5),
        ("5 €", 5.0),
        ("2.17M", 2.17e6),
        ("950K", 9.5e5),
        ("1.2B", 1.2e9),
        ("1.23亿", 1.23e8),
        ("-0.5%", -0.5),
        ("(3.5)", -3.5),
        ("−3.5", -3.5),
        ("1 234.5", 1234.5),
        ("1\u202f234.5", 1234.5),
        ("1'234.5", 1234.5),
        ("1.5E+08", 1.5e8),
        (".5", 0.5),
        ("inf", np.inf),
        ("-Infinity", -np.inf),
    ],
)
def test_numbers_with_a_decimal_point(cell, value):
    values, wrong = read_numbers(["1.5", cell])
    assert values[1] == pytest.approx(value)
    assert values[0] == 1.5
    assert not len(wrong)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.234,50", 1234.5), ("12,5", 12.5), ("1.234.567", 1234567.0), ("7", 7.0)],
)
def test_numbers_with_a_decimal_comma(cell, value):
    values, wrong = read_numbers(["1,5", cell], "comma")
    assert list(values) == [1.5, value]
    assert not len(wrong)


@pytest.mark.parametrize(
    "cell",
    ["12,34", "1.5,234", "1_000", "1.2.3", "--5", "abc", "=1+1", "1,,234", "(5", ","],
)
def test_what_is_no_number_is_told_by_position(cell):
    values, wrong = read_numbers(["7", cell, "8"])
    assert list(wrong) == [1]
    assert list(values[[0, 2]]) == [7.0, 8.0]
    assert np.isnan(values[1])


def test_a_point_is_no_decimal_mark_beside_a_decimal_comma():
    assert list(read_numbers(["12,5", "12.5"], "comma")[1]) == [1]


@pytest.mark.parametrize("cell", ["", " ", "null", "NaN", "N/A", "#N/A", "-", "None"])
def test_missing_cells_are_no_mistake(cell):
    values, wrong = read_numbers(["1", cell, "$3"])
    assert is_missing(cell)
    assert np.isnan(values[1])
    assert list(values[[0, 2]]) == [1.0, 3.0]
    assert not len(wrong)


def test_the_fast_way_and_the_careful_way_agree():
    cells = [f"{value:.4f}" for value in np.linspace(-9, 2e5, 500)]
    careful, _ = read_numbers([*cells, "$1"])  # one ornament: all cell by cell
    np.testing.assert_array_equal(read_numbers(cells)[0], careful[:-1])


@pytest.mark.parametrize(
    ("cells", "delimiter", "decimal"),
    [
        (["12.50", "13.25"], ",", "point"),
        (["12,50", "13,25"], ";", "comma"),
        (["1,234.50"], ";", "point"),
        (["1.234,50"], ";", "comma"),
        (["1,234"], ",", "point"),
        (["1,234", "5.5"], ";", "point"),
        (["1,234", "5,5"], ";", "comma"),
        (["1.234.567", "1,234"], ";", "comma"),
        (["1,234,567", "1,234"], ";", "point"),
        (["1,23,456"], ";", "point"),
        (["0,125"], "\t", "comma"),
        (["1234,567"], "\t", "comma"),
        (["1.234", "2.345"], ";", "point"),
        (["12", "13"], ";", "point"),
        (["a,b", "12.5"], ";", "point"),
    ],
)
def test_the_decimal_mark_is_found(cells, delimiter, decimal):
    assert guess_decimal(cells, delimiter, "x.csv") == decimal


@pytest.mark.parametrize("cells", [["1,234", "2,345"], ["1,5", "1.5"]])
def test_an_open_decimal_mark_is_asked_for(cells):
    with pytest.raises(UserError, match=r"x\.csv.*'1,.*--decimal point or --decimal"):
        guess_decimal(cells, ";", "x.csv")


def test_looks_like_data():
    yes = ["2018-10-24", "10/24/2018", "$1,234.50", "2.17M", "-0.5%", "2018年10月24日"]
    no = ["Open", "600519.SS", "0700.HK", "^GSPC", "1. open", "", "Oct 24, 2018", "T"]
    assert [looks_like_data(cell) for cell in yes + no] == [True] * 6 + [False] * 8


def test_a_long_cell_costs_no_time():
    cell = "1" * 50_000 + "x" + "," * 50_000
    start = time.process_time()
    assert not looks_like_data(cell)
    assert list(read_numbers([cell])[1]) == [0]
    assert time.process_time() - start < 0.5


def test_shown_cells_are_harmless():
    assert shown("=cmd|' /C calc'!A0") == "\"=cmd|' /C calc'!A0\""
    assert shown("\x1b[31mred\r\n\u202e") == "'[31mred'"
    assert len(shown("9" * 1000)) <= 50
