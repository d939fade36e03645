"""Each rule of couplets, on pairs that keep it and pairs that break it."""

import pytest

from projects.couplet.lines.rules import (
    check_first_line,
    check_pair,
    key_positions,
    repetition,
    structure_holds,
    tones_hold,
)
from projects.couplet.lines.tones import Tones

FIRST, SECOND = "风云三尺剑", "花鸟一床书"
STRUCTURE = ["equal length", "same punctuation", "same repetition", "nothing shared"]


@pytest.fixture(scope="module")
def tones():
    """Tones of a table by hand; 中 may be either, 〇 is in no table."""
    groups = {}
    for section, chars in {
        "上平声部": "风云三床书山流花天春东江河中",
        "上声部": "剑鸟尽海水雨有月",
        "入声部": "尺一日白入绿国",
        "去声部": "岸地中",
    }.items():
        for char in chars:
            groups[char] = groups.get(char, frozenset()) | {(section, "一东")}
    return Tones(groups)


def find(findings, rule):
    (found,) = [finding for finding in findings if finding.rule == rule]
    return found


@pytest.mark.parametrize(
    ("line", "positions"),
    [
        ("风云三尺剑", [1, 3, 4]),
        ("白日依山尽天地", [1, 3, 5, 6]),
        ("一", [0]),
        ("天地", [1]),
        ("天，春风又绿，海", [0, 3, 5, 7]),
        ("春风。", [1]),
        ("", []),
    ],
)
def test_key_positions(line, positions):
    assert key_positions(line) == positions


def test_the_pattern_of_repetition():
    assert repetition("山山水，水山") == [0, 0, 2, -1, 2, 0]


def test_a_good_pair_keeps_all(tones):
    findings = check_pair(FIRST, SECOND, tones)
    assert [f.rule for f in findings[:4]] == STRUCTURE
    assert [f.passed for f in findings] == [True] * 7
    assert structure_holds(FIRST, SECOND) and tones_hold(FIRST, SECOND, tones)
    assert find(findings, "tones opposed").text == (
        "Tones are opposed at key positions (2, 4, 5)."
    )
    assert find(findings, "tones alternate").text == (
        "Tones alternate: 鸟 仄 at 2, 床 平 at 4."
    )


@pytest.mark.parametrize(
    ("first", "second", "rule", "text"),
    [
        (
            "风云三尺剑",
            "花鸟一床",
            "equal length",
            "The first line has 5 characters, the second 4.",
        ),
        (
            "春风，绿",
            "秋雨红，",
            "same punctuation",
            "Punctuation stands against a character: ， against 红 at 3,"
            " 绿 against ， at 4.",
        ),
        (
            "山山水",
            "天地人",
            "same repetition",
            "The first line repeats 山 at 1 and 2, the other has 天 and 地.",
        ),
        (
            "天地人",
            "山水山",
            "same repetition",
            "The second line repeats 山 at 1 and 3, the other has 天 and 人.",
        ),
        (
            "山水，山",
            "天地，地",
            "same repetition",
            "The first line repeats 山 at 1 and 4, the other has 天 and 地.",
        ),
        (
            "春水",
            "水天",
            "nothing shared",
            "Both lines have 水 (2 and 1).",
        ),
    ],
)
def test_a_broken_rule_of_structure_is_told(tones, first, second, rule, text):
    findings = check_pair(first, second, tones)
    found = find(findings, rule)
    assert found.passed is False and found.text == text
    others = [f.passed for f in findings[:4] if f.rule != rule]
    assert False not in others
    assert not structure_holds(first, second)


def test_the_same_mark_is_not_asked_for_only_its_place(tones):
    assert structure_holds("春风，绿", "秋雨；红")
    assert find(check_pair("春风，绿", "秋雨；红", tones), "same punctuation").passed


def test_unequal_lengths_leave_positions_unjudged(tones):
    findings = {f.rule: f.passed for f in check_pair("天地", "山", tones)}
    unjudged = ["same punctuation", "same repetition", "tones opposed"]
    assert [findings[rule] for rule in unjudged] == [None] * 3
    assert not tones_hold("天地", "山", tones)


@pytest.mark.parametrize(
    ("first", "second", "passed"),
    [
        ("剑", "书", True),
        ("书", "剑", False),
        ("剑", "鸟", False),
        ("书", "山", False),
        ("中", "中", True),  # either, so one of each
        ("尺", "书", True),
        ("剑。", "书。", True),  # the end is the last character
        ("𰻮", "书", None),
        ("𰻮", "剑", False),
    ],
)
def test_the_first_ends_on_oblique_the_second_on_level(tones, first, second, passed):
    assert find(check_pair(first, second, tones), "仄起平落").passed is passed


def test_the_texts_of_ends(tones):
    found = find(check_pair("书", "日", tones), "仄起平落")
    assert found.text == (
        "The first line ends on 书 at 1, which is 平; it should end on 仄."
        " The second line ends on 日 at 1, which is 仄 (入声); it should end on 平."
    )
    found = find(check_pair("𰻮", "中", tones), "仄起平落")
    assert found.text == (
        "The first line ends on 𰻮 at 1, which is of unknown tone."
        " The second line ends on 中 at 1, which is 平 or 仄."
    )


def test_key_positions_must_be_opposed(tones):
    # 2: 仄仄 (one by its entering tone), 4: 平平, 5: opposed; 1 and 3 do not count.
    first, second = "风日风山剑", "风雨风天书"
    found = find(check_pair(first, second, tones), "tones opposed")
    assert found.passed is False
    assert found.text == (
        "Tones agree at key positions: 日 and 雨 at 2 are both 仄, 山 and 天 at 4 are"
        " both 平."
    )
    assert not tones_hold(first, second, tones)
    assert tones_hold("风日风山剑", "风云风雨书", tones)
    assert tones_hold("风日风山剑", "风𰻮风中书", tones)  # 𰻮 may be what it should


def test_tones_hold_asks_for_a_level_end(tones):
    assert tones_hold("剑", "书", tones)
    assert not tones_hold("书", "剑", tones)  # opposed, but falling the wrong way


@pytest.mark.parametrize(
    ("line", "ends", "alternates"),
    [
        ("风云三尺剑", True, True),
        ("风云三山剑", True, False),
        ("风云三尺书", False, True),
        ("风云三尺风云剑", True, True),  # 平仄平
        ("风尺三云风尺剑", True, True),  # 仄平仄
        ("风云三尺风尺剑", True, False),
        ("风中三云风中剑", True, True),  # 中 is 仄 both times
        ("风中三中风中剑", True, True),
        ("风尺三中风云剑", True, False),  # 中 cannot mend 仄.平
        ("风云尺剑", True, None),  # neither 5 nor 7 characters
        ("风云三尺剑，风云", False, True),
        ("风云三尺剑，风云三山剑", True, False),
    ],
)
def test_a_first_line_alone(tones, line, ends, alternates):
    findings = check_first_line(line, tones)
    assert find(findings, "ends on 仄").passed is ends
    assert find(findings, "tones alternate").passed is alternates


def test_the_second_line_is_asked_to_alternate(tones):
    findings = check_pair("风云三尺剑", "花鸟一月书", tones)
    found = find(findings, "tones alternate")
    assert found.passed is False
    assert found.text == "Tones do not alternate: 鸟 仄 at 2, 月 仄 at 4."
