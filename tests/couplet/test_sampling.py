"""Draws are as probable as they should be; drafts go on as the model says."""

import numpy as np
import pytest

from projects.couplet.poems.corpus import align, clause_ends
from projects.couplet.poems.sampling import Drafts, cut_unfinished, draw, sample_freely
from projects.couplet.tokens import START
from tests.couplet.tiny_poet import make_poet


def test_draws_follow_the_probabilities():
    generator = np.random.default_rng(0)
    chances = np.array([0.5, 0.3, 0.2, 0.0])
    with np.errstate(divide="ignore"):
        rows = np.log(np.tile(chances, (20_000, 1))) + 5  # to a constant
    for temperature, power in ((1.0, 1), (0.5, 2)):
        drawn = draw(rows, temperature, generator)
        shares = np.bincount(drawn, minlength=4) / len(drawn)
        expected = chances**power / (chances**power).sum()
        assert shares == pytest.approx(expected, abs=0.015)


def test_drafts_are_scored_as_the_model_reads_them():
    poet = make_poet()
    drafts = Drafts(poet.steps, poet.tokens, 2)
    texts = ["东中，送梦。东", "空中，东梦，杨"]
    ids = np.array([poet.tokens.encode(text) for text in texts])
    for column in ids.T:
        drafts.append(column)
    assert [poet.tokens.decode(text) for text in drafts.texts] == texts
    ends = clause_ends(poet.tokens)
    for row, found in zip(ids, drafts.log_probs, strict=True):
        above, state, expected = align(row, ends), poet.steps.begin(1), 0.0
        for before, over, token in zip([START, *row], above, row, strict=False):
            state, log_probs = poet.steps.step(state, np.array([before]), over[None])
            expected += log_probs[0, token]
        assert found == pytest.approx(expected, rel=1e-5)


def test_taken_drafts_go_their_own_way():
    poet = make_poet()
    drafts = Drafts(poet.steps, poet.tokens, 2)
    drafts.append(np.array(poet.tokens.encode("东梦")))
    one, two = drafts.take([1]), drafts.take([1, 0])
    one.append(np.array(poet.tokens.encode("，")))
    two.append(np.array(poet.tokens.encode("东，")))
    joined = one.join(two)
    shown = ["".join(map(poet.tokens.character, text)) for text in joined.texts]
    assert shown == ["梦，", "梦东", "东，"]
    assert [len(text) for text in drafts.texts] == [1, 1]
    joined.append(np.array(poet.tokens.encode("东东东")))
    two.append(np.array(poet.tokens.encode("东东")))
    np.testing.assert_allclose(joined.next[1:], two.next, rtol=1e-4, atol=1e-5)
    # Above the second character of the second clause stands the comma.
    assert joined._alignments[0].above()[0] == poet.tokens.id("，")


def test_free_texts_end_or_are_cut_behind_punctuation():
    poet = make_poet()
    texts = sample_freely(poet.steps, poet.tokens, 40, longest=30, seed=1)
    assert len(texts) == 40 and len(set(texts)) > 15
    assert all(len(text) <= 30 and "<" not in text for text in texts)
    assert texts == sample_freely(poet.steps, poet.tokens, 40, longest=30, seed=1)
    assert texts != sample_freely(poet.steps, poet.tokens, 40, longest=30, seed=2)


def test_what_is_unfinished_is_cut():
    assert cut_unfinished("春风，秋水。夏") == "春风，秋水。"
    assert cut_unfinished("春风，秋") == "春风，"
    assert cut_unfinished("春风") == ""
