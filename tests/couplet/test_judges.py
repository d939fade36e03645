"""Verdicts equal sums that are worked out one character at a time."""

import dataclasses

import numpy as np
import pytest

from projects.couplet.decoding import judges
from projects.couplet.decoding.judges import Judges, Weights
from projects.couplet.tokens import BLANK, START, START_REVERSED
from tests.couplet.toy_couplets import answer

PAIRS = [("天风，日", "地雨，月"), ("山花，红", "地雨，月"), ("新春，朝", "山花，红")]


def encode(translator, lines):
    return np.array([translator.tokens.encode(line) for line in lines], np.int32)


def sum_by_steps(translator, source, target, start):
    """Add up log-probabilities step by step."""
    memory, state = translator.begin(source[None])
    previous, total = np.array([start], np.int32), 0.0
    for position, token in enumerate(target):
        own, state = translator.step(memory, state, previous, position)
        total += float(own[0, token])
        previous = target[position : position + 1]
    return total


def test_verdicts_are_the_sums_of_three_questions(translator):
    firsts, seconds = (encode(translator, lines) for lines in zip(*PAIRS, strict=True))
    verdicts = Judges(translator, Weights(0.7, 0.3)).judge(firsts, seconds)
    comma = translator.tokens.id("，")
    for verdict, first, second in zip(verdicts, firsts, seconds, strict=True):
        forward = sum_by_steps(translator, first, second, START)
        backward = sum_by_steps(translator, second, first, START_REVERSED)
        blank = np.array([BLANK, BLANK, comma, BLANK], np.int32)
        alone = sum_by_steps(translator, blank, second, START)
        assert verdict.log_prob == pytest.approx(forward, abs=1e-3)
        assert verdict.reverse_log_prob == pytest.approx(backward, abs=1e-3)
        assert verdict.fluency == pytest.approx(alone / 3, abs=1e-3)
        score = forward + 0.7 * backward + 0.3 * alone
        assert verdict.score == pytest.approx(score, abs=2e-3)


def test_fluency_without_weight_is_told_when_asked_for(translator):
    firsts, seconds = (encode(translator, lines) for lines in zip(*PAIRS, strict=True))
    weighed = Judges(translator, Weights(1.0, 0.3))
    whole = weighed.judge(firsts, seconds)
    assert weighed.tell_fluency(whole, firsts, seconds) == whole
    plain = Judges(translator)
    verdicts = plain.judge(firsts, seconds)
    assert {verdict.fluency for verdict in verdicts} == {None}
    told = plain.tell_fluency(verdicts, firsts, seconds)
    for own, bare, other in zip(told, verdicts, whole, strict=True):
        assert own.fluency == pytest.approx(other.fluency, abs=1e-5)
        assert dataclasses.replace(own, fluency=None) == bare


def test_the_partner_is_judged_best(translator):
    line = "天风山"
    seconds = [answer(line), "地雨草", "水雨地", "旧秋暮"]
    sources = encode(translator, [line] * 4)
    verdicts = Judges(translator).judge(sources, encode(translator, seconds))
    scores = [verdict.score for verdict in verdicts]
    assert scores[0] == max(scores) and sorted(scores)[-2] < scores[0] - 2


def test_many_pairs_are_judged_in_parts_alike(translator, monkeypatch):
    firsts, seconds = (encode(translator, lines) for lines in zip(*PAIRS, strict=True))
    whole = Judges(translator).judge(firsts, seconds)
    asked = []

    class Spy(Judges):
        def _judge(self, sources, targets, forward):
            asked.append(len(sources))
            return super()._judge(sources, targets, forward)

    monkeypatch.setattr(judges, "_CHARACTERS", 8)
    parts = Spy(translator).judge(firsts, seconds)
    assert asked == [2, 1]
    for own, other in zip(parts, whole, strict=True):
        assert own.score == pytest.approx(other.score, abs=1e-4)
    assert Judges(translator).judge(firsts[:0], seconds[:0]) == []
