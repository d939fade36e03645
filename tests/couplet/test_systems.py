"""The models that count, as systems under examination."""

import numpy as np
import pytest

from projects.couplet.counting.line_ids import encode_lines
from projects.couplet.evaluation.examiner import fit_bigrams
from projects.couplet.evaluation.systems import batches_by_length, fit_baselines
from projects.couplet.lines.rules import structure_holds
from projects.couplet.lines.tones import Tones
from projects.couplet.pairs.reading import Pairs
from projects.couplet.tokens import Tokens
from tests.couplet.toy_couplets import answer, draw_pairs

FIRST, SECOND = draw_pairs(300)
NEW = ["天风日山", "花红，来朝", "风", "天天日"]


@pytest.fixture(scope="module")
def baselines():
    train = Pairs(FIRST[:250], SECOND[:250])
    valid = Pairs(FIRST[250:], SECOND[250:])
    tokens = Tokens.from_lines([*FIRST, *SECOND], min_count=1)
    bigrams = fit_bigrams(SECOND, tokens)
    return fit_baselines(train, valid, tokens, bigrams, Tones({}))


@pytest.mark.parametrize("number", [0, 1])
def test_each_finds_the_partners(number, baselines):
    system = baselines[number]
    assert system.answer(NEW) == [answer(line) for line in NEW]
    right, wrong = map(answer, NEW), ["夜草绿暮", "水夜，绿暮", "旧", "旧旧新"]
    for name, scores in system.scores(NEW, list(right)).items():
        assert (scores > system.scores(NEW, wrong)[name]).all()


@pytest.mark.parametrize("number", [0, 1])
def test_lines_are_told_apart(number, baselines):
    system = baselines[number]
    together = system.log_probs(NEW, list(map(answer, NEW)))
    assert [len(line) for line in together] == list(map(len, NEW))
    for line, log_probs in zip(NEW, together, strict=True):
        alone = system.log_probs([line], [answer(line)])
        np.testing.assert_allclose(alone[0], log_probs)
    scores = system.scores(NEW, list(map(answer, NEW)))
    if number:
        sums = [line.sum() for line in together]
        np.testing.assert_allclose(scores["forward"], sums)
        ids = encode_lines(map(answer, NEW), system.tokens)
        own = ids.sum_each(system.alone.log_probs(ids))
        np.testing.assert_allclose(scores["mutual"], np.array(sums) - own)
        assert list(scores)[-1] == "mutual"  # what it goes by
    else:
        assert list(scores) == ["PMI"]


def test_what_has_no_partner_stays(baselines):
    assert baselines[0].answer(["龘，天"]) == ["龘，地"]


def test_the_count_model_keeps_the_rules(baselines):
    lines = ["龘天", "地天地", "天天，风天"]
    answers = baselines[1].answer(lines)
    assert all(map(structure_holds, lines, answers))


def test_batches_hold_each_line_once():
    lines = ["天", "风日", "地", "月", "草绿"]
    assert list(batches_by_length(lines, 2)) == [[0, 2], [3], [1, 4]]
    assert list(batches_by_length(lines, 3, characters=True)) == [[0, 2, 3], [1], [4]]
