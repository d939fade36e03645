"""What is asked: lines, human answers and choices."""

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.evaluation.exam import make_exam
from projects.couplet.pairs.reading import Pairs

FIRST = [f"天{chr(0x4E00 + n)}" for n in range(120)]
SECOND = [f"地{chr(0x5E00 + n)}" for n in range(120)]
PAIRS = Pairs(FIRST, SECOND)


def test_all_lines_with_their_human_answers():
    pairs = Pairs(["天", "日", "天"], ["地", "月", "水"])
    exam = make_exam(pairs, [("日", ["月", "星"])])
    assert exam.lines == ["天", "日"]
    assert exam.answers == [["地", "水"], ["月", "星"]]
    assert exam.foreseen == (pairs.first, pairs.second)
    assert exam.choices[10].options.shape == (0, 10)


def test_what_is_no_line_is_not_to_be_answered():
    pairs = Pairs(["abc", "天", "日,山"], ["def", "地", "月,水"], "mine.tsv")
    assert make_exam(pairs).lines == ["天"]
    with pytest.raises(UserError, match="mine.tsv"):
        make_exam(Pairs(["abc"], ["def"], "mine.tsv"))


def test_human_lines_stand_first_among_their_choices():
    exam = make_exam(PAIRS, picks=(0, 7))
    for count, tasks in ((10, 120), (100, 7)):
        choices = exam.choices[count]
        assert choices.options.shape == (tasks, count)
        np.testing.assert_array_equal(choices.options[:, 0], choices.asked)
        assert all(len(set(row)) == count for row in choices.options.tolist())


def test_a_draw_is_the_same_each_time_and_takes_choices_from_all():
    one, other, third = (
        make_exam(PAIRS, lines=9, picks=(5, 5), seed=seed) for seed in (1, 1, 2)
    )
    assert one.lines == other.lines != third.lines
    assert len(set(one.lines)) == 9
    assert len(one.choices[100].asked) == 5
    for count in (10, 100):
        np.testing.assert_array_equal(
            one.choices[count].options, other.choices[count].options
        )
