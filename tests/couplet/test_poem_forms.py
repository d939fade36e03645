"""The forms of regulated verse, against poems that everybody knows."""

import pytest

from common.errors import UserError
from projects.couplet.poems.forms import FORMS, FREE, find_form, first_line_tones

# The plans of textbooks, tone by tone; ( ) are free.
FIVE = {
    "仄起首句不入韵": "(仄)仄(平)平仄 平平(仄)仄平 (平)平平仄仄 (仄)仄仄平平",
    "平起首句不入韵": "(平)平平仄仄 (仄)仄仄平平 (仄)仄(平)平仄 平平(仄)仄平",
    "仄起首句入韵": "(仄)仄仄平平 平平(仄)仄平 (平)平平仄仄 (仄)仄仄平平",
    "平起首句入韵": "平平(仄)仄平 (仄)仄仄平平 (仄)仄(平)平仄 平平(仄)仄平",
}


def plain(text):
    for free in ("(平)", "(仄)"):
        text = text.replace(free, FREE)
    return text.split()


def test_quatrains_of_five_are_those_of_textbooks():
    plans = [[clause.tones for clause in plan] for plan in FORMS["五绝"].plans()]
    assert plans == [plain(text) for text in FIVE.values()]


def test_longer_clauses_have_two_opposed_tones_before():
    for five, seven in zip(FORMS["五绝"].plans(), FORMS["七绝"].plans(), strict=True):
        for short, long in zip(five, seven, strict=True):
            assert long.tones[2:] == short.tones and long.rhymes == short.rhymes
            assert long.tones[0] == FREE
            assert {long.tones[1], long.tones[3]} == {"平", "仄"}


@pytest.mark.parametrize("name", FORMS)
def test_clauses_alternate_oppose_cling_and_rhyme(name):
    form = FORMS[name]
    for plan in form.plans():
        assert len(plan) == form.clauses
        assert {len(clause.tones) for clause in plan} == {form.length}
        assert [c.mark for c in plan] == ["，", "。"] * (form.clauses // 2)
        assert [c.rhymes for c in plan[1:]] == [True, False] * (
            form.clauses // 2 - 1
        ) + [True]
        seconds = [clause.tones[1] for clause in plan]
        for number in range(1, form.clauses):
            same = seconds[number] == seconds[number - 1]
            assert same == (number % 2 == 0)  # opposed within, clinging between
        for clause in plan:
            assert clause.tones[-1] == ("平" if clause.rhymes else "仄")
            assert clause.tones[1] != clause.tones[3]
            assert clause.tones[-3:] not in ("平平平", "仄仄仄", "·平平")


def test_first_lines_end_oblique():
    assert first_line_tones(5, strict=True) == plain("(仄)仄(平)平仄 (平)平平仄仄")
    assert first_line_tones(5, strict=False) == ["·仄·平仄", "·平·仄仄"]
    assert first_line_tones(7, strict=False) == ["·平·仄·平仄", "·仄·平·仄仄"]


def test_another_form_is_refused():
    with pytest.raises(UserError, match="五绝, 七绝, 五律, 七律. Received: 词"):
        find_form("词")
