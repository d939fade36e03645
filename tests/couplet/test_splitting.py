"""No line of a pair that was held back is trained on."""

import itertools

import numpy as np
import pytest

from projects.couplet.pairs.splitting import split_pairs

# Lines a0 … a29 and b0 … b29, many in several pairs and in both positions.
_DRAWN = np.random.default_rng(0).integers(0, 30, (80, 2)).tolist()
PAIRS = list(dict.fromkeys((f"a{i}", f"b{j}") for i, j in _DRAWN))
PAIRS += [(b, a) for a, b in PAIRS[:5]]
TEST = [("a1", "b99"), ("x", "b3"), ("b7", "y"), ("a1", "b98")]


def _lines(pairs):
    return {line for pair in pairs for line in pair}


@pytest.mark.parametrize("test", [TEST, None])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_line_is_shared_in_either_position(test, seed):
    split = split_pairs(PAIRS, test, num_valid=3, num_test=4, seed=seed)
    parts = [split.train, split.valid, split.test]
    for one, other in itertools.combinations(parts, 2):
        assert not _lines(one) & _lines(other)
    assert (len(split.valid), len(split.test)) == (3, 4)
    assert test is None or split.test == test


def test_nothing_else_is_dropped():
    split = split_pairs(PAIRS, TEST, num_valid=3, num_test=4, seed=0)
    lost = set(PAIRS) - set(split.train) - set(split.valid)
    held = _lines(split.test) | _lines(split.valid)
    assert lost == {p for p in PAIRS if _lines([p]) & held} - set(split.valid)
    assert split.train == [p for p in PAIRS if p in set(split.train)]
    assert sum(split.dropped.values()) == len(lost)
    of_test = sum(bool(_lines([p]) & _lines(TEST)) for p in PAIRS)
    assert split.dropped["a line of the test"] == of_test > 0


def test_the_references_are_all_known_answers():
    split = split_pairs(PAIRS, TEST, num_valid=3, num_test=4, seed=0)
    rows = {row[0]: row[1:] for row in split.references}
    assert list(rows) == ["a1", "x", "b7"]
    assert rows["a1"][:2] == ["b99", "b98"]
    assert set(rows["a1"][2:]) == {b for a, b in PAIRS if a == "a1"}
    assert rows["x"] == ["b3"]


def test_the_seed_decides():
    splits = [
        split_pairs(PAIRS, None, num_valid=3, num_test=4, seed=seed)
        for seed in (0, 0, 1)
    ]
    assert splits[0] == splits[1]
    assert splits[0].test != splits[2].test


def test_more_than_there_is_leaves_nothing_to_train():
    split = split_pairs(PAIRS, TEST, num_valid=999, num_test=4, seed=0)
    assert split.train == []
