"""Matched characters and neighbors, counted by hand; and the program on the sample."""

import json

import numpy as np
import pytest

from projects.couplet.counting.line_ids import encode_lines
from projects.couplet.counting.partners import PairCounts
from projects.couplet.evaluation.exam import make_exam
from projects.couplet.evaluation.examiner import Examiner, fit_bigrams
from projects.couplet.experiments import matching
from projects.couplet.experiments.line_worth import Neighbors, judge
from projects.couplet.experiments.shuffling import draw, shuffle_each
from projects.couplet.lines.tones import Tones
from projects.couplet.pairs.reading import Pairs
from projects.couplet.tokens import Tokens

FIRST, SECOND = ["天，风日", "天来"], ["地，雨月", "地去"]


def test_neighbors_across_punctuation_or_lines_are_none():
    tokens = Tokens.from_lines([*FIRST, *SECOND], min_count=1)
    neighbors = Neighbors.of(SECOND, tokens)  # 雨月 and 地去
    assert neighbors.share_new(["雨月", "地去"]) == 0
    assert neighbors.share_new(["地雨月", "月地"]) == pytest.approx(2 / 3)


def test_matching_is_the_mean_pointwise_information():
    tokens = Tokens.from_lines([*FIRST, *SECOND], min_count=1)
    one, other = encode_lines(FIRST, tokens), encode_lines(SECOND, tokens)
    counts = PairCounts.from_lines(one, other, len(tokens), prior=1.0)
    bigrams = fit_bigrams(SECOND, tokens)
    exam = make_exam(Pairs(["天来"], ["地去"]), picks=(1, 1))
    examiner = Examiner(exam, Tones({}), tokens, bigrams, frozenset())
    worth = judge(["地去"], examiner, counts, Neighbors.of(SECOND, tokens))
    # Of 6 signs (the comma, too) 2 are 地 and 1 is 去; one more of each id counts.
    share = {"地": 3 / (6 + len(tokens)), "去": 2 / (6 + len(tokens))}
    expected = [
        np.log((2 + share["地"]) / 3 / share["地"]),
        np.log((1 + share["去"]) / 2 / share["去"]),
    ]
    assert worth.matched == pytest.approx(np.mean(expected))
    assert worth.structure == 1 and worth.new_pairs == 0


def test_shuffled_lines_have_the_same_characters():
    lines = ["一二三四五六七八九", "天地人"]
    shuffled = shuffle_each(lines, seed=1)
    assert list(map(sorted, shuffled)) == list(map(sorted, lines)) and shuffled != lines
    assert (
        sorted(draw(lines, 5, seed=0)) == sorted(lines) and len(draw(lines, 1, 0)) == 1
    )


def test_the_program_judges_all(tmp_path, capsys):
    small = "--data sample --pairs 2000 --lines 20 --seeds 2 --no-trained"
    assert matching.main([*small.split(), "--output", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "metrics.json").read_text())
    assert len(found["people"]) == 2 and len(found) == 4
    assert found["count model"][0]["structure"] == 1
    # No order is worse than any.
    worse, people = (
        np.mean([each["new_pairs"] for each in found[name]])
        for name in ("people's, shuffled", "people")
    )
    assert worse > people
    assert "written by the model" in capsys.readouterr().err
