"""What a line may be written with."""

import unicodedata

import pytest

from common.errors import UserError
from projects.couplet.lines.characters import (
    PUNCTUATION,
    check_line,
    clauses,
    is_han,
    normalize,
)


def test_characters_of_all_blocks_are_han():
    assert all(map(is_han, "风〇㐀龥𠀀𪩘𫄨𬟽𰻝\uf900"))
    assert not any(map(is_han, "，。a1ア々あ한😀 \n□π"))


def test_what_unicode_calls_a_unified_character_is_han():
    named = [
        chr(code)
        for code in range(0x2000, 0x32000)
        if unicodedata.name(chr(code), "").startswith("CJK UNIFIED IDEOGRAPH")
    ]
    assert len(named) > 90_000  # the name is known to this Python
    assert all(map(is_han, named))


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("春风,又绿;江南:岸?好!完.", "春风，又绿；江南：岸？好！完。"),
        ("春风｡又绿､江南", "春风。又绿、江南"),
        (" 春　风\t又\u200b绿\ufeff\n", "春风又绿"),
        ("\uf900⼭", "豈山"),  # a compatibility character and a radical
        ("葛\U000e0100城\ufe00", "葛城"),  # with variation selectors
        ("風雲。", "風雲。"),
    ],
)
def test_a_line_is_normalized(typed, line):
    assert normalize(typed) == line
    assert normalize(line) == line
    assert check_line(typed) == line


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "an empty line"),
        (" \u3000\u200b", "an empty line"),
        ("，。！", "only punctuation"),
        ("风云x三", "x (LATIN SMALL LETTER X) at position 3"),
        ("风 ７ 云", "７ (FULLWIDTH DIGIT SEVEN) at position 2"),
        ("风😀", "😀 (GRINNING FACE) at position 2"),
        ("风\x07", "the control character U+0007 at position 2"),
        ("风\n云", "the control character U+000A at position 2"),
        ("风\u202e云", "the control character U+202E at position 2"),
        ("风\udcff", "the control character U+DCFF at position 2"),
        ("风\u0301", "the mark U+0301 at position 2"),
        ("<b>", "< (LESS-THAN SIGN) at position 1"),
        ("春" * 33, "Received: 33."),
        ("春" * 200, "Received: 200."),
    ],
)
def test_what_is_no_line_is_told(typed, told):
    with pytest.raises(UserError) as caught:
        check_line(typed)
    message = str(caught.value)
    assert told in message
    assert message.encode().isascii() or message.isprintable()
    assert "\n" not in message and len(message) < 250


def test_the_longest_line_and_rare_characters_pass():
    assert check_line("春" * 32) == "春" * 32
    assert check_line("春" * 200, longest=200)
    assert check_line("龘𰻝𪩘") == "龘𰻝𪩘"
    assert check_line("一") == "一"


def test_clauses_lie_between_punctuation():
    def parts(line):
        return [line[part] for part in clauses(line)]

    assert parts("风云三尺剑") == ["风云三尺剑"]
    assert parts("，一二，，三。四五！") == ["一二", "三", "四五"]
    assert parts("") == parts(PUNCTUATION) == []
