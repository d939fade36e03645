"""Columns of a terminal, by widths known from Unicode's tables."""

import pytest

from projects.couplet.cards.terminal_text import display_width, fit, in_columns, wrap


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("风云", 4),
        ("，。！？", 8),
        ("〇\U00020000", 4),  # zero, and a character beyond the first plane
        ("é", 1),
        ("e\u0301", 1),  # a letter and its accent
        ("a\u200bb", 2),
        ("✓风", 3),
    ],
)
def test_widths(text, width):
    assert display_width(text) == width


def test_what_is_fitted_has_the_width_or_is_left_as_it_is():
    assert fit("风", 5) == "风   "
    assert fit("风", 5, right=True) == "   风"
    assert fit("风云", 3) == "风云"


def test_rows_stand_under_each_other():
    lines = in_columns(["上联", ""], [["风", "，", "x"], ["平", "", "+1"]], 3, 80)
    assert lines == ["上联  风 ，  x", "      平    +1"]


def test_long_rows_go_on_below_without_their_names():
    lines = in_columns(["甲", "b"], [list("一二三四五"), list("abcde")], 3, 9)
    assert lines == [
        "甲  一 二",
        "b    a  b",
        "    三 四",
        "     c  d",
        "    五",
        "     e",
    ]
    assert in_columns([""], [["风", "云"]], 3, 1) == ["  风", "  云"]  # never stuck


def test_lines_break_at_blanks_by_width():
    assert wrap("风云 三尺 剑", 9) == "风云 三尺\n剑"
    assert wrap("风云 三尺 剑", 11, "  ") == "风云 三尺\n  剑"
    assert wrap("ab 风云三尺剑 c", 4) == "ab\n风云三尺剑\nc"
    assert wrap("", 10) == ""
    for line in wrap("word " * 40, 23, "  ").split("\n"):
        assert display_width(line) <= 23
