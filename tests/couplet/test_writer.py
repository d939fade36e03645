"""The writer with a model that has learned partners: rules, scripts, batches."""

import itertools

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.decoding.constraints import wanted_tones
from projects.couplet.decoding.request import Request
from projects.couplet.lines import antithesis
from projects.couplet.lines.rules import structure_holds, tones_hold
from projects.couplet.lines.tones import Tones
from projects.couplet.lines.traditional import is_traditional, to_simplified
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.model import build_model
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import UNKNOWN, Tokens
from projects.couplet.writer import Writer
from tests.couplet.toy_couplets import answer

HOSTILE = [
    "山",
    "山山山山山",
    "天风天风，日天",
    "天,风;日:山?花!红.",
    "，，风，，",
    "。天风日山花。",
    "天" * 32,
    "天风日山花红来朝春新，地雨月水夜草绿暮秋旧，龘靐齉",
    "龘龘靐齉",
    "\U00020000日\U0002a6d6",
    "〇",
    "風來紅，風",
    "髮發发山",
    "风風",
    "風\U00020000，风",
    "天地",
    "後后后",
]


@pytest.fixture(scope="module")
def writer(translator):
    return Writer(translator, Tones.load())


@pytest.fixture(scope="module")
def wild():
    """Return a writer whose model has many characters and has learned nothing."""
    form = Architecture(encoder_layers=1, decoder_layers=1, units=8, embedding_dim=6)
    known = "".join(map(chr, range(0x4E00, 0x4F80)))
    extra = "风云后発出里干乾松台面只发髮發龍龙门頭头后後幹"
    tokens = Tokens.from_lines([known, extra, "，。！"], min_count=1)
    model = build_model(len(tokens), form, padded=False)
    return Writer(Translator(model, form, tokens), Tones.load())


@pytest.mark.parametrize("line", HOSTILE)
def test_the_structure_holds_whatever_is_asked(line, wild, writer):
    for each, tones in itertools.product((wild, writer), ("soft", "off")):
        try:
            answers = each.answer(line, Request(candidates=6, beam=8, tones=tones))
        except UserError as error:  # twenty characters are too few for some lines
            assert each is writer and "Expected more than" in str(error)
            continue
        given = line.translate(
            dict(zip(map(ord, ",;:?!."), "，；：？！。", strict=True))
        )
        assert 1 <= len(answers) <= 6
        assert len({found.text for found in answers}) == len(answers)
        assert all(structure_holds(given, found.text) for found in answers)
        assert not any("<" in found.text for found in answers)


@pytest.mark.parametrize(
    "line", ["", " ", "，。", "abc", "风1", "风😀", "风\x00云", "风" * 33, "风\n云"]
)
def test_what_is_no_line_is_refused(line, writer):
    with pytest.raises(UserError) as caught:
        writer.answer(line)
    assert "\n" not in str(caught.value)


def test_partners_are_found(writer):
    for line in ("天风日", "山花，红来"):
        assert writer.answer(line, Request(tones="off"))[0].text == answer(line)


def test_answers_stand_by_falling_score_and_differ(writer):
    answers = writer.answer("天风日山花", Request(candidates=4, tones="off"))
    scores = [found.score for found in answers]
    assert scores == sorted(scores, reverse=True) and len(answers) == 4
    assert len({found.text for found in answers}) == 4


def test_strict_tones_hold(wild):
    for line in ("风云三尺剑", "头头后面，龙剑"):
        answers = wild.answer(line, Request(tones="strict"))
        assert all(tones_hold(line, found.text, wild.tones) for found in answers)


def test_traditional_lines_are_answered_alike(writer):
    simple, traditional = (
        writer.answer(line, Request(candidates=3, tones="off"))
        for line in ("天风红来", "天風紅來")
    )
    assert traditional[0].text == "地雨綠暮" or is_traditional(traditional[0].text)
    for own, other in zip(simple, traditional, strict=True):
        assert own.log_prob == pytest.approx(other.log_prob, abs=1e-5)
    assert simple[0].text == answer("天风红来")


def test_wishes_hold_in_both_scripts(wild):
    request = Request(pattern="髮____", forbidden="風云", acrostic="")
    for found in wild.answer("龍門三尺劍", request):
        assert found.text[0] == "髮" and not set("風风云雲") & set(found.text)
    for found in wild.answer("龙门三尺剑", request):
        assert found.text[0] == "发"


