"""Cards tell what is known of an answer, in columns that stand."""

import dataclasses
import json

import numpy as np
import pytest

from projects.couplet.cards.cards import (
    Card,
    attend,
    legend,
    make_card,
    make_notes,
    make_sheet,
    mark_tones,
)
from projects.couplet.cards.terminal_text import display_width
from projects.couplet.lines.rules import Finding
from tests.couplet.toy_writer import TONES, ToyWriter

FIRST, SECOND = "风云三尺剑", "花鸟一床书"
LONG = "风云三尺剑，" * 5 + "山山"  # 32 characters


@pytest.fixture
def writer() -> ToyWriter:
    return ToyWriter()


def card_of(writer: ToyWriter, first: str = FIRST) -> Card:
    return make_card(first, writer.answer(first)[0], writer)


def columns_of(line: str) -> dict[int, str]:
    """Return what stands in which column of a terminal."""
    places, column = {}, 0
    for char in line:
        places[column] = char
        column += display_width(char)
    return {place: char for place, char in places.items() if char != " "}


def test_a_card_has_what_the_others_say(writer):
    card = card_of(writer)
    assert (card.first, card.second) == (FIRST, SECOND)
    # By hand: 尺 and 一 are 入 in the toy table, the others as read today.
    assert card.first_tones == ["平", "平", "平", "入", "仄"]
    assert card.second_tones == ["平", "仄", "入", "平", "平"]
    assert card.antithesis == [2.5] * 5
    assert [f.rule for f in card.findings][:2] == ["equal length", "same punctuation"]
    assert (card.score, card.fluency) == (-1.0, -4.5)
    assert card.attention is None
    assert card.tone_source == TONES.description


def test_attention_is_added_when_asked_for(writer):
    sheet = make_sheet(FIRST, writer.answer(FIRST), writer)
    attended = sheet.attend(writer)
    for card, bare in zip(attended.cards, sheet.cards, strict=True):
        np.testing.assert_allclose(card.attention, 0.6 * np.eye(5) + 0.08)
        assert dataclasses.replace(card, attention=None) == bare
    assert attend([], writer) == []


def test_a_model_without_a_table_of_antithesis_leaves_it_out():
    card = card_of(ToyWriter(antithesis=None))
    assert card.antithesis == [None] * 5 and "+" not in card.to_text()


def test_punctuation_has_no_tone():
    assert mark_tones("风，剑", TONES) == ["平", "", "仄"]


def test_a_card_goes_through_json(writer):
    answer = dataclasses.replace(
        writer.answer(FIRST)[0], score=np.float32(-1.23456), fluency=float("nan")
    )
    card = attend([make_card(FIRST, answer, writer)], writer)[0]
    values = json.loads(json.dumps(card.to_dict()))
    assert values["score"] == -1.2346 and values["fluency"] is None
    assert values["findings"][0] == {
        "rule": "equal length",
        "passed": True,
        "text": "Both lines have 5 characters.",
    }
    assert values["attention"][0] == [0.68, 0.08, 0.08, 0.08, 0.08]
    blind = ToyWriter(attends=False)
    assert attend([card_of(blind)], blind)[0].to_dict()["attention"] is None


def test_characters_and_their_tones_stand_in_one_column(writer):
    lines = card_of(writer).to_text().split("\n")
    rows = [columns_of(line) for line in lines[1:6]]
    places = [place for place, char in rows[0].items() if char in FIRST]
    assert len(places) == 5 and places[0] > display_width("上联")
    for row, expected in ((rows[0], FIRST), (rows[1], "平平平入仄"), (rows[2], SECOND)):
        assert "".join(row[place] for place in places) == expected
    assert "".join(rows[3].values()) == "平仄入平平"
    # A strength ends where its character does.
    assert [place for place, char in rows[4].items() if char == "2"][0] == places[0] - 1


