import heapq
import itertools

import numpy as np
import pytest

from projects.couplet.decoding.beam_search import beam_search
from projects.couplet.tokens import START
from tests.couplet.toy_search import (
    BOTH,
    ToyModel,
    broken_tones,
    constrain,
    encode,
    keeps_structure,
    list_answers,
)

HAN = "天地玄黄宇宙洪荒日月盈昃"
READINGS = dict(zip(HAN, "平仄平平仄仄平平仄仄平仄", strict=True)) | {"荒": BOTH}
LINES = [
    "春去春来",
    "山水山水",
    "风雨",
    "花",
    "春，花",
    "山山，水水",
    "一二三四",
    "甲甲甲甲",
]


def search(lines, constraints, beam, **options):
    model = ToyModel(len(constraints[0].tokens))
    found = beam_search(
        model, encode(lines, constraints), constraints, beam=beam, **options
    )
    return model, found


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("tones", ["off", "soft", "strict"])
def test_a_wide_search_finds_all_lines_that_the_rules_allow_in_their_order(line, tones):
    characters = HAN[:7]
    wishes = {"tones": tones, "tone_penalty": 0.7}
    constraints = constrain(
        line, characters, READINGS | {"春": "平", "山": "平"}, **wishes
    )
    model, [found] = search([line], [constraints], beam=900)
    source = constraints.tokens.encode(line)
    readings = READINGS | {"春": "平", "山": "平"}
    expected = []
    for answer in list_answers(line, characters):
        own = model.score(source, constraints.tokens.encode(answer))
        broken = broken_tones(line, answer, readings)
        if tones == "strict" and broken:
            continue
        expected.append((sum(own) - (0.7 * broken if tones == "soft" else 0), answer))
    expected.sort(reverse=True)
    assert [constraints.text(h.ids) for h in found] == [text for _, text in expected]
    np.testing.assert_allclose(
        [h.score for h in found], [score for score, _ in expected], rtol=1e-5
    )


def test_log_probabilities_are_those_of_the_model_without_penalties():
    constraints = constrain("山水", HAN, READINGS, tones="soft")
    model, [found] = search(["山水"], [constraints], beam=60)
    source = constraints.tokens.encode("山水")
    for hypothesis in found:
        own = model.score(source, hypothesis.ids)
        np.testing.assert_allclose(hypothesis.token_log_probs, own, rtol=1e-5)
        assert hypothesis.log_prob == pytest.approx(sum(own), rel=1e-5)
    penalties = [round(h.log_prob - h.score, 4) for h in found]
    texts = [constraints.text(h.ids) for h in found]
    assert penalties == [broken_tones("山水", text, READINGS) for text in texts]
    assert len(set(penalties)) > 1


def plain_search(model, line, constraints, answers, beam):
    """Follow `beam` prefixes of the allowed answers, one at a time."""
    source = constraints.tokens.encode(line)
    allowed = {tuple(constraints.tokens.encode(text)) for text in answers}
    kept = [()]
    for length in range(1, len(line) + 1):
        prefixes = {ids[:length] for ids in allowed if ids[: length - 1] in kept}
        kept = heapq.nlargest(
            beam, prefixes, key=lambda prefix: sum(model.score(source, prefix))
        )
    return kept


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("beam", [1, 3, 7])
def test_a_narrow_search_keeps_what_a_plain_one_keeps(line, beam):
    characters = HAN[:7]
    constraints = constrain(line, characters)
    model, [found] = search([line], [constraints], beam=beam)
    answers = list_answers(line, characters)
    assert [h.ids for h in found] == plain_search(
        model, line, constraints, answers, beam
    )


def test_lines_in_a_batch_are_answered_as_if_alone():
    lines = ["春去春来", "山水，水", "山，山水", "一二三四", "甲甲甲甲"]
    wishes = [
        {},
        {"pattern": "天_，_"},
        {},
        {"pattern": "日___"},
        {"forbidden": "天地玄"},
    ]
    constraints = [constrain(a, HAN, **w) for a, w in zip(lines, wishes, strict=True)]
    for options in ({}, {"groups": 3, "diversity": 2.0}):
        _, together = search(lines, constraints, 6, **options)
        for line, own, found in zip(lines, constraints, together, strict=True):
            _, [alone] = search([line], [own], 6, **options)
            assert [h.ids for h in found] == [h.ids for h in alone]
            np.testing.assert_allclose(
                [h.score for h in found], [h.score for h in alone], rtol=1e-6
            )
            assert all(keeps_structure(line, own.text(h.ids)) for h in found)


