"""Poems are read, split without leaks, and fed with what stands above."""

import lzma

import pytest

from common.errors import UserError
from projects.couplet.poems.corpus import (
    align,
    clause_ends,
    clauses_of,
    read_poems,
    split_poems,
)
from projects.couplet.sources import POEMS
from projects.couplet.tokens import BLANK, Tokens
from tests.couplet.tiny_poet import make_poems

QUIET_NIGHT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


def test_poems_are_read_from_text_and_xz(tmp_path):
    poems = make_poems(3)
    (tmp_path / "a.txt").write_text("\n".join(poems) + "\n", encoding="utf-8")
    (tmp_path / "a.txt.xz").write_bytes(lzma.compress("\r\n".join(poems).encode()))
    assert read_poems(tmp_path / "a.txt") == poems
    assert read_poems(tmp_path / "a.txt.xz") == poems


@pytest.mark.parametrize(
    ("line", "received"),
    [("", "an empty line"), ("abc，", "'a'"), ("春风", "98ce"), ("春🌸。", "1f338")],
)
def test_what_is_no_poem_is_named(tmp_path, line, received):
    (tmp_path / "a.txt").write_text(f"{QUIET_NIGHT}\n{line}\n", encoding="utf-8")
    with pytest.raises(UserError, match=f"line 2 of .*{received}"):
        read_poems(tmp_path / "a.txt")


def test_an_empty_file_holds_no_poems(tmp_path):
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(UserError, match="Received: none"):
        read_poems(tmp_path / "a.txt")


def test_clauses_are_what_punctuation_divides():
    assert clauses_of("春眠，处处？夜来。") == ["春眠", "处处", "夜来"]


def test_no_clause_stands_in_two_parts():
    poems = make_poems(200)
    poems += [poems[i][: poems[i].index("。") + 1] for i in range(0, 200, 3)]
    split = split_poems(poems, held_out=20)
    parts = [
        {clause for poem in part for clause in clauses_of(poem)}
        for part in (split.train, split.valid, split.test)
    ]
    assert (
        not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]
    )
    assert len(split.valid) == len(split.test) == 20 and split.dropped > 0
    assert len(split.train) + 40 + split.dropped == len(set(poems))


def test_the_split_does_not_depend_on_the_order():
    poems = make_poems(200)
    assert split_poems(poems, 20) == split_poems(poems[::-1] + poems[:9], 20)


def test_poems_that_are_too_few_are_told():
    with pytest.raises(UserError, match="more than 80 poems.*Received: 80"):
        split_poems(make_poems(80), held_out=20)


def test_above_are_the_same_places_of_the_clauses_before():
    tokens = Tokens.from_lines([QUIET_NIGHT], min_count=1)
    above = align(tokens.encode(QUIET_NIGHT), clause_ends(tokens))
    assert above.shape == (len(QUIET_NIGHT) + 1, 2)
    shown = ["".join(map(tokens.character, column)) for column in above.T]
    blank = tokens.character(BLANK)
    assert shown[0] == blank * 6 + QUIET_NIGHT[:18] + "低"
    assert shown[1] == blank * 12 + QUIET_NIGHT[:12] + "举"


def test_above_a_longer_clause_is_nothing():
    tokens = Tokens.from_lines(["春，山水。"], min_count=1)
    above = align(tokens.encode("春，山水。"), clause_ends(tokens))[:, 0].tolist()
    blanks = [BLANK, BLANK]
    assert above == [*blanks, tokens.id("春"), tokens.id("，"), BLANK, tokens.id("山")]


def test_real_poems(mirror):
    poems = read_poems(mirror / POEMS.mirror_path)
    assert len(poems) == 47_505
    split = split_poems(poems)
    assert (len(split.train), len(split.valid), len(split.test)) == (42936, 2000, 2000)
