"""Traditional and simplified lines."""

import lzma

import pytest

from projects.couplet.lines.characters import is_han
from projects.couplet.lines.traditional import (
    is_traditional,
    to_simplified,
    to_traditional,
)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("風雲三尺劍", "风云三尺剑"),
        ("花鳥一床書", "花鸟一床书"),
        ("後臺", "后台"),
        ("乾坤", "乾坤"),  # by its phrase: not 干坤
        ("皇后", "皇后"),
        ("山中，明月！", "山中，明月！"),
    ],
)
def test_lines_are_converted(traditional, simplified):
    assert to_simplified(traditional) == simplified
    assert to_traditional(simplified) == traditional
    assert is_traditional(traditional) == (traditional != simplified)
    assert not is_traditional(simplified)


def test_a_mixed_line_goes_by_the_majority():
    assert is_traditional("風雲三尺剑")
    assert not is_traditional("風云三尺剑")


def test_no_character_changes_the_length():
    blocks = (range(0x3400, 0xA000), range(0x20000, 0x2A6E0))
    for char in (chr(code) for block in blocks for code in block if is_han(chr(code))):
        assert len(to_simplified(char)) == len(to_traditional(char)) == 1


def test_a_phrase_that_changes_its_length_is_converted_by_characters(monkeypatch):
    class Converter:
        def convert(self, text):
            return {"甲乙": "丙", "甲": "丁", "乙": "戊己"}.get(text, text)

    monkeypatch.setattr(
        "projects.couplet.lines.traditional._converter", lambda _: Converter()
    )
    assert to_simplified("甲乙") == "丁乙"


def test_lines_of_people_keep_their_length_both_ways(mirror):
    with lzma.open(mirror / "couplet" / "test.tsv.xz", "rt", encoding="utf-8") as file:
        lines = [line for row in file for line in row.rstrip("\n").split("\t")]
    traditional = [to_traditional(line) for line in lines]
    assert [len(line) for line in lines] == [len(line) for line in traditional]
    # Two lines of the 7,660 are play with traditional characters.
    assert sum(map(is_traditional, lines)) <= 2
    changed = [
        (line, other)
        for line, other in zip(lines, traditional, strict=True)
        if line != other
    ]
    known = sum(is_traditional(other) for _, other in changed)
    assert len(changed) > 7_000 and known / len(changed) > 0.99
    back = sum(to_simplified(other) == line for line, other in changed)
    assert back / len(changed) > 0.99