def test_broken_rules_are_told_in_words_and_kept_ones_by_name(writer):
    whole = card_of(writer).to_text(width=200).split("\n")
    assert whole[0] == "score -1.00  fluency -4.50  rules 7 of 7"
    assert whole[6].startswith("✓ equal length, same punctuation, ")
    assert whole[6].endswith("tones alternate") and len(whole) == 7
    lines = card_of(writer, "风云").to_text(width=200).split("\n")
    assert lines[0].endswith("rules 5 of 6") and lines[7].startswith("✗ 仄起平落")
    assert lines[8] == "– tones alternate: No clause of 花鸟 has 5 or 7 characters."
    answer = dataclasses.replace(writer.answer(FIRST)[0], text="花风一床书")
    broken = make_card(FIRST, answer, writer).to_text(width=200).split("\n")
    assert broken[0].endswith("rules 4 of 7") and "nothing shared" not in broken[6]
    assert broken[7] == "✗ nothing shared: Both lines have 风 (1 and 2)."


def test_a_rule_that_does_not_apply_counts_neither_way(writer):
    card = card_of(writer)
    findings = [
        Finding("a", True, "A."),
        Finding("b", None, "B."),
        Finding("c", 0, "C"),
    ]
    card = dataclasses.replace(card, findings=findings)
    assert "rules 1 of 2" in card.to_text() and "– b: B." in card.to_text()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("first", ["山", FIRST, LONG])
def test_nothing_is_wider_than_the_terminal(writer, width, first):
    sheet = make_sheet(first, writer.answer(first), writer)
    for explain in (False, True):
        rows = [
            line
            for line in sheet.to_text(width, explain=explain).split("\n")
            if "score" not in line and "✗" not in line
        ]
        assert max(map(display_width, rows)) <= max(width, 24)
    assert "".join(sheet.to_text(width).split()).count("平") >= 1


def test_no_character_of_a_long_line_is_lost(writer):
    sheet = make_sheet(LONG, writer.answer(LONG)[:1], writer)
    text = dataclasses.replace(sheet, notes=[]).to_text(60)
    assert [c for c in text if c in "风云三尺剑山"] == [c for c in LONG if c != "，"]
    assert text.count("下联") == text.count("上联") == 1


def test_short_cards_have_their_figures_in_one_column(writer):
    sheet = make_sheet(FIRST, writer.answer(FIRST), writer)
    lines = [line for line in sheet.to_text().split("\n") if "score" in line]
    ends = {display_width(line.partition("score")[0]) for line in lines}
    assert len(lines) == 5 and len(ends) == 1
    assert lines[0].startswith(" 1.") or lines[0].startswith("1.")
    first_line = sheet.to_text().split("\n")[0]
    assert [p for p, c in columns_of(first_line).items() if c in FIRST] == [
        p for p, c in columns_of(lines[0]).items() if c in SECOND
    ]


def test_notes_tell_what_the_model_does_not_know_and_what_is_broken(writer):
    assert make_notes(FIRST, writer) == []
    rare, level = make_notes("龘剑龘风", writer)
    assert "龘:" in rare and rare.count("龘") == 1
    assert "ends on 风 at 4" in level and "should end on 仄" in level
    text = make_sheet("龘剑龘风", writer.answer("龘剑龘风"), writer).to_text()
    assert text.count("! ") == 2


def test_a_sheet_goes_through_json(writer):
    sheet = make_sheet(FIRST, writer.answer(FIRST), writer)
    values = json.loads(json.dumps(sheet.to_dict()))
    assert list(values) == ["first", "first_tones", "tone_source", "notes", "cards"]
    assert [card["second"] for card in values["cards"]][0] == SECOND
    assert len(values["cards"]) == 5


def test_the_legend_names_every_mark_and_the_table():
    text = legend(TONES.description, explain=True)
    assert "对仗" not in legend(TONES.description)
    for sign in ("平", "仄", "入", "中", "？", "score", "fluency", "对仗", "平水韵"):
        assert sign in text
    assert max(map(display_width, text.split("\n"))) <= 80
