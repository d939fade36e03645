"""The human line among lines of its form."""

import numpy as np

from projects.couplet.evaluation.choices import make_choices, shape_of

LINES = ["春风", "秋雨", "春风", "明月", "天，地", "上下左", "雨，风", "一〇"]


def test_the_shape_is_length_and_punctuation():
    assert shape_of("春风，秋〇？") == "〇〇，〇〇？"


def test_choices_are_different_lines_of_one_shape():
    asked, choices = make_choices(LINES, 3, seed=0)
    assert asked.tolist() == [0, 1, 2, 3, 7]
    assert choices.shape == (5, 3)
    assert choices[:, 0].tolist() == asked.tolist()
    for row in choices:
        chosen = [LINES[number] for number in row]
        assert len(set(chosen)) == 3
        assert len(set(map(shape_of, chosen))) == 1


def test_every_other_line_is_drawn_and_the_seed_decides():
    draws = [make_choices(LINES, 2, seed=seed)[1] for seed in range(40)]
    assert {int(d[1, 1]) for d in draws} == {0, 3, 7}
    np.testing.assert_array_equal(draws[3], make_choices(LINES, 2, seed=3)[1])


def test_groups_may_be_finer():
    groups = ["a", "b", "a", "b", "b", "a", "a", "a"]
    asked, choices = make_choices(LINES, 3, seed=0, groups=groups)
    assert asked.tolist() == list(range(8))
    for row in choices:
        assert len({groups[number] for number in row}) == 1


def test_without_enough_lines_nothing_is_asked():
    asked, choices = make_choices(LINES, 9, seed=0)
    assert (asked.shape, choices.shape) == ((0,), (0, 9))
