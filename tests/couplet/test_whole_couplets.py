"""Couplets from nothing: ranks by hand, wishes passed on."""

import pytest

from common.errors import UserError
from projects.couplet.cards import whole_couplets
from projects.couplet.cards.whole_couplets import draft_lines, pair_lines
from projects.couplet.decoding.request import Request
from tests.couplet.toy_writer import ToyAnswer, ToyWriter

# The first is the most probable line; the answer to the last has the best score.
SCORES = {"风剑": -4.0, "云剑": -2.0, "山剑": -3.0, "三剑": -1.0}


class Scorer(ToyWriter):
    """Scores answers by their first line; has none to 尺剑."""

    def answer(self, line, request=None):
        self.asked.append((line, request))
        if line == "尺剑":
            raise UserError("Expected more characters. Received: 0.")
        return [ToyAnswer("花书", SCORES[line])]


def firsts(sheets) -> list[str]:
    return [sheet.first for sheet in sheets]


def test_the_ranks_of_both_models_are_added():
    # Ranks: 风 0 + 3, 云 1 + 1, 山 2 + 2, 三 3 + 0; the earlier line wins a draw.
    sheets = pair_lines(list(SCORES), Request(candidates=4), Scorer())
    assert firsts(sheets) == ["云剑", "风剑", "三剑", "山剑"]
    assert [len(sheet.cards) for sheet in sheets] == [1] * 4
    assert firsts(pair_lines(list(SCORES), Request(candidates=2), Scorer())) == [
        "云剑",
        "风剑",
    ]


def test_the_writer_is_asked_for_one_line_each():
    writer = Scorer()
    pair_lines(list(SCORES), Request(candidates=3, beam=7), writer)
    assert [line for line, _ in writer.asked] == list(SCORES)
    assert {(r.candidates, r.beam) for _, r in writer.asked} == {(1, 7)}


def test_lines_that_wishes_do_not_suit_are_passed_over(capsys):
    writer = Scorer()
    asked = Request(acrostic="云")
    assert firsts(pair_lines(["云剑", "山剑"], asked, writer)) == ["山剑"]
    assert firsts(pair_lines(["尺剑", "山剑"], Request(), writer)) == ["山剑"]
    with pytest.raises(UserError, match="2 first lines. Received: none"):
        pair_lines(["云剑", "云三"], asked, writer)
    with pytest.raises(UserError, match="1 first lines. Received: none"):
        pair_lines(["尺剑"], Request(), writer)


def test_more_lines_are_drafted_than_are_wanted(monkeypatch, tmp_path):
    asked = {}

    def write(poet, **wishes):
        asked.update(wishes, poet=poet)
        return ["山剑"]

    monkeypatch.setattr(whole_couplets.Poet, "load", lambda folder: ("poet", folder))
    monkeypatch.setattr(whole_couplets, "write_first_lines", write)
    request = Request(candidates=3, tones="strict", seed=9)
    lines = draft_lines(tmp_path, request, length=5, theme="春", first_char="山")
    assert lines == ["山剑"]
    assert asked == {
        "poet": ("poet", tmp_path),
        "length": 5,
        "theme": "春",
        "first_char": "山",
        "tones": "strict",
        "count": 12,
        "seed": 9,
    }
