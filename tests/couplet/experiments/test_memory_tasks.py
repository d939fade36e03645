"""The tasks ask what they say, and nothing held out is learned."""

import numpy as np
import pytest

from projects.couplet.experiments import memory_tasks
from projects.couplet.experiments.memory_tasks import SYMBOLS


def _read(sequences):
    """Read one-hot symbols back."""
    ids = sequences if sequences.ndim == 2 else sequences.argmax(axis=-1)
    return ["".join(SYMBOLS[i] for i in row) for row in ids]


def test_adding_marks_one_number_in_each_half():
    inputs, sums = memory_tasks.draw_adding(7, 200, np.random.default_rng(0))
    values, marks = inputs[..., 0], inputs[..., 1]
    assert (marks[:, :3].sum(axis=1) == 1).all()
    assert (marks[:, 3:].sum(axis=1) == 1).all()
    assert marks.any(axis=0).all()  # every place is marked sometimes
    by_hand = [sum(v for v, m in zip(*row.T, strict=True) if m) for row in inputs]
    np.testing.assert_allclose(sums[:, 0, 0], by_hand, rtol=1e-6)
    assert 0 <= values.min() and values.max() < 1


def test_always_saying_one_errs_by_the_variance_of_two_uniform_numbers():
    _, sums = memory_tasks.draw_adding(4, 50_000, np.random.default_rng(1))
    assert memory_tasks.always_one(sums) == pytest.approx(1 / 6, rel=0.02)


def test_parts_of_an_adding_problem_are_drawn_apart():
    task = memory_tasks.adding_problem(5, 30, 20, seed=3)
    again = memory_tasks.adding_problem(5, 30, 20, seed=3)
    assert len(task.train[0]) == 30 and len(task.test[0]) == len(task.valid[0]) == 20
    np.testing.assert_array_equal(task.train[0], again.train[0])
    assert not np.array_equal(task.valid[0], task.test[0])


def test_sums_are_written_as_people_read_them():
    inputs, answers = memory_tasks.write_sums(np.array([[123, 45], [999, 999]]), 3)
    assert _read(inputs) == [" 123+45=    ", "999+999=    "]
    assert _read(answers) == ["168 ", "1998"]


def test_no_sum_is_learned_that_is_asked():
    task = memory_tasks.written_sums(1, 100, 10, seed=0)
    parts = [_read(part[0]) for part in (task.train, task.valid, task.test)]
    pairs = [{frozenset(t.strip(" =").split("+")) for t in part} for part in parts]
    assert not pairs[0] & pairs[1] and not pairs[0] & pairs[2]
    assert not pairs[1] & pairs[2]
    assert sum(map(len, pairs)) == 55  # all sums of two digits, in one order
    for part in (task.train, task.valid, task.test):
        for text, answer in zip(_read(part[0]), _read(part[1]), strict=True):
            a, b = text.strip(" =").split("+")
            assert int(answer) == int(a) + int(b)


def test_the_commonest_answer_is_right_as_often_as_it_is_asked():
    train = np.array([[1, 2], [1, 2], [3, 4]])
    test = np.array([[1, 2], [3, 4], [1, 4], [3, 2]])
    assert memory_tasks.commonest_answer(train, test) == 0.25


def test_one_wrong_symbol_makes_an_answer_wrong():
    written = np.array([[1, 2], [1, 3], [2, 2]])
    answers = np.array([[1, 2], [1, 2], [2, 2]])
    assert memory_tasks.exact_matches(written, answers) == pytest.approx(2 / 3)
