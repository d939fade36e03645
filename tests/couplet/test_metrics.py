"""Scores by hand, and BLEU beside sacrebleu's."""

import math

import numpy as np
import pytest

from projects.couplet.metrics import (
    bleu,
    distinct,
    letters,
    perplexity,
    pick_rate,
    spread,
)


def test_bleu_by_hand():
    # 3 of 4 characters, 2 of 3 pairs are right; no brevity.
    assert bleu(["春风秋雨"], [["春风秋月"]], 2) == pytest.approx(
        100 * math.sqrt(3 / 4 * 2 / 3)
    )
    # A character counts only as often as in the reference that has it most often.
    assert bleu(["春春春"], [["春春秋", "秋雨春"]], 1) == pytest.approx(100 * 2 / 3)
    # Half as long as the nearest reference: exp(1 - 4 / 2).
    assert bleu(["春风"], [["春风秋雨", "春风秋雨明月"]], 1) == pytest.approx(
        100 * math.exp(-1)
    )
    # Of two references equally near in length, the shorter one is meant.
    assert bleu(["春风秋"], [["春风秋雨", "春秋"]], 1) == pytest.approx(100)
    assert bleu(["春风秋雨"], [["春风秋雨"]]) == pytest.approx(100)
    assert bleu(["春秋"], [["秋春"]], 2) == 0
    assert bleu(["春"], [["春"]], 4) == 0  # there is no 4-gram
    assert math.isnan(bleu([], []))
    with pytest.raises(ValueError):
        bleu(["春"], [])


def test_bleu_is_that_of_the_whole_and_not_a_mean():
    # 1 of 1 and 1 of 3 characters: 2 of 4.
    assert bleu(["春", "春风雨"], [["春"], ["春秋月"]], 1) == pytest.approx(50)


@pytest.mark.parametrize("num_references", [1, 3])
@pytest.mark.parametrize("max_n", [1, 4])
def test_bleu_is_that_of_sacrebleu(num_references, max_n):
    sacrebleu = pytest.importorskip("sacrebleu.metrics")
    generator = np.random.default_rng(num_references)

    def lines():
        return [
            "".join(generator.choice(list("春风秋雨，"), generator.integers(3, 12)))
            for _ in range(80)
        ]

    candidates, streams = lines(), [lines() for _ in range(num_references)]
    oracle = sacrebleu.BLEU(
        tokenize="none", smooth_method="none", max_ngram_order=max_n, force=True
    )
    expected = oracle.corpus_score(
        [" ".join(line) for line in candidates],
        [[" ".join(line) for line in stream] for stream in streams],
    ).score
    answers = [list(answers) for answers in zip(*streams, strict=True)]
    assert bleu(candidates, answers, max_n) == pytest.approx(expected, rel=1e-9)


def test_perplexity_is_the_number_of_equal_choices():
    assert perplexity(np.log([0.25, 0.25])) == pytest.approx(4)
    assert perplexity(np.log(np.float32([0.5, 0.125]))) == pytest.approx(4)
    assert perplexity([-np.inf, 0]) == math.inf
    assert math.isnan(perplexity([]))


def test_pick_rate_by_hand():
    scores = np.array([[3, 1, 2], [1, 5, 0], [7, 7, 0], [0, 0, 0.0]])
    assert pick_rate(scores) == pytest.approx((1 + 0 + 1 / 2 + 1 / 3) / 4)
    assert pick_rate([[-np.inf, -np.inf]]) == 0.5
    with pytest.raises(ValueError, match="NaN"):
        pick_rate([[1, math.nan]])


def test_letters_are_all_but_punctuation():
    assert letters("春，雨？〇一。") == "春雨〇一"


def test_distinct_by_hand():
    assert distinct(["春春", "春秋"]) == 0.5
    assert distinct(["春春春", "春秋"], 2) == 2 / 3
    assert math.isnan(distinct(["春"], 2))


def test_spread_by_hand():
    # Of the three pairs of candidates: 0, 1 of 2 and 1 of 2 places differ.
    assert spread([["春，雨", "春，雨", "春，月"]]) == pytest.approx(1 / 3)
    assert math.isnan(spread([["春"], []]))