def test_a_lock_that_breaks_a_rule_is_told(wild):
    for line, pattern in (("风云", "云_"), ("风风", "山水"), ("龍門", "龙_")):
        with pytest.raises(UserError):
            wild.answer(line, Request(pattern=pattern))


def test_rare_characters_are_told_and_answered_around(writer):
    assert writer.unknown("天龘，靐龘日") == ["龘", "靐"]
    assert writer.unknown("天風來，") == []
    assert writer.tokens.encode("龘") == [UNKNOWN]
    answers = writer.answer("天龘日", Request(candidates=2, tones="off"))
    assert answers[0].text[0] == "地" and answers[0].text[2] == "月"
    assert all(structure_holds("天龘日", found.text) for found in answers)


def test_a_batch_is_answered_as_line_by_line(writer):
    lines = ["天风日", "山", "天风，日山", "花红来", "来朝春", "山", "天風來"] * 3
    request = Request(candidates=3, beam=6, tones="off")
    together = writer.answer_many(lines, request)
    for line, answers in zip(lines, together, strict=True):
        alone = writer.answer(line, request)
        assert [a.text for a in alone] == [a.text for a in answers]
        for own, other in zip(alone, answers, strict=True):
            assert own.score == pytest.approx(other.score, abs=1e-3)
            assert own.fluency == pytest.approx(other.fluency, abs=1e-3)
    assert writer.answer_many([], request) == []


def test_answers_carry_what_teacher_forcing_says(writer):
    line = "天风，日山"
    for found in writer.answer(line, Request(candidates=3, tones="off")):
        source, target = (
            np.array([writer.tokens.encode(text)], np.int32)
            for text in (line, found.text)
        )
        own = writer.translator.log_probs(source, target).sum()
        assert found.log_prob == pytest.approx(float(own), abs=1e-3)
        judged = writer.score(line, found.text)
        assert judged.text == found.text
        for name in ("log_prob", "reverse_log_prob", "fluency", "score"):
            own, other = getattr(judged, name), getattr(found, name)
            assert own == pytest.approx(other, abs=1e-3)


def test_attention_is_that_of_the_simplified_lines(writer):
    seconds = ["地雨绿暮", "水雨草地"]
    shares = writer.attention("天風紅來", ["地雨綠暮", "水雨草地"])
    expected = writer.attention("天风红来", seconds)
    assert [rows.shape for rows in shares] == [(4, 4)] * 2
    for own, other, second in zip(shares, expected, seconds, strict=True):
        np.testing.assert_array_equal(own, other)
        np.testing.assert_allclose(own.sum(axis=1), 1, atol=1e-4)
        alone = writer.attention("天风红来", [second])[0]
        np.testing.assert_allclose(own, alone, atol=1e-4)
    assert not np.allclose(shares[0], shares[1], atol=1e-4)


def test_a_writer_is_loaded_from_a_folder(translator, tmp_path, monkeypatch):
    translator.save(tmp_path)
    loaded = Writer.load(tmp_path)
    assert loaded.answer("天风日", Request(tones="off"))[0].text == "地雨月"
    assert (loaded.antithesis is None) == (not antithesis.SHIPPED.is_file())
    monkeypatch.setattr(antithesis, "SHIPPED", tmp_path / "none.npz")
    assert Writer.load(tmp_path).antithesis is None
    with pytest.raises(UserError, match="train.py"):
        Writer.load(tmp_path / "none")


def test_soft_tones_cost_what_they_should(wild):
    line = "风云三尺剑"
    wanted = wanted_tones(line, wild.tones)
    request = Request(candidates=20, beam=20, tone_penalty=0.5)
    costs = set()
    for found in wild.answer(line, request):
        if to_simplified(found.text) != found.text:
            continue  # is judged as simplified
        wrong = [
            position
            for position, side in wanted.items()
            if not wild.tones.of(found.text[position]).may_be(side)
        ]
        costs.add(len(wrong))
        plain = wild.score(line, found.text).score
        assert found.score == pytest.approx(plain - 0.5 * len(wrong), abs=1e-3)
    assert len(costs) > 1


def test_what_the_user_wrote_is_no_answer_though_the_model_knows_it(wild):
    characters = wild.tokens.vocabulary.tokens
    others = "".join(c for c in characters if c not in "龍发髮發，。！")
    answers = wild.answer("龍", Request(forbidden=others, tones="off"))
    texts = [found.text for found in answers]
    assert texts and set(texts) <= set("发髮發")
