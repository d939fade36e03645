"""Worth of answers, by hand."""

import math

import numpy as np
import pytest

from projects.couplet.evaluation.exam import make_exam
from projects.couplet.evaluation.examiner import (
    Examiner,
    count_left_out,
    fit_bigrams,
    share,
)
from projects.couplet.lines.tones import Tones
from projects.couplet.pairs.reading import Pairs
from projects.couplet.tokens import START, Tokens

LEVEL, OBLIQUE = "天风山花空", "地月水草夜"
GROUPS = {c: frozenset({("上平声部", "一东")}) for c in LEVEL}
GROUPS |= {c: frozenset({("去声部", "一送")}) for c in OBLIQUE}
LEARNED = ["风花山", "风花空，山", "月草"]


@pytest.fixture(scope="module")
def examiner():
    pairs = Pairs(["水月地夜", "山花风空"], ["天风山花", "地月水草"])
    references = [("水月地夜", ["天风山花", "花山风天", "花山风空"])]
    tokens = Tokens.from_lines(LEARNED, min_count=1)
    return Examiner(
        make_exam(pairs, references),
        Tones(GROUPS),
        tokens,
        fit_bigrams(LEARNED, tokens),
        frozenset("风花"),
    )


def test_rules_and_tones(examiner):
    # The first pair keeps all; the second begins on 平, so that 仄 answers it.
    worth = examiner.judge(["天风山花", "地月水草"])
    assert worth.structure == 1 and worth.ends == 0.5
    assert worth.opposed == 1 and worth.opposed_fit == 1
    # A shared character; 月 under 月, both 仄.
    worth = examiner.judge(["天月山花", "地月水花"])
    assert worth.structure == 0
    assert worth.opposed == 0 and worth.opposed_fit == 0
    # Only the second pair, whose first line ends on 平, is not opposed.
    worth = examiner.judge(["天风山花", "地月水天"])
    assert (worth.opposed, worth.opposed_fit) == (0.5, 1)


def test_bleu_of_answers(examiner):
    worth = examiner.judge(["花山风空", "地月水草"])
    assert worth.bleu == pytest.approx(100)
    # The one line with several answers: nothing of 天风山花 in its order, and of
    # 花山风天, which is the other, three characters, two bigrams, one trigram.
    assert worth.counts == {2: 1, 3: 1, 5: 0}
    assert worth.one_reference[2] == 0 and worth.other_references[3] == 0
    assert math.isnan(worth.one_reference[5])
    worth = examiner.judge(["天风山花", "水水水水"])  # of which one 水 is right
    assert worth.one_reference[2] == worth.other_references[2] == pytest.approx(100)
    assert worth.bleu == pytest.approx(100 * (5 / 8 * 3 / 6 * 2 / 4 * 1 / 2) ** 0.25)


def test_people_are_held_against_people(examiner):
    people = examiner.judge_people()
    assert math.isnan(people.bleu)  # they are among the references
    assert people.one_reference[3] == 0  # 花山风空 against 天风山花
    assert people.structure == 1 and people.ends == 0.5
    pairs = Pairs(["水月地夜草"], ["花山风天空"])
    answers = [("水月地夜草", ["花山风天空", "花山风天山"])]
    other = Examiner(make_exam(pairs, answers), *list(vars(examiner).values())[1:])
    expected = 100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    assert other.judge_people().one_reference[2] == pytest.approx(expected)


def test_coherence_counts_known_characters_alone(examiner):
    tokens, bigrams = examiner.tokens, examiner.bigrams
    told = []
    line = "风花，龘山"
    for position, char in enumerate(line):
        before = tokens.id(line[position - 1]) if position else START
        probs = bigrams.distribution(np.array([[before]]))[0]
        if char not in "，龘":
            told.append(math.log(probs[tokens.id(char)]))
    assert examiner.coherence([line]) == pytest.approx(math.exp(-np.mean(told)))
    assert examiner.coherence(["风花山"]) < examiner.coherence(["山风花"])


def test_distinct_is_of_all_answers(examiner):
    worth = examiner.judge(["天风天风", "天风，天"])
    assert worth.distinct == (2 / 7, 2 / 5)


def test_what_counts_for_perplexities(examiner):
    assert examiner.counts("风，山花").tolist() == [True, False, False, True]
    assert count_left_out(["风，山花", "风"], examiner.known) == 1 / 4


def test_share_of_nothing_is_no_number():
    assert math.isnan(share([]))
    assert share([True, False]) == 0.5
