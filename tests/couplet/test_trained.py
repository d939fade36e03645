"""Scores and rankings of a trained model, beside the writer's own."""

from dataclasses import replace

import numpy as np
import pytest

from projects.couplet.decoding.judges import Judges, Weights
from projects.couplet.decoding.request import Request
from projects.couplet.evaluation.trained import (
    PICKS,
    Trained,
    combine,
    mean_spread,
)
from projects.couplet.lines.tones import Tones
from projects.couplet.metrics import spread
from projects.couplet.network.skills import Skills
from projects.couplet.writer import Writer
from tests.couplet.toy_couplets import answer

LINES = ["天风日", "山花", "来朝春", "红日，天花", "天风日", "新来"]
SECONDS = list(map(answer, LINES))


@pytest.fixture(scope="module")
def system(translator):
    return Trained("toy", Writer(translator, Tones({})))


def ids(system, line):
    return np.array([system.tokens.encode(line)], np.int32)


def test_log_probs_are_those_of_the_translator(system):
    found = system.log_probs(LINES, SECONDS)
    for first, second, log_probs in zip(LINES, SECONDS, found, strict=True):
        alone = system.writer.translator.log_probs(
            ids(system, first), ids(system, second)
        )
        np.testing.assert_allclose(log_probs, alone[0], atol=1e-4)


def test_parts_are_those_of_the_judges(system):
    parts = system.parts(LINES, SECONDS)
    for first, second, part in zip(LINES, SECONDS, parts, strict=True):
        verdict = system.writer.score(first, second)
        alone = verdict.fluency * sum(map(str.isalnum, second))
        expected = verdict.log_prob, verdict.reverse_log_prob, alone
        np.testing.assert_allclose(part, expected, atol=1e-3)


def test_scores_are_weighted_parts(system):
    scores = system.scores(LINES, SECONDS)
    forward, reverse, alone = system.parts(LINES, SECONDS).T
    assert list(scores) == list(PICKS)
    np.testing.assert_allclose(scores["mutual"], forward - alone)
    np.testing.assert_allclose(scores["together"], forward + reverse - alone)
    wrong = [line.translate(str.maketrans(line, "旧" * len(line))) for line in LINES]
    wrong[3] = "旧旧，旧旧"
    others = system.scores(LINES, wrong)
    assert (scores["together"] > others["together"]).all()


def test_what_was_not_learned_is_not_asked(translator):
    plain = replace(translator, skills=Skills(reverse=False, blank=False))
    system = Trained("plain", Writer(plain, Tones({})))
    assert list(system.scores(LINES, SECONDS)) == ["forward"]
    assert np.isnan(system.parts(LINES, SECONDS)[:, 1:]).all()
    half = replace(translator, skills=Skills(blank=False))
    system = Trained("half", Writer(half, Tones({})))
    assert list(system.scores(LINES, SECONDS)) == ["forward", "reverse"]


def test_what_was_not_learned_does_not_rank(translator):
    plain = Writer(replace(translator, skills=Skills(False, False)), Tones({}))
    assert plain.judges.weights == Weights(0.0, 0.0)
    for answers in plain.answer_many(LINES, Request(tones="off")):
        assert {found.reverse_log_prob for found in answers} == {None}
        assert {found.fluency for found in answers} == {None}
        for found in answers:
            assert found.score == pytest.approx(found.log_prob)
    assert Writer(translator, Tones({})).judges.weights == Weights()


@pytest.mark.parametrize("tones", ["soft", "off"])
@pytest.mark.parametrize("weights", [Weights(), Weights(0.0, 0.0), Weights(2.0, -3.0)])
def test_one_search_tells_what_any_judges_would_choose(weights, tones, translator):
    searched = Trained("toy", Writer(translator, Tones({})))
    found = searched.search(LINES, tones)
    writer = Writer(translator, Tones({}))
    vars(writer)["judges"] = Judges(translator, weights)
    answers = writer.answer_many(LINES, Request(tones=tones))
    for each, expected in zip(found, answers, strict=True):
        assert each.best(weights) == expected[0].text
        assert each.scores(weights).max() == pytest.approx(expected[0].score, abs=1e-3)
        shown = each.candidates(weights, Request.candidates)
        assert shown == [answer.text for answer in expected]
    texts = [[answer.text for answer in line] for line in answers]
    assert mean_spread(found, weights) == pytest.approx(spread(texts))


def test_the_usual_answers(system):
    expected = [found[0].text for found in system.writer.answer_many(LINES)]
    assert system.answer(LINES) == expected


def test_combine_passes_over_what_has_no_weight():
    parts = np.array([[1.0, np.nan, 3.0]])
    assert combine(parts, (2.0, 0.0, -1.0)).tolist() == [-1.0]
