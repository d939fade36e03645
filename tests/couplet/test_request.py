import dataclasses

import pytest

from common.errors import UserError
from projects.couplet.decoding.request import Request

WRONG = [
    ({"candidates": 0}, "candidates to be a whole number from 1 to 50. Received: 0"),
    ({"candidates": 2.0}, "candidates to be a whole number"),
    ({"candidates": True}, "candidates to be a whole number"),
    ({"beam": 257}, "beam to be a whole number from 1 to 256. Received: 257"),
    ({"beam": "8"}, "beam to be a whole number from 1 to 256. Received: '8'"),
    ({"seed": -1}, "seed to be a whole number"),
    ({"diversity": float("nan")}, "diversity to be a number from 0 to 20"),
    ({"diversity": -0.5}, "diversity to be a number"),
    ({"diversity": None}, "diversity to be a number"),
    ({"tone_penalty": 1e9}, "tone_penalty to be a number from 0 to 100"),
    ({"tones": "hard"}, "tones to be one of soft, strict, off. Received: 'hard'"),
    ({"tones": ["soft"]}, "tones to be one of"),
    ({"pattern": 3}, "pattern to be text. Received: 3"),
    ({"pattern": "_" * 65}, "pattern to have at most 64 characters. Received: 65"),
    ({"acrostic": "春a"}, "acrostic to have Chinese characters.*Received: 'a'"),
    ({"acrostic": "春，"}, "acrostic to have Chinese"),
    ({"forbidden": "風x"}, "forbidden to have Chinese characters. Received: 'x'"),
    ({"forbidden": "\x07"}, r"forbidden to have .* Received: '\\x07'"),
    ({"forbidden": "\ud800"}, r"forbidden to have .* Received: '\\ud800'"),
    ({"forbidden": "山" * 10_001}, "at most 10,000 characters. Received: 10,001"),
    ({"tones": "x" * 5000}, r"Received: 'x{39}\.\.\.\.$"),
]


@pytest.mark.parametrize(("wishes", "said"), WRONG)
def test_nonsense_is_refused_in_one_line(wishes, said):
    with pytest.raises(UserError, match=said) as caught:
        Request(**wishes)
    assert str(caught.value).isprintable()


def test_the_defaults_are_a_request():
    request = Request()
    assert (request.candidates, request.beam, request.tones) == (5, 16, "soft")
    with pytest.raises(dataclasses.FrozenInstanceError):
        request.beam = 3


def test_there_are_never_fewer_beams_than_candidates():
    assert Request(candidates=20, beam=16).width == 20
    assert Request(candidates=5, beam=16).width == 16


def test_forbidden_characters_may_be_written_with_punctuation_between():
    assert Request(forbidden="风，月、花 ,山").forbidden_characters == set("风月花山")


def test_groups_are_for_several_candidates():
    assert Request(candidates=5).groups == 4
    assert Request(candidates=2).groups == 2
    assert Request(candidates=1).groups == 1
    assert Request(candidates=5, diversity=0).groups == 1
