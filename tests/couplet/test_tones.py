"""Tones and rhymes, by a small table, by today's readings, and by the whole table."""

import json

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.lines import modern_readings
from projects.couplet.lines.modern_readings import ENTERING
from projects.couplet.lines.tones import LEVEL, OBLIQUE, Tone, Tones, read_rhymes
from projects.couplet.sources import RHYMES

TABLE = {
    "上平声部": {"一东": ["东", "风", "中", "空"], "十四寒": ["看", "寒"]},
    "下平声部": {"六麻": ["花"]},
    "上声部": {"四纸": ["花", "水"]},
    "去声部": {"一送": ["中", "空"], "十五翰": ["看"], "七遇": ["度"]},
    "入声部": {"入声一屋": ["国", "竹"], "入声十药": ["度"]},
}
BOTH = frozenset([LEVEL, OBLIQUE])


@pytest.fixture
def classical(tmp_path):
    path = tmp_path / "rhymes.json"
    path.write_text(json.dumps(TABLE, ensure_ascii=False), encoding="utf-8")
    return Tones(read_rhymes(path))


@pytest.fixture
def modern():
    return Tones({})


def test_the_table_comes_first(classical):
    assert classical.of("东") == Tone(frozenset([LEVEL]), False, "平水韵")
    assert classical.of("国") == Tone(frozenset([OBLIQUE]), True, "平水韵")
    assert classical.of("看") == Tone(BOTH, False, "平水韵")
    assert classical.of("風") == classical.of("风")
    assert classical.of("溪") == Tone(frozenset([LEVEL]), False, "pypinyin")
    assert classical.of("度").entering and not classical.of("水").entering
    assert "平水韵 (12 characters)" in classical.description


@pytest.mark.parametrize(
    ("char", "mark"),
    list(zip("东水国看度𰻮，", "平仄入中入？？", strict=True)),
)
def test_marks(classical, char, mark):
    assert classical.of(char).mark == mark
    assert classical.of(char).ambiguous == (mark == "中")


def test_slips_of_the_table_are_mended(classical):
    assert classical.of("花").readings == {LEVEL}  # 四纸 has 蘤, simplified
    assert classical.rhyme("花") == {"六麻"}
    assert classical.of("先").readings == {LEVEL}


@pytest.mark.parametrize(
    ("char", "readings"),
    [
        ("妈", {LEVEL}),
        ("麻", {LEVEL}),
        ("马", {OBLIQUE}),
        ("骂", {OBLIQUE}),
        ("为", BOTH),
        ("中", BOTH),
        ("依", {LEVEL}),  # dictionaries also list yǐ
        ("春", {LEVEL}),
        ("竹", {OBLIQUE}),  # zhú, an entering tone
        ("國", {OBLIQUE}),
        ("们", {LEVEL}),
        ("𰻮", set()),
        ("a", set()),
        ("，", set()),
    ],
)
def test_modern_readings(modern, char, readings):
    assert modern.of(char).readings == readings
    source = "pypinyin" if readings else "unknown"
    assert modern.of(char).source == source
    assert modern.of(char).entering == (char in "竹國")


def test_a_line_has_no_tone_at_punctuation(modern):
    tones = modern.of_line("东，马")
    assert [tone and tone.mark for tone in tones] == ["平", None, "仄"]


def test_opposed_if_any_readings_are(classical):
    assert classical.opposed("东", "国") is True
    assert classical.opposed("国", "水") is False
    assert classical.opposed("看", "东") is True
    assert classical.opposed("看", "中") is True
    assert classical.opposed("东", "𰻮") is None


def test_rhymes(classical, modern):
    assert classical.rhyme("国") == {"一屋"}
    assert classical.rhyme("中") == {"一东", "一送"}
    assert classical.same_rhyme("风", "中") and not classical.same_rhyme("风", "寒")
    # 溪 is not in the table, so both are compared by today's rhymes.
    assert classical.rhyme("溪") == {"齐平"}
    assert classical.same_rhyme("溪", "西") and not classical.same_rhyme("溪", "东")
    assert modern.same_rhyme("东", "风")  # 庚 of today
    assert not modern.same_rhyme("东", "动")  # 平 against 仄
    assert not modern.same_rhyme("东", "，")


@pytest.mark.parametrize(
    ("chars", "rhyme"),
    [
        ("他家花", "麻平"),
        ("多歌波", "波平"),
        ("爷靴", "皆平"),
        ("支诗", "支平"),
        ("西鱼儿", "齐平"),
        ("书", "姑平"),
        ("来怀", "开平"),
        ("梅归", "微平"),
        ("高桥", "豪平"),
        ("楼秋", "尤平"),
        ("寒天欢圆", "寒平"),
        ("恩林春云", "文平"),
        ("方江光", "唐平"),
        ("声星风东胸", "庚平"),
    ],
)
def test_the_fourteen_rhymes_of_today(chars, rhyme):
    assert all(rhyme in modern_readings.rhymes(char) for char in chars)


def test_masks_allow_what_is_unknown(classical):
    tokens = ["<pad>", "，", "东", "国", "看", "𰻮"]
    level, oblique = classical.level_mask(tokens), classical.oblique_mask(tokens)
    assert level.dtype == oblique.dtype == bool
    np.testing.assert_array_equal(level, [1, 1, 1, 0, 1, 1])
    np.testing.assert_array_equal(oblique, [1, 1, 0, 1, 1, 1])


def test_without_the_table_nothing_is_asked_of_the_network(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("the network was asked")

    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    tones = Tones.load(tmp_path)
    assert tones.groups == {} and "not at hand" in tones.description
    with pytest.raises(UserError, match="could not be fetched"):
        Tones.load(tmp_path, download=True)


def test_a_changed_table_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    (tmp_path / RHYMES.name).write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match="Expected 206,515 bytes"):
        Tones.load(tmp_path)


@pytest.mark.parametrize(
    "text", ["[", "[1]", '{"上平声部": ["东"]}', '{"a": {"b": 3}}']
)
def test_a_broken_table_is_told(tmp_path, text):
    path = tmp_path / "rhymes.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="Expected a table of rhymes"):
        read_rhymes(path)


@pytest.fixture
def whole(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    return Tones.load(tmp_path)


def test_the_whole_table(whole):
    assert len(whole.groups) == 8_232
    marks = "".join(whole.of(char).mark for char in "风云三尺剑花鸟一床书")
    assert marks == "平平中入仄平仄入平平"
    assert whole.same_rhyme("东", "风") and not whole.same_rhyme("东", "冬")
    groups = {rhyme for found in whole.groups.values() for _, rhyme in found}
    assert len(groups) == 105
    # Each rhyme is called by one of its characters.
    assert all(rhyme in whole.rhyme(rhyme[-1]) for rhyme in groups)


def test_the_listed_entering_tones_are_those_of_the_table(whole):
    known = [whole.of(char) for char in ENTERING if char in whole.groups]
    assert len(ENTERING) > 300 and len(known) > 0.95 * len(ENTERING)
    assert all(tone.entering for tone in known)
    assert all(LEVEL in {s for _, s in modern_readings.syllables(c)} for c in ENTERING)
