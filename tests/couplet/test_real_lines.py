"""The search on human first lines, judged by the rules that judge users' pairs."""

import numpy as np
import pytest

from projects.couplet.decoding.beam_search import beam_search
from projects.couplet.decoding.constraints import Alphabet, Constraints
from projects.couplet.decoding.diversity import count_differences, least_difference
from projects.couplet.decoding.request import Request
from projects.couplet.lines.rules import structure_holds, tones_hold
from projects.couplet.lines.tones import OBLIQUE, Tones, read_rhymes
from projects.couplet.pairs.reading import read_pairs
from projects.couplet.tokens import Tokens
from tests.couplet.toy_search import ToyModel


@pytest.fixture(scope="module")
def firsts(mirror):
    pairs = read_pairs(mirror / "couplet" / "test.tsv.xz", limit=500)
    return sorted(pairs.first, key=len)


@pytest.fixture(scope="module")
def alphabet(mirror, firsts):
    tones = Tones(read_rhymes(mirror / "tones" / "Pingshui_Rhyme.json"))
    return Alphabet(Tokens.from_lines(firsts, min_count=2), tones)


def answer(lines, request, alphabet, groups=2, diversity=1.0):
    """Return the answers to lines of one length, each a list of texts."""
    constraints = [Constraints.for_line(line, request, alphabet) for line in lines]
    sources = np.array([alphabet.tokens.encode(line) for line in lines], np.int32)
    found = beam_search(
        ToyModel(len(alphabet.tokens)),
        sources,
        constraints,
        beam=4,
        groups=groups,
        diversity=diversity,
    )
    pairs = zip(constraints, found, strict=True)
    return [[own.text(h.ids) for h in hypotheses] for own, hypotheses in pairs]


@pytest.mark.parametrize("tones", ["soft", "strict"])
def test_all_answers_keep_the_rules(tones, firsts, alphabet):
    judged = 0
    for length in sorted(set(map(len, firsts))):
        lines = [line for line in firsts if len(line) == length][:8]
        answers = answer(lines, Request(tones=tones), alphabet)
        for line, texts in zip(lines, answers, strict=True):
            assert texts
            assert all(structure_holds(line, text) for text in texts)
            last = alphabet.tones.of(line[-1])
            if tones == "strict" and last.may_be(OBLIQUE):
                judged += 1
                assert all(tones_hold(line, text, alphabet.tones) for text in texts)
    assert tones == "soft" or judged > 50


def test_groups_of_beams_differ_more_than_one_group(firsts, alphabet):
    lines = [line for line in firsts if len(line) == 7][:8]
    request = Request(tones="off")

    def difference(**options):
        found = answer(lines, request, alphabet, **options)
        ids = [[list(map(ord, text)) for text in texts] for texts in found]
        return [count_differences(one).sum() / 12 for one in ids]  # of 4 lines: 12

    apart = difference(groups=4, diversity=1.0)
    assert np.mean(apart) > np.mean(difference(groups=1)) + 1
    assert np.mean(apart) > least_difference(7)