def test_the_model_is_asked_for_one_beam_until_there_is_a_choice():
    constraints = constrain("春去春来", HAN, pattern="天___")
    model, _ = search(["春去春来"], [constraints], beam=4)
    assert model.rows == [1, 1, 4, 4]


def test_every_group_pays_for_what_earlier_ones_chose_but_not_in_its_score():
    line, constraints = "一二三四", constrain("一二三四", HAN)
    _, [plain] = search([line], [constraints], 4, groups=4, diversity=0.0)
    model, [found] = search([line], [constraints], 4, groups=4, diversity=100.0)
    assert len(plain) == 1  # all groups went the same way
    for place in range(4):
        assert len({h.ids[place] for h in found}) == 4
    assert plain[0] in found
    scores = [h.score for h in found]
    assert scores == sorted(scores, reverse=True)
    source = constraints.tokens.encode(line)
    for hypothesis in found:
        assert hypothesis.score == pytest.approx(
            sum(model.score(source, hypothesis.ids)), rel=1e-5
        )


def test_a_small_diversity_only_turns_near_ties():
    line, constraints = "一二三四", constrain("一二三四", HAN)
    source = constraints.tokens.encode(line)
    model, [found] = search([line], [constraints], 2, groups=2, diversity=0.3)
    first = np.array(
        model.step(*model.begin(np.array([source])), np.array([START]), 0)[0]
    )
    open_ids = constraints.tokens.encode(HAN)
    best = sorted(first[0, open_ids])[::-1]
    firsts = {h.ids[0] for h in found}
    assert (len(firsts) == 2) == (best[0] - best[1] < 0.3)


def test_fixed_characters_stay_where_the_model_rules_them_out():
    class Refusing(ToyModel):
        def step(self, memory, state, previous, position):
            log_probs, state = super().step(memory, state, previous, position)
            log_probs[:, constraints.tokens.id("天")] = -np.inf
            return log_probs, state

    constraints = constrain("一二", HAN, pattern="_天")
    model = Refusing(len(constraints.tokens))
    found = beam_search(model, encode(["一二"], [constraints]), [constraints], beam=3)
    assert [constraints.text(h.ids)[1] for h in found[0]] == ["天"] * 3
    assert all(np.isfinite(h.score) for h in found[0])


@pytest.mark.parametrize("seed", range(5))
def test_two_steps_in_a_large_vocabulary(seed):
    characters = "".join(chr(0x4E00 + k) for k in range(400))
    constraints = constrain("山水", characters)
    model = ToyModel(len(constraints.tokens), seed=seed, spread=4.0 * seed + 2)
    sources = encode(["山水"], [constraints])
    [found] = beam_search(model, sources, [constraints], beam=9)
    choices = constraints.tokens.encode(characters)
    memory, begun = model.begin(sources)
    first, state = model.step(memory, begun, np.array([START]), 0)
    sums = {}
    for a in heapq.nlargest(9, choices, key=lambda token: first[0, token]):
        second, _ = model.step(memory, state, np.array([a]), 1)
        own = {(a, b): first[0, a] + second[0, b] for b in choices if b != a}
        sums.update(own)
    assert [h.ids for h in found] == heapq.nlargest(9, sums, key=sums.get)


def test_the_longest_lines_are_answered():
    characters = "".join(chr(0x4E00 + k) for k in range(700))
    first = "".join(chr(0x6000 + k) for k in range(32))
    constraints = constrain(first, characters)
    _, [found] = search([first], [constraints], beam=9)
    assert len(found) == 9
    assert all(keeps_structure(first, constraints.text(h.ids)) for h in found)


def test_one_step_finds_the_best_tokens_among_many_blocks():
    characters = "".join(chr(0x4E00 + k) for k in range(1000))
    for seed, beam in itertools.product(range(5), (1, 8, 300)):
        constraints = constrain("〇", characters)
        model = ToyModel(len(constraints.tokens), seed=seed)
        source = encode(["〇"], [constraints])
        [found] = beam_search(model, source, [constraints], beam=beam)
        log_probs, _ = model.step(*model.begin(source), np.array([START]), 0)
        own = sorted(log_probs[0, constraints.tokens.encode(characters)])[::-1]
        np.testing.assert_array_equal([h.score for h in found], own[:beam])


def test_nothing_to_search_gives_nothing():
    assert beam_search(ToyModel(9), np.zeros((0, 5), np.int32), [], beam=3) == []


def test_constraints_of_another_length_are_refused():
    constraints = constrain("山水", HAN)
    with pytest.raises(ValueError, match="of length 3. Received: lengths .2."):
        beam_search(ToyModel(20), np.zeros((1, 3), np.int32), [constraints], beam=2)
