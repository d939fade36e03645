"""Perplexity and the worth of texts, against values known by hand."""

import math

import numpy as np
import pytest

from projects.couplet.poems.baseline import fit_ngrams, sample_ngrams
from projects.couplet.poems.batches import Pieces
from projects.couplet.poems.evaluation import (
    judge_texts,
    measure_model,
    measure_ngrams,
)
from projects.couplet.poems.language_model import build_model
from projects.couplet.tokens import Tokens
from tests.couplet.tiny_poet import make_poems


def test_a_model_that_knows_nothing_finds_all_ids_alike():
    poems = make_poems(30)
    tokens = Tokens.from_lines(poems, min_count=1)
    model = build_model(len(tokens), 4, 3)
    model.set_weights([np.zeros(w.shape) for w in model.weights])
    found = measure_model(model, Pieces.of(poems, tokens), tokens)
    assert found.per_character == pytest.approx(len(tokens), rel=1e-5)
    assert found.per_token == pytest.approx(len(tokens), rel=1e-5)
    assert found.unknown == 0


def test_padding_and_punctuation_are_told_apart():
    tokens = Tokens.from_lines(["山，水，"], min_count=1)
    model = build_model(len(tokens), 4, 3)
    weights = [np.zeros(w.shape) for w in model.weights]
    # The logit of every id is what the bias finds in its embedding: half of all for
    # the comma, the rest for the others alike.
    weights[-1][0] = 1.0
    comma = tokens.id("，")
    weights[0][comma, 0] = math.log(len(tokens) - 1)
    model.set_weights(weights)
    poems = ["山，", "水，山猫，"]
    found = measure_model(model, Pieces.of(poems, tokens), tokens)
    rest = 2 * (len(tokens) - 1)
    assert found.per_character == pytest.approx(rest, rel=1e-5)
    # Four characters, three commas, two ends.
    expected = (rest**6 * 2**3) ** (1 / 9)
    assert found.per_token == pytest.approx(expected, rel=1e-5)
    assert found.unknown == pytest.approx(1 / 4)


def test_ngrams_are_measured_on_the_same_tokens():
    poems = ["山，", "山，", "山，", "水，"]
    tokens = Tokens.from_lines(poems, min_count=1)
    model = fit_ngrams(poems, tokens, 1)
    found = measure_ngrams(model, poems, tokens)
    # Of 12 tokens 4 are commas, 4 ends, 3 山, 1 水; each gives away 0.75.
    left = 0.75 * 4 / 12 / len(tokens)
    mountain, water = 2.25 / 12 + left, 0.25 / 12 + left
    other = 3.25 / 12 + left
    per_character = (mountain**3 * water) ** (-1 / 4)
    assert found.per_character == pytest.approx(per_character, rel=1e-6)
    per_token = (mountain**3 * water * other**8) ** (-1 / 12)
    assert found.per_token == pytest.approx(per_token, rel=1e-6)


def test_ngrams_of_high_order_copy():
    poems = make_poems(20) * 40
    tokens = Tokens.from_lines(poems, min_count=1)
    texts = sample_ngrams(fit_ngrams(poems, tokens, 5), tokens, 30)
    assert sum(text in poems for text in texts) > 10


def test_texts_are_judged_clause_by_clause():
    known = {"一二三四五", "三三"}
    texts = ["一二三四五，六七八九十。", "一二三四五，一二三四五六七。三三。", ""]
    found = judge_texts(texts, known)
    assert found.clauses == 5
    assert found.right_length == pytest.approx(4 / 5)
    assert found.even == pytest.approx(1 / 3)
    assert found.copied == pytest.approx(2 / 4)
