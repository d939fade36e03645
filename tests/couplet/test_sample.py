"""The pairs that come along: couplets by rule, no line twice, fixed parts."""

from projects.couplet.lines.characters import is_han
from projects.couplet.lines.rules import structure_holds
from projects.couplet.pairs.data import load_split
from projects.couplet.pairs.reading import read_pairs
from projects.couplet.poems.corpus import clauses_of, read_poems
from projects.couplet.sources import SAMPLE, find_couplets, find_poems

PAIRS = read_pairs(SAMPLE)
LINES = [*PAIRS.first, *PAIRS.second]


def lines_of(part):
    return {*part.first, *part.second}


def test_it_is_small_and_not_too_small():
    assert SAMPLE.stat().st_size <= 250_000
    assert len(PAIRS) == 8000


def test_every_pair_keeps_the_rules_of_structure():
    for first, second in zip(PAIRS.first, PAIRS.second, strict=True):
        assert structure_holds(first, second), f"{first} {second}"
        assert len(first) in (5, 7) and all(map(is_han, first + second))
    fives = sum(len(first) == 5 for first in PAIRS.first)
    assert 3000 < fives < 5000


def test_no_line_stands_there_twice():
    assert len(set(LINES)) == len(LINES) == 16_000


def test_its_parts_share_no_line_and_are_fixed():
    split = load_split("sample")
    parts = (split.train, split.valid, split.test)
    assert [len(part) for part in parts] == [7200, 400, 400]
    assert sum(len(lines_of(part)) for part in parts) == len(set(LINES))
    assert set.union(*map(lines_of, parts)) == set(LINES)
    assert split.test.first == PAIRS.first[15::20]
    assert split.valid.second == PAIRS.second[5::20]
    assert [part.name for part in parts] == [
        "sample:train",
        "sample:valid",
        "sample:test",
    ]


def test_a_limit_leaves_what_is_held_back():
    few, whole = load_split("sample", limit=30), load_split("sample")
    assert few.train.first == whole.train.first[:30]
    assert (few.valid, few.test, few.sha256) == (whole.valid, whole.test, whole.sha256)


def test_no_line_is_of_others(mirror, monkeypatch):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    written = set(LINES)
    for part in ("train", "valid", "test"):
        assert sorted(written & lines_of(read_pairs(find_couplets(part)))) == []
    clauses = {c for poem in read_poems(find_poems()) for c in clauses_of(poem)}
    assert sorted(written & clauses) == []


def test_the_card_tells_how_it_was_made():
    card = (SAMPLE.parent / "README.md").read_text(encoding="utf-8")
    assert "python projects/couplet/make_sample.py" in card
    assert load_split("sample").sha256[:16] in card
