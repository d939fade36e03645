import itertools

import numpy as np
import pytest

from projects.couplet.decoding.diversity import (
    choose_different,
    count_differences,
    least_difference,
)


@pytest.mark.parametrize(
    ("num_free", "least"),
    [(0, 1), (1, 1), (2, 2), (5, 2), (6, 2), (7, 3), (10, 3), (11, 4), (32, 10)],
)
def test_how_much_candidates_differ(num_free, least):
    assert least_difference(num_free) == least


def test_differences_are_counted_place_by_place():
    lines = [(1, 2, 3), (1, 2, 4), (4, 2, 3), (3, 1, 2)]
    expected = [[0, 1, 1, 3], [1, 0, 2, 3], [1, 2, 0, 3], [3, 3, 3, 0]]
    assert count_differences(lines).tolist() == expected


def test_a_better_line_is_passed_over_when_it_is_nearly_the_same():
    lines = [(1, 2, 3, 4), (1, 2, 3, 5), (1, 2, 6, 7), (8, 9, 3, 5)]
    scores = [-1.0, -2.0, -3.0, -4.0]
    assert choose_different(lines, scores, count=3, num_free=4) == [0, 2, 3]


def test_when_too_few_differ_the_places_become_fewer():
    lines = [(1, 2, 3), (1, 2, 4), (1, 2, 5), (6, 7, 3), (1, 2, 3)]
    scores = [-1.0, -2.0, -3.0, -4.0, -1.5]
    chosen = choose_different(lines, scores, count=4, num_free=3)
    assert chosen == [0, 1, 2, 3]  # and 4, the same as 0, is never chosen
    assert choose_different(lines, scores, count=9, num_free=3) == [0, 1, 2, 3]


def test_lines_that_change_in_one_place_only():
    lines = [(k, 50) for k in range(9)]
    scores = np.arange(9.0)
    assert choose_different(lines, scores, count=3, num_free=1) == [8, 7, 6]


def test_nothing_gives_nothing():
    assert choose_different([], [], count=3, num_free=4) == []


@pytest.mark.parametrize("seed", range(20))
def test_what_is_promised_of_the_choice(seed):
    random = np.random.default_rng(seed)
    length, count = int(random.integers(1, 9)), int(random.integers(1, 8))
    lines = random.integers(0, 3, (24, length))
    scores = random.normal(size=24)
    chosen = choose_different(lines, scores, count=count, num_free=length)
    distinct = len({tuple(line) for line in lines.tolist()})
    assert len(chosen) == min(count, distinct)
    assert chosen[0] == np.argmax(scores)
    assert (np.diff(scores[chosen]) <= 0).all()
    apart = [(lines[a] != lines[b]).sum() for a, b in itertools.combinations(chosen, 2)]
    assert min(apart, default=1) >= 1
    greedy = []
    for number in np.argsort(-scores):
        far = [(lines[number] != lines[o]).sum() for o in greedy]
        if min(far, default=length) >= least_difference(length):
            greedy.append(int(number))
    if len(greedy) >= count:
        assert chosen == greedy[:count]
    else:
        assert set(greedy) <= set(chosen)
