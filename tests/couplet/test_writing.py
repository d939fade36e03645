"""Couplets of machines: as many as wanted, all lines new, the same for a seed."""

import pytest

from common.errors import UserError
from projects.couplet.pairs import writing
from projects.couplet.pairs.writing import Manner, write_couplets
from tests.couplet.mirror_writer import (
    COPYING,
    SILENT,
    UNKNOWN,
    MirrorWriter,
    answer,
)
from tests.couplet.tiny_poet import make_poems, make_poet


@pytest.fixture(autouse=True)
def small_turns(monkeypatch):
    monkeypatch.setattr(writing, "_AT_ONCE", 12)


def write(count, avoided=(), writer=None, **manner):
    poet, writer = make_poet(), writer or MirrorWriter()
    return write_couplets(poet, writer, count, Manner(**manner), avoided)


def test_lines_of_all_lengths_are_written_and_differ():
    told = []
    pairs = write_couplets(make_poet(), MirrorWriter(), 50, Manner(), tell=told.append)
    lines = [line for pair in pairs for line in pair]
    assert len(pairs) == 50 and len(set(lines)) == 100
    assert {len(line) for line in lines} == {5, 7}
    assert all(second == answer(first) for first, second in pairs)
    assert not any(first in make_poet().known for first, _ in pairs)
    assert told == sorted(told) and told[-1] == 50 and len(told) > 3
    assert {len(first) for first, _ in write(20, lengths=(7,))} == {7}


def test_the_seed_decides_all():
    pairs = write(40, seed=3)
    assert write(40, seed=3) == pairs
    assert write(15, seed=3) == pairs[:15]
    assert len(set(pairs) & set(write(40, seed=4))) < 20


def test_answers_are_asked_for_as_users_do():
    writer = MirrorWriter()
    write(10, writer=writer, beam=7)
    assert {(how.candidates, how.beam) for _, how in writer.asked} == {(5, 7)}


def test_what_is_to_be_avoided_is_not_written():
    pairs = write(40)
    (one, _), (_, other) = pairs[:2]
    assert write(40, avoided={one, other})[:38] == pairs[2:]


def test_unknown_characters_and_silence_and_copies_are_passed_over():
    copied = make_poems(60)[0].split("，")[0]
    assert copied in make_poet().known
    writer = MirrorWriter(copied)
    pairs = write(150, writer=writer)
    asked = [line for lines, _ in writer.asked for line in lines]
    assert {SILENT, COPYING} <= {line[0] for line in asked}
    assert not {SILENT, COPYING} & {first[0] for first, _ in pairs}
    assert not any(UNKNOWN in line for line in asked)
    careless = MirrorWriter()
    careless.unknown = lambda line: []
    assert any(UNKNOWN in first for first, _ in write(150, writer=careless))


def test_too_many_are_told():
    class Monotonous(MirrorWriter):
        def _answer(self, line):
            return super()._answer("风" * len(line))

    with pytest.raises(UserError, match="Expected 9 couplets.*Received: 2, then"):
        write(9, writer=Monotonous())
