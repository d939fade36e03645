import re

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.decoding.beam_search import beam_search
from projects.couplet.decoding.constraints import Alphabet, Constraints, wanted_tones
from projects.couplet.decoding.request import Request
from projects.couplet.lines.tones import LEVEL, OBLIQUE
from tests.couplet.toy_search import (
    BOTH,
    MARKS,
    ToyModel,
    ToyTones,
    broken_tones,
    constrain,
    encode,
    is_mark,
    keeps_structure,
    make_tokens,
)

ALL = "".join(chr(0x4E00 + k) for k in range(120))
RARE = "".join(chr(0x20000 + k) for k in range(20))  # never in the vocabulary
_SIDES = [LEVEL, OBLIQUE, BOTH, ""]
READINGS = {char: _SIDES[k % 7 % 4] for k, char in enumerate(ALL + RARE)}


@pytest.fixture(scope="module")
def alphabet():
    return Alphabet(make_tokens(ALL), ToyTones(READINGS))


def answer(line, alphabet, beam=6, **wishes):
    """Return the answers of a toy model, and the constraints."""
    constraints = Constraints.for_line(line, Request(**wishes), alphabet)
    model = ToyModel(len(alphabet.tokens))
    source = encode([line], [constraints])
    [found] = beam_search(model, source, [constraints], beam=beam, groups=2)
    return [constraints.text(h.ids) for h in found], constraints


HOSTILE = [
    "一" * 32,
    "一",
    "一一丁丁",
    "一丁丁一",
    "一丁一丁一丁一丁",
    ALL[:32],
    RARE[:5],
    RARE[0] * 2 + RARE[1] + RARE[0] + "一",
    "一，一；一：一？一！一。一、一",
    "，一，",
    "一。丁。七。丁。一。",
    "一丁，一丁，" * 5 + "七七",
]


@pytest.mark.parametrize("line", HOSTILE)
@pytest.mark.parametrize("tones", ["off", "soft", "strict"])
def test_hostile_lines_are_answered_by_the_rules(line, tones, alphabet):
    found, _ = answer(line, alphabet, tones=tones)
    assert len(found) >= 1 and len(set(found)) == len(found)
    for text in found:
        assert keeps_structure(line, text)
        assert set(text) <= set(ALL + MARKS)
        if tones == "strict":
            assert broken_tones(line, text, READINGS) == 0


@pytest.mark.parametrize("seed", range(40))
def test_random_lines_and_wishes_are_answered_by_the_rules(seed, alphabet):
    random = np.random.default_rng(seed)
    few = list(random.choice(list(ALL[:90] + RARE), random.integers(1, 9)))
    line = "".join(random.choice(few + list("，、"), random.integers(1, 33)))
    line = line if any(not is_mark(c) for c in line) else line + few[0]
    locks = dict(zip(few, ALL[90:], strict=False))  # one for each source character
    signs = [
        c if is_mark(c) else locks[c] if random.random() < 0.3 else "_" for c in line
    ]
    forbidden = "".join(random.choice(list(ALL[:90]), 30))
    tones = ["off", "soft", "strict"][seed % 3]
    pattern = "".join(signs) if tones != "strict" else ""
    wishes = {"pattern": pattern, "forbidden": forbidden, "tones": tones}
    found, constraints = answer(line, alphabet, **wishes)
    assert found
    for text in found:
        assert keeps_structure(line, text)
        assert not set(text) & set(forbidden)
        for own, sign in zip(text, pattern, strict=False):
            assert sign in ("_", own)
        if tones == "strict":
            assert broken_tones(line, text, READINGS) == 0
    free = [
        not is_mark(c) and constraints.fixed.get(p) is None for p, c in enumerate(line)
    ]
    assert constraints.free.tolist() == free


def test_locks_outside_the_vocabulary_are_written(alphabet):
    found, constraints = answer(
        "一丁七丁，一", alphabet, pattern=f"_{RARE[0]}{RARE[1]}__＿"
    )
    for text in found:
        assert (text[1], text[2], text[3]) == (RARE[0], RARE[1], RARE[0])
        assert keeps_structure("一丁七丁，一", text)
    assert constraints.fixed[3] == RARE[0]


def test_punctuation_outside_the_vocabulary_is_written():
    tokens = make_tokens(ALL)
    tokens = type(tokens)(type(tokens.vocabulary)(tuple(ALL), np.ones(len(ALL))))
    found, _ = answer("一，丁", Alphabet(tokens, ToyTones()))
    assert all(text[1] == "，" for text in found)


def test_an_acrostic_and_a_pattern_are_both_kept(alphabet):
    line = "一丁，七万，丈三"
    found, _ = answer(line, alphabet, acrostic="天地玄", pattern="_人_____黄")
    for text in found:
        assert (text[0], text[1], text[3], text[6], text[7]) == tuple("天人地玄黄")
        assert keeps_structure(line, text)


def test_a_lock_is_written_nowhere_else(alphabet):
    line, lock = ALL[:6], ALL[60]
    found, constraints = answer(line, alphabet, pattern=f"___{lock}__")
    number = alphabet.tokens.id(lock)
    for position in (0, 1, 2, 4, 5):
        assert constraints.bias(position)[number] == -np.inf
    assert all(text.count(lock) == 1 for text in found)


