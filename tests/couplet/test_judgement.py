"""What a judgement tells of a line or a pair."""

import json

import pytest

from projects.couplet.cards.terminal_text import display_width
from projects.couplet.lines.antithesis import Antithesis
from projects.couplet.lines.judgement import judge
from projects.couplet.lines.tones import Tones

FIRST, SECOND = "风云三尺剑", "花鸟一床书"


@pytest.fixture(scope="module")
def tones():
    return Tones({})


@pytest.fixture(scope="module")
def antithesis():
    return Antithesis.from_pairs([(FIRST, SECOND)] * 3)


def test_a_pair(tones, antithesis):
    judged = judge(FIRST, SECOND, tones, antithesis)
    assert judged.first_tones == list("平平平仄仄")
    assert judged.second_tones == list("平仄入平平")
    assert judged.antithesis == antithesis.strengths(FIRST, SECOND)
    assert len(judged.findings) == 7 and judged.notes == []
    assert judged.tone_source == tones.description
    text = judged.to_text()
    assert text.count("✓") == 7 and "对仗" in text
    assert max(map(display_width, text.splitlines())) <= 80
    rows = text.splitlines()[:5]
    assert [row.split() for row in rows[:2]] == [["上联", *FIRST], [*"平平平仄仄"]]
    assert rows[4].split()[1:] == [f"{s:+.1f}" for s in judged.antithesis]


def test_json_holds_it(tones, antithesis):
    judged = judge(FIRST, SECOND, tones, antithesis)
    values = json.loads(json.dumps(judged.to_dict()))
    assert values["first"] == FIRST and values["antithesis"] == judged.antithesis
    assert values["findings"][0] == {
        "rule": "equal length",
        "passed": True,
        "text": "Both lines have 5 characters.",
    }


def test_a_first_line_alone(tones, antithesis):
    judged = judge("风云，三尺剑", None, tones, antithesis)
    assert [f.rule for f in judged.findings] == ["ends on 仄", "tones alternate"]
    assert judged.second is None and judged.antithesis is None
    assert judged.first_tones[2] == "" and judged.second_tones == []
    assert "下联" not in judged.to_text() and "对仗" not in judged.to_text()


def test_a_line_that_ends_on_level_is_called_a_second(tones):
    judged = judge(SECOND, None, tones)
    assert "✗ ends on 仄" in judged.to_text()
    assert judged.notes == [
        "Second lines (下联) end on 平: it may serve as one of these."
    ]
    judged = judge(SECOND, FIRST, tones)
    assert judged.notes == [
        "The lines may have changed places: it is the first that ends on 仄."
    ]
    assert judge(SECOND, "月明，山", tones).notes == []
    assert judge("月明，山。", None, tones).notes  # punctuation at the end


def test_lines_of_unequal_length_stand_under_each_other(tones, antithesis):
    judged = judge(FIRST, "花鸟", tones, antithesis)
    assert judged.antithesis is None
    rows = judged.to_text().splitlines()[:4]
    assert [row.split() for row in rows[2:]] == [["下联", "花", "鸟"], ["平", "仄"]]


def test_long_lines_are_broken(tones):
    text = judge("风云三尺剑，" * 6 + "剑", None, tones).to_text(40)
    assert max(map(display_width, text.splitlines())) <= 40
