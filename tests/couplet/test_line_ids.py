"""Lines as one array of ids."""

import numpy as np
import pytest

from projects.couplet.counting.count_model import CountModel
from projects.couplet.counting.line_ids import LineIds, check_aligned, encode_lines
from projects.couplet.counting.partners import PairCounts
from projects.couplet.tokens import UNKNOWN, Tokens

LINES = LineIds.from_lists([[7, 8, 9], [], [6], [8, 7]])


def test_lists_are_joined():
    assert LINES.ids.tolist() == [7, 8, 9, 6, 8, 7]
    assert LINES.starts.tolist() == [0, 3, 3, 4, 6]
    assert len(LINES) == 4
    assert LINES.ids.dtype == np.int32


def test_what_stands_before_ends_at_the_line():
    assert LINES.previous(1, 2).tolist() == [2, 7, 8, 2, 2, 8]
    assert LINES.previous(2, 2).tolist() == [2, 2, 7, 2, 2, 2]
    assert LINES.previous(9, 2).tolist() == [2] * 6


def test_lines_are_closed():
    closed = LINES.closed_by(4)
    assert closed.ids.tolist() == [7, 8, 9, 4, 4, 6, 4, 8, 7, 4]
    assert closed.starts.tolist() == [0, 4, 5, 7, 10]


def test_values_are_summed_over_lines():
    assert LINES.sum_each(np.arange(6) + 0.5).tolist() == [4.5, 0, 3.5, 10]


def test_characters_are_looked_up_as_tokens_do():
    lines = ["春风，𠮷", "", "雨春<>\ud800", "月"]
    tokens = Tokens.from_lines(["春风，𠮷雨春"], min_count=1)
    encoded = encode_lines(lines, tokens)
    expected = [tokens.encode(line) for line in lines]
    assert encoded.ids.tolist() == sum(expected, [])
    assert encoded.starts.tolist() == [0, 4, 4, 9, 10]
    assert encoded.ids[-1] == UNKNOWN
    assert len(encode_lines([], tokens)) == 0


def test_pairs_of_other_lengths_are_refused():
    other = LineIds.from_lists([[7, 8], [9], [6], [8, 7]])
    check_aligned(LINES, LINES)
    for refuse in (
        lambda: check_aligned(LINES, other),
        lambda: PairCounts.from_lines(LINES, other, 12),
        lambda: CountModel.fit(LINES, other, (LINES, LINES), 12),
    ):
        with pytest.raises(ValueError, match="same lengths"):
            refuse()
