"""First lines end oblique, alternate, and are new."""

import pytest

from common.errors import UserError
from projects.couplet.poems.first_lines import write_first_lines
from tests.couplet.tiny_poet import SIDES, make_poet


@pytest.mark.parametrize("length", [5, 7])
@pytest.mark.parametrize("tones", ["soft", "strict"])
def test_lines_end_oblique_and_alternate(length, tones):
    lines = write_first_lines(make_poet(), length=length, tones=tones, count=12)
    assert len(set(lines)) == 12
    for line in lines:
        assert len(line) == length and line[-1] in SIDES["仄"]
        assert line not in make_poet().known
        places = range(1, length - 1, 2)
        ways = ("仄平仄", "平仄平")
        assert any(
            all(line[p] in SIDES[t] for p, t in zip(places, way, strict=False))
            for way in ways
        )


def test_without_tones_lines_end_as_they_like():
    lines = write_first_lines(make_poet(), tones="off", count=40)
    ends = {line[-1] in SIDES["仄"] for line in lines}
    assert ends == {True, False}


def test_wishes_are_granted():
    lines = write_first_lines(make_poet(), length=5, first_char="香", theme="东")
    assert {line[0] for line in lines} == {"香"} and len(lines) == 8
    assert lines == write_first_lines(
        make_poet(), length=5, first_char="香", theme="东"
    )


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"length": 6}, "5 or 7 characters.*Received: 6"),
        ({"tones": "loud"}, "Received: loud"),
        ({"first_char": "猫"}, "Received: 猫"),
    ],
)
def test_wishes_that_make_no_sense_are_told(wishes, message):
    with pytest.raises(UserError, match=message):
        write_first_lines(make_poet(), **wishes)
