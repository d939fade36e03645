"""Partners of characters, counted by hand."""

import numpy as np
import pytest

from projects.couplet.counting.line_ids import LineIds
from projects.couplet.counting.partners import PairCounts


@pytest.fixture(scope="module")
def counts():
    first = LineIds.from_lists([[5, 6], [5, 6], [5, 7]])
    second = LineIds.from_lists([[8, 9], [8, 9], [9, 8]])
    return PairCounts.from_lines(first, second, 11, prior=2.0)


def test_probabilities_by_hand(counts):
    # Below 5: 8 twice, 9 once. Second lines: 8 and 9 three times each, and each of
    # the 11 ids once more.
    expected = np.log([(2 + 2 * 4 / 17) / 5, (1 + 2 * 4 / 17) / 5, 2 * 1 / 17 / 5])
    found = counts.log_probs(np.array([5, 5, 5]), np.array([8, 9, 10]))
    np.testing.assert_allclose(found, expected)
    everything = counts.log_probs(np.arange(11)[:, None], np.arange(11)[None])
    np.testing.assert_allclose(np.exp(everything).sum(axis=1), 1)


def test_pmi_tells_partners_from_strangers(counts):
    known, unknown = counts.pmi(np.array([[6], [10]]), np.array([8, 9]))
    assert known[0] < 0 < known[1]
    np.testing.assert_allclose(unknown, 0, atol=1e-12)  # nothing is known of 10
    assert counts.pmi(5, 8) == pytest.approx(np.log((2 + 8 / 17) / 5 / (4 / 17)))


def test_the_best_partner_is_the_commonest(counts):
    assert counts.best(np.array([7, 5, 6, 10, 5])).tolist() == [8, 8, 9, 10, 8]


def test_the_human_line_is_picked_among_others(mirror):
    from projects.couplet.counting.line_ids import encode_lines
    from projects.couplet.evaluation.choices import make_choices
    from projects.couplet.metrics import pick_rate
    from projects.couplet.pairs.reading import read_pairs
    from projects.couplet.tokens import Tokens

    train = read_pairs(mirror / "couplet/train.tsv.xz", limit=20_000)
    valid = read_pairs(mirror / "couplet/valid.tsv.xz")
    tokens = Tokens.from_lines(train.first + train.second, min_count=1)
    first, second = (
        encode_lines(lines, tokens) for lines in (train.first, train.second)
    )
    counts = PairCounts.from_lines(first, second, len(tokens))
    asked, choices = make_choices(valid.second, 10, seed=0)
    scores = [
        [
            counts.pmi(tokens.encode(valid.first[i]), tokens.encode(line)).sum()
            for line in map(valid.second.__getitem__, row)
        ]
        for i, row in zip(asked[:500], choices[:500], strict=True)
    ]
    assert 0.6 < pick_rate(scores) < 0.9  # chance: 0.1
