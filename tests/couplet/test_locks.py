import re

import pytest

from common.errors import UserError
from projects.couplet.decoding.locks import find_locks
from projects.couplet.decoding.request import Request

LOCKS = [
    ("风云三尺剑", "花鸟___", {0: "花", 1: "鸟"}),
    ("风云三尺剑", "_＿一_书", {2: "一", 4: "书"}),
    ("风云三尺剑", " 花 鸟_ __ ", {0: "花", 1: "鸟"}),
    ("风云三尺剑", "_____", {}),
    ("风云三尺剑", "", {}),
    ("山山水水", "_花__", {0: "花", 1: "花"}),
    ("山水山水", "__花月", {0: "花", 1: "月", 2: "花", 3: "月"}),
    ("春来，花开", "去_，__", {0: "去"}),
    ("春来，花开", "去_,__", {0: "去"}),
    ("春来，花开", "去_____"[:5], {0: "去"}),
]


@pytest.mark.parametrize(("line", "pattern", "locks"), LOCKS)
def test_a_pattern_fixes_what_it_spells(line, pattern, locks):
    assert find_locks(line, Request(pattern=pattern)) == locks


ACROSTICS = [
    ("春来，花开，鸟语", "福禄寿", {0: "福", 3: "禄", 6: "寿"}),
    ("春来，花开，鸟语", "福_寿", {0: "福", 6: "寿"}),
    ("春来，花开，鸟语", "福", {0: "福"}),
    ("，春来！花开", "福禄", {1: "福", 4: "禄"}),
    ("风云三尺剑", "福", {0: "福"}),
    ("春来，春去", "福福", {0: "福", 3: "福"}),
    ("春来，春去", "福", {0: "福", 3: "福"}),
]


@pytest.mark.parametrize(("line", "acrostic", "locks"), ACROSTICS)
def test_an_acrostic_begins_the_clauses(line, acrostic, locks):
    assert find_locks(line, Request(acrostic=acrostic)) == locks


def test_pattern_and_acrostic_go_together():
    request = Request(pattern="福_，_满", acrostic="福禄")
    assert find_locks("春来，花开", request) == {0: "福", 3: "禄", 4: "满"}


WRONG = [
    ("风云", {"pattern": "花__"}, "a pattern of 2 signs.*Received: '花__' of 3"),
    ("风，云", {"pattern": "花；_"}, "Expected ， or _ at position 2 .*Received: '；'"),
    ("风，云", {"pattern": "花月_"}, "Expected ， or _ at position 2.*Received: '月'"),
    ("风云", {"pattern": "，_"}, "a Chinese character or _ at position 1.*'，'"),
    ("风云", {"pattern": "_x"}, "a Chinese character or _ at position 2.*has 云.*'x'"),
    ("风云", {"pattern": "_\x1b"}, r"at position 2.*Received: '\\x1b'"),
    ("风云", {"pattern": "_风"}, "share no character.*风 fixed at position 2, which"),
    ("风云", {"acrostic": "云"}, "share no.*云 fixed at position 1.*at position 2"),
    ("风云", {"pattern": "_月", "forbidden": "月"}, "月 fixed at position 2, and forb"),
    ("山水山", {"pattern": "花_月"}, "both 山 .*花 fixed at position 1 and 月 at pos"),
    ("山水", {"pattern": "花花"}, "山 and 水. Received: 花 fixed at positions 1 and 2"),
    ("山水，山", {"acrostic": "花月"}, "both 山 of the first line. Received: 花 fixed"),
    (
        "山水",
        {"pattern": "花_", "acrostic": "月"},
        "花 by the pattern and 月 by the ac",
    ),
    (
        "山水",
        {"acrostic": "花月"},
        "an acrostic of at most 1 char.*Received: 花月 of 2",
    ),
    ("山，水山", {"pattern": "_，花花"}, "Received: 花 fixed at positions 3 and 4"),
]


@pytest.mark.parametrize(("line", "wishes", "said"), WRONG)
def test_a_contradiction_is_named(line, wishes, said):
    with pytest.raises(UserError) as caught:
        find_locks(line, Request(**wishes))
    assert re.search(said, str(caught.value))
    assert str(caught.value).isprintable()
