"""Characters have ids, special ones first, and come back from the disk."""

import pytest

from common.errors import UserError
from projects.couplet.tokens import (
    BLANK,
    END,
    NUM_SPECIAL,
    PAD,
    START,
    START_REVERSED,
    UNKNOWN,
    Tokens,
)

LINES = ["山山山，水水，", "水风〇\U00020000"]


@pytest.fixture
def tokens():
    return Tokens.from_lines(LINES, min_count=1)


def test_special_ids_are_those_that_models_were_trained_with():
    assert (PAD, UNKNOWN, START, START_REVERSED, END, BLANK) == (0, 1, 2, 3, 4, 5)
    assert NUM_SPECIAL == 6


def test_characters_follow_by_falling_count(tokens):
    assert tokens.characters[6:8] == ("山", "水")  # 3 each, by code point
    assert tokens.characters[8] == "，"
    assert sorted(tokens.characters[9:]) == sorted("风〇\U00020000")
    assert len(tokens) == len(tokens.characters) == 12
    assert len(set(tokens.characters)) == 12


def test_lines_become_ids_and_lines_again(tokens):
    ids = tokens.encode("山水，\U00020000")
    assert len(ids) == 4 and ids[:3] == [6, 7, 8]
    assert tokens.decode(ids) == "山水，\U00020000"
    assert [tokens.character(number) for number in ids[:2]] == ["山", "水"]
    assert tokens.id("山") == 6


def test_what_has_no_id_is_unknown(tokens):
    assert tokens.encode("山龘") == [6, UNKNOWN]
    assert tokens.id("龘") == UNKNOWN
    assert tokens.id("<pad>") == PAD  # no line has it: it is no character


def test_rare_characters_stay_unknown():
    tokens = Tokens.from_lines(LINES, min_count=2)
    assert tokens.characters[6:] == ("山", "水", "，")
    assert tokens.encode("风") == [UNKNOWN]


def test_the_mask_knows_characters_from_signs(tokens):
    mask = tokens.han_mask
    assert mask.shape == (12,) and not mask[:6].any()
    assert not mask[tokens.id("，")]
    assert all(mask[tokens.encode("山水风〇\U00020000")])


def test_saved_tokens_come_back(tokens, tmp_path):
    tokens.save(tmp_path)
    loaded = Tokens.load(tmp_path)
    assert loaded.characters == tokens.characters
    assert loaded.encode("水山龘") == tokens.encode("水山龘")


def test_a_folder_without_tokens_is_told(tmp_path):
    with pytest.raises(UserError, match=r"vocabulary.txt.*without one"):
        Tokens.load(tmp_path)
    (tmp_path / "vocabulary.txt").write_text("山 3\n")
    with pytest.raises(UserError, match="line 1 of"):
        Tokens.load(tmp_path)
