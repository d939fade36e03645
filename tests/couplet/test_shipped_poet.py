"""The model of poems that comes along keeps its promises."""

import pytest

from projects.couplet.poems.clause_writing import Manner
from projects.couplet.poems.corpus import clauses_of
from projects.couplet.poems.first_lines import write_first_lines
from projects.couplet.poems.forms import FORMS
from projects.couplet.poems.poet import Poet
from projects.couplet.poems.writing import write_poems


@pytest.fixture(scope="module")
def poet():
    return Poet.load()


def test_first_lines_have_the_wished_form(poet):
    lines = write_first_lines(poet, length=7, first_char="山", count=3)
    for line in lines:
        assert len(line) == 7
        assert line[0] == "山"
        assert line not in poet.known
        assert poet.tones.of(line[-1]).mark in ("仄", "入")  # in all readings


@pytest.mark.parametrize("form, count, length", [("五绝", 4, 5), ("七律", 8, 7)])
def test_poems_have_their_form_and_are_new(poet, form, count, length):
    (poem,) = write_poems(poet, FORMS[form], Manner(), count=1)
    clauses = clauses_of(poem.text)
    assert [len(clause) for clause in clauses] == [length] * count
    assert not [clause for clause in clauses if clause in poet.known]


def test_known_lines_are_recognized(poet):
    # Li Bai, in every anthology.
    assert "床前看月光" in poet.known or "举头望明月" in poet.known
    assert "电脑写诗句" not in poet.known
