"""How well characters face each other: counts by hand, the file, real lines."""

import lzma
import math
import random

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.lines.antithesis import Antithesis

PAIRS = [
    ("天，云", "地，雨"),
    ("天风", "地月"),
    ("地", "天"),
    ("云", "雨"),
    ("风", "水"),
]


@pytest.fixture
def small():
    return Antithesis.from_pairs(PAIRS)


def test_the_counts(small):
    assert small.characters == "云地天月水雨风"
    assert dict(zip(small.characters, small.totals, strict=True)) == {
        "天": 3, "地": 3, "云": 2, "雨": 2, "风": 2, "月": 1, "水": 1,
    }  # fmt: skip
    # 天地 three times, whichever line has which; 云雨 twice; the others are dropped.
    assert sorted(small.counts) == [2, 3] and len(small.keys) == 2


def test_strength_is_the_logarithm_of_observed_over_expected(small):
    # 14 places, 7 couples: 天 and 地 would meet 2 * (3/14) * (3/14) * 7 times.
    expected = 2 * 3 * 3 / 14 / 14 * 7
    assert small.strength("天", "地") == pytest.approx(math.log(4 / (expected + 1)))
    assert small.strength("地", "天") == small.strength("天", "地")
    assert small.strength("天", "天") == pytest.approx(-math.log(1 + 9 / 14 / 14 * 7))
    assert small.strength("风", "月") < 0  # seen once: as if never
    assert Antithesis.from_pairs(PAIRS, min_count=1).strength("风", "月") > 0
    assert small.strength("天", "龙") == small.strength("，", "地") == 0.0


def test_strengths_of_lines(small):
    strengths = small.strengths("天，龙云", "地，天風")
    assert strengths[0] == small.strength("天", "地") and strengths[1] is None
    assert strengths[2] == 0.0
    assert strengths[3] == small.strength("云", "风")  # 風 is the same character
    assert len(small.strengths("天地", "地")) == 1


def test_pairs_of_unequal_length_are_passed_over(small):
    more = Antithesis.from_pairs([*PAIRS, ("天地", "天"), ("", "")])
    assert more.characters == small.characters
    np.testing.assert_array_equal(more.totals, small.totals)
    nothing = Antithesis.from_pairs([])
    assert nothing.strength("天", "地") == 0.0 and nothing.characters == ""


def test_what_is_saved_is_loaded(small, tmp_path):
    path = tmp_path / "antithesis.npz"
    small.save(path)
    loaded = Antithesis.load(path)
    assert loaded.characters == small.characters
    for name in ("totals", "keys", "counts"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(small, name))
    assert loaded.strength("天", "地") == small.strength("天", "地")
    written = path.read_bytes()
    small.save(path)
    assert path.read_bytes() == written


def test_a_broken_file_is_told(small, tmp_path):
    path = tmp_path / "antithesis.npz"
    with pytest.raises(UserError, match="Expected a table of antitheses at"):
        Antithesis.load(path)
    small.save(path)
    whole = path.read_bytes()
    for content in (b"", b"text", whole[:-40], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(UserError, match="Take the file anew"):
            Antithesis.load(path)
    broken = bytearray(whole)
    broken[len(whole) // 3] ^= 0xFF
    path.write_bytes(broken)
    with pytest.raises(UserError, match="Take the file anew"):
        Antithesis.load(path)
    with open(path, "wb") as file:
        np.save(file, np.zeros(3))  # an array, not a file of arrays
    with pytest.raises(UserError, match="Take the file anew"):
        Antithesis.load(path)
    np.savez(path, weights=np.zeros(3))
    with pytest.raises(UserError, match="Take the file anew"):
        Antithesis.load(path)
    fields = {"characters": [1, 2], "totals": [1], "row_lengths": [1, 0]}
    np.savez(path, columns=[1], counts=[2], **fields)
    with pytest.raises(UserError, match="lengths differ"):
        Antithesis.load(path)


@pytest.fixture(scope="module")
def read(mirror):
    def read(part):
        path = mirror / "couplet" / f"{part}.tsv.xz"
        with lzma.open(path, "rt", encoding="utf-8") as file:
            return [tuple(row.rstrip("\n").split("\t")) for row in file]

    return read


def test_pairs_of_people_are_stronger_than_lines_put_together(read):
    """With the 4,000 pairs of valid alone, on 7-character lines of test."""
    antithesis = Antithesis.from_pairs(read("valid"))
    lines = [pair for pair in read("test") if len(pair[0]) == 7][:500]
    seconds = [second for _, second in lines]
    random.Random(0).shuffle(seconds)

    def strength(pairs):
        return np.array(
            [np.mean([s or 0.0 for s in antithesis.strengths(*pair)]) for pair in pairs]
        )

    people = strength(lines)
    others = strength(zip([first for first, _ in lines], seconds, strict=True))
    assert people.mean() > 0.3 and others.mean() < 0.05
    assert (people > others).mean() > 0.8


def test_words_that_textbooks_oppose_are_strong(read, mirror):
    antithesis = Antithesis.from_pairs(read("valid") + read("test"))
    path = mirror / "antithesis" / "pairs.tsv"
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines()]
    single = {(a, b) for _, a, b in rows if len(a) == len(b) == 1}
    strengths = [antithesis.strength(a, b) for a, b in single]
    assert len(strengths) > 150
    assert np.mean(strengths) > 0.5
    assert antithesis.strength("云", "雨") > 0.5
