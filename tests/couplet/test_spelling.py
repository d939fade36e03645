"""Answers are written as the question is, and no rule is lost between scripts."""

import pytest

from projects.couplet.lines.rules import repetition
from projects.couplet.lines.spelling import Spelling
from projects.couplet.lines.traditional import to_traditional


def test_a_simplified_line_stays_as_it_is():
    spelling = Spelling.of("风云三尺剑，风")
    assert spelling.given == spelling.simple == spelling.distinct
    assert spelling.write("花鸟一床书，花", {}) == "花鸟一床书，花"


def test_a_traditional_line_is_read_and_answered():
    spelling = Spelling.of("風雲三尺劍")
    assert spelling.simple == spelling.distinct == "风云三尺剑"
    assert spelling.write("花鸟一床书", {}) == "花鳥一床書"


def test_two_characters_that_share_a_simplified_one_stay_two():
    spelling = Spelling.of("白髮發髮")
    assert spelling.simple == "白发发发"
    assert repetition(spelling.distinct) == repetition(spelling.given) == [0, 1, 2, 1]


@pytest.mark.parametrize("line", ["髮發发山", "乾坤乾杯", "乾干幹", "里裏裡", "风風"])
def test_no_two_characters_become_one(line):
    spelling = Spelling.of(line)
    assert len(spelling.simple) == len(spelling.distinct) == len(line)
    together = set(zip(line, spelling.distinct, strict=True))
    assert len(together) == len(set(line)) == len(set(spelling.distinct))


@pytest.mark.parametrize(
    "answer", ["发发出里", "干乾后里", "后後皇天", "台面云松", "松鬆只隻", "头发头发"]
)
def test_answers_keep_their_repetitions_in_any_spelling(answer):
    given = "龍馬門車"
    spelled = Spelling.of(given).write(answer, {})
    both = set(zip(answer, spelled, strict=True))
    assert len(both) == len(set(answer)) == len(set(spelled))


def test_an_answer_takes_no_character_of_the_question():
    given = "後龍馬門"
    assert to_traditional("后面")[0] in "後后"
    assert not set(Spelling.of(given).write("后出云水", {})) & set(given)


def test_what_was_asked_for_is_written_as_it_was_asked():
    spelling = Spelling.of("龍馬門")
    assert spelling.write("发出里", {"发": "髮"})[0] == "髮"