def test_what_is_open_costs_nothing_and_the_rest_is_ruled_out(alphabet):
    _, constraints = answer("一，一丁", alphabet, tones="off", forbidden="七")
    tokens = alphabet.tokens
    for position in (0, 3):
        allowed = np.flatnonzero(constraints.bias(position) > -np.inf)
        assert tokens.decode(allowed) == ALL.translate(
            dict.fromkeys(map(ord, "一丁七"))
        )
        assert (constraints.bias(position)[allowed] == 0).all()
    assert (constraints.bias(1) == 0).all() and (constraints.bias(2) == 0).all()
    assert constraints.owners.tolist() == [0, 1, 0, 3]


WANTED = [
    ("平仄平仄平", {1: LEVEL, 3: LEVEL, 4: LEVEL}),
    ("平平仄仄仄", {1: OBLIQUE, 3: LEVEL, 4: LEVEL}),
    ("平中平？仄", {4: LEVEL}),
    ("平平，平仄", {1: OBLIQUE, 4: LEVEL}),
    ("平，仄，平", {0: OBLIQUE, 2: LEVEL, 4: LEVEL}),
    ("平仄。", {1: LEVEL}),
]


@pytest.mark.parametrize(("tones", "wanted"), WANTED)
def test_key_positions_want_the_other_tone_and_the_last_a_level_one(tones, wanted):
    sides = {"平": LEVEL, "仄": OBLIQUE, "中": BOTH, "？": ""}
    line = "".join(ALL[k] if tone in sides else tone for k, tone in enumerate(tones))
    readings = {ALL[k]: sides.get(tone, "") for k, tone in enumerate(tones)}
    assert wanted_tones(line, ToyTones(readings)) == wanted


def test_soft_tones_cost_what_was_asked_at_each_broken_place():
    readings = {"甲": OBLIQUE, "乙": LEVEL, "天": LEVEL, "地": OBLIQUE, "人": BOTH}
    line = "乙甲，甲甲"  # 甲 stands at three key positions, and last
    constraints = constrain(line, "天地人和", readings, tones="soft", tone_penalty=0.5)
    ids = constraints.tokens.encode("天地人和")
    assert constraints.bias(1)[ids].tolist() == [0, -1.0, 0, 0]  # 和 is unknown
    assert constraints.bias(0)[ids].tolist() == [0, 0, 0, 0]


def test_strict_tones_of_one_character_at_two_places():
    """The source is level, so 2 wants oblique; and the last wants level."""
    readings = {"甲": LEVEL, "乙": OBLIQUE, "天": LEVEL, "地": OBLIQUE, "人": BOTH}
    line = "乙甲，乙乙乙甲"
    constraints = constrain(line, "天地人和日月", readings, tones="strict")
    allowed = np.flatnonzero(constraints.bias(1) == 0)
    assert constraints.tokens.decode(allowed) == "人和日月"


def test_strict_tones_are_kept_for_every_lock_that_can_be_read_so(alphabet):
    line = "".join(c for c in ALL if READINGS[c] == OBLIQUE)[:4]
    for lock in ALL[60:]:
        wishes = {"pattern": f"_{lock}__", "tones": "strict"}
        if READINGS[lock] == OBLIQUE:
            said = (
                f"Expected a 平 character at position 2, below {line[1]}.*{lock} fixed"
            )
            with pytest.raises(UserError, match=said):
                answer(line, alphabet, **wishes)
        else:
            found, _ = answer(line, alphabet, **wishes)
            assert all(broken_tones(line, t, READINGS) == 0 for t in found)


def test_a_lock_at_a_repeated_place_breaks_strict_tones_there():
    readings = {"甲": OBLIQUE, "乙": LEVEL, "地": OBLIQUE}
    with pytest.raises(UserError, match="Expected a 平 character at position 4"):
        constrain("甲乙丙甲", ALL, readings, tones="strict", pattern="地___")
    constrain("甲乙丙甲", ALL, readings, tones="soft", pattern="地___")


TOO_FEW = [
    (
        "山",
        {"forbidden": "天地玄黄"},
        "more than 0 .* position 1. Received: 0.*after 4",
    ),
    ("山水，花", {"forbidden": "天地"}, "more than 2 .* at position 4. Received: 2"),
    ("山水", {"pattern": "天_", "forbidden": "地玄黄"}, "0 .* at position 2.*Forbid"),
    ("日月山", {"tones": "strict"}, "2 .* position 3. Received: 2, after strict tones"),
]


@pytest.mark.parametrize(("line", "wishes", "said"), TOO_FEW)
def test_too_few_characters_are_refused(line, wishes, said):
    readings = {"天": LEVEL, "地": OBLIQUE, "玄": LEVEL, "黄": OBLIQUE}
    with pytest.raises(UserError) as caught:
        constrain(line, "天地玄黄", readings, **wishes)
    assert re.search(said, str(caught.value))
    assert str(caught.value).isprintable()


def test_just_enough_characters_are_enough():
    constraints = constrain("山水花鸟", "天地玄黄")
    model = ToyModel(len(constraints.tokens))
    source = encode(["山水花鸟"], [constraints])
    [found] = beam_search(model, source, [constraints], beam=1)
    assert sorted(constraints.text(found[0].ids)) == sorted("天地玄黄")


def test_all_may_be_fixed():
    constraints = constrain("山，水", ALL, pattern="天，地")
    model = ToyModel(len(constraints.tokens))
    source = encode(["山，水"], [constraints])
    [found] = beam_search(model, source, [constraints], beam=8, groups=4)
    assert [constraints.text(h.ids) for h in found] == ["天，地"]
    assert not constraints.free.any()
