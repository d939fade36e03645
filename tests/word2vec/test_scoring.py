"""Scores beside gensim's on the real tests, and by hand."""

import math

import numpy as np
import pytest

from common.vocabulary import Vocabulary
from projects.word2vec.baselines import OneHot
from projects.word2vec.questions import read_analogies, read_pairs
from projects.word2vec.scoring import (
    Exam,
    evaluate_vectors,
    score_analogies,
    score_pairs,
    to_json,
)
from projects.word2vec.vectors import WordVectors


def make(words: str, rows: list | np.ndarray) -> WordVectors:
    tokens = tuple(words.split())
    counts = np.arange(len(tokens), 0, -1)
    return WordVectors(Vocabulary(tokens, counts), np.array(rows, np.float32))


@pytest.fixture(scope="module")
def royal() -> WordVectors:
    """Royalty is the first axis, the second is man against woman."""
    rows = [[0, 3, 1], [0, -3, 1], [1, 1, 0], [1, -1, 0], [1, 0, 0], [0, 0, 1]]
    return make("man woman king queen crown child", rows)


def numbers(section) -> tuple[int, int, int]:
    return section.correct, section.answerable, section.asked


def test_analogies_by_hand(royal):
    questions = {
        "family": [
            ("man", "woman", "king", "queen"),
            ("Man", "WOMAN", "King", "Queen"),  # case does not count
            ("man", "woman", "king", "crown"),  # wrong
            ("man", "woman", "prince", "princess"),  # unknown
        ],
        "gram1": [("queen", "king", "woman", "man")],
        "gram2": [("one", "ones", "two", "twos")],
    }
    score = score_analogies(royal, questions)
    assert [numbers(section) for section in score.sections] == [
        (2, 3, 4),
        (1, 1, 1),
        (0, 0, 1),
    ]
    assert numbers(score.total) == (3, 4, 6)
    assert numbers(score.semantic) == (2, 3, 4)
    assert numbers(score.syntactic) == (1, 1, 2)
    assert score.total.accuracy == 0.75
    assert math.isnan(score.sections[2].accuracy)


def test_rarer_words_than_the_limit_are_neither_asked_for_nor_answers(royal):
    questions = {"family": [("man", "woman", "king", "queen")]}
    assert numbers(score_analogies(royal, questions, restrict=4).total) == (1, 1, 1)
    assert numbers(score_analogies(royal, questions, restrict=3).total) == (0, 0, 1)
    # A rare word that is nearest of all answers only if there is no limit.
    rows = np.concatenate([royal.matrix, royal.matrix[3:4] + [[0, -2, 0]]])
    rivals = make("man woman king queen crown child rare", rows)
    assert numbers(score_analogies(rivals, questions, restrict=6).total) == (1, 1, 1)
    assert numbers(score_analogies(rivals, questions).total) == (0, 1, 1)


def test_the_words_of_a_question_are_no_answers_in_any_case():
    # b - a + c is nearest to "Paris", another spelling of c, then to "rome".
    rows = [[1, 0, 0], [1, 0.1, 0], [0, 1, 0], [0, 1, 0.1], [0, 0.9, 0.5]]
    vectors = make("france gaul paris Paris rome", rows)
    asked = {"capitals": [("france", "gaul", "paris", "rome")]}
    assert numbers(score_analogies(vectors, asked).total) == (1, 1, 1)
    repeated = {"same": [("france", "gaul", "paris", "paris")]}
    assert numbers(score_analogies(vectors, repeated).total) == (0, 1, 1)


def test_a_tie_is_no_answer():
    vectors = make("a b c d e", [[1, 0], [0, 1], [0, 1], [1, 1], [1, 1]])
    tie = {"tie": [("a", "b", "c", "d")]}
    assert numbers(score_analogies(vectors, tie).total) == (0, 1, 1)
    assert numbers(score_analogies(vectors, tie, restrict=4).total) == (1, 1, 1)


def test_pairs_by_hand(royal):
    pairs = [
        ("king", "crown", 9.0),  # cosine .71
        ("King", "man", 8.0),  # .67
        ("man", "child", 5.0),  # .32
        ("crown", "child", 1.0),  # 0
        ("king", "pope", 2.0),
    ]
    score = score_pairs(royal, pairs)
    assert score.spearman == 1
    assert (score.covered, score.asked, score.unknown) == (4, 5, ("pope",))


def test_no_known_pair_scores_nothing(royal):
    score = score_pairs(royal, [("pope", "nun", 1.0), ("nun", "pope", 2.0)])
    assert math.isnan(score.spearman)
    assert (score.covered, score.unknown) == (0, ("pope", "nun"))


def test_one_hot_vectors_answer_nothing(royal):
    one_hot = OneHot(royal.vocabulary)
    questions = {"family": [("man", "woman", "king", "queen")] * 300}
    assert numbers(score_analogies(one_hot, questions).total) == (0, 300, 300)
    assert numbers(score_analogies(one_hot, questions, 3).total) == (0, 0, 300)
    pairs = [("man", "king", 2.0), ("king", "queen", 3.0), ("man", "woman", 1.0)]
    assert math.isnan(score_pairs(one_hot, pairs).spearman)
    equal = [*pairs, ("king", "King", 9.0)]
    assert score_pairs(one_hot, equal).spearman == pytest.approx(0.7746, abs=1e-4)


def test_all_tests_at_once(royal):
    exam = Exam(
        {"family": {"x": [("man", "woman", "king", "queen")]}},
        {"likeness": [("king", "crown", 2.0), ("man", "child", 1.0)]},
    )
    scores = evaluate_vectors(royal, exam, restrict=4)
    assert numbers(scores["family"].total) == (1, 1, 1)
    assert scores["likeness"].covered == 2  # all words, not the first four
    told = to_json(scores)
    assert told["family"]["total"]["accuracy"] == 1
    assert told["family"]["sections"][0]["section"] == "x"
    assert told["likeness"]["spearman"] == 1


@pytest.fixture(scope="module")
def structured(mirror) -> WordVectors:
    """Vectors that answer some of the Google questions, in mixed spellings."""
    sections = read_analogies(mirror / "eval" / "questions-words.txt")
    generator = np.random.default_rng(3)
    rows = {}
    for questions in sections.values():
        offset = generator.normal(size=24)
        for a, b, *_ in questions:
            base = rows.setdefault(a, generator.normal(size=24))
            rows.setdefault(b, base + offset + generator.normal(size=24) * 0.9)
    for name in ("wordsim353.tsv", "simlex999.txt"):
        for a, b, likeness in read_pairs(mirror / "eval" / name):
            base = rows.setdefault(a, generator.normal(size=24))
            rows.setdefault(b, base * likeness / 10 + generator.normal(size=24))
    words = [w for w in rows if generator.random() < 0.95]
    other = [w.lower() for w in words[::7]] + [w.upper() for w in words[::11]]
    for word in other:
        rows.setdefault(word, generator.normal(size=24))
    words = list(dict.fromkeys([*words, *other]))
    generator.shuffle(words)
    return make(" ".join(words), np.array([rows[w] for w in words]))


@pytest.fixture(scope="module")
def keyed(structured):
    models = pytest.importorskip("gensim.models")
    keyed = models.KeyedVectors(24)
    keyed.add_vectors(list(structured.vocabulary.tokens), structured.matrix)
    return keyed


@pytest.mark.parametrize("restrict", [900, 10_000])
def test_analogies_are_scored_as_by_gensim(
    structured, keyed, mirror, tmp_path, restrict
):
    path = mirror / "eval" / "questions-words.txt"
    few = {name: qs[::9] for name, qs in read_analogies(path).items()}
    lines = [f": {n}\n" + "".join(" ".join(q) + "\n" for q in few[n]) for n in few]
    (tmp_path / "few.txt").write_text("".join(lines))
    _, theirs = keyed.evaluate_word_analogies(
        str(tmp_path / "few.txt"), restrict_vocab=restrict
    )
    ours = score_analogies(structured, few, restrict)
    expected = [(len(s["correct"]), len(s["incorrect"])) for s in theirs]
    sections = [*ours.sections, ours.total]
    assert [(s.correct, s.answerable - s.correct) for s in sections] == expected
    assert 0.05 < ours.total.accuracy < 0.95
    assert ours.total.answerable < ours.total.asked == sum(map(len, few.values()))


@pytest.mark.parametrize("name", ["wordsim353.tsv", "simlex999.txt"])
def test_pairs_are_scored_as_by_gensim(structured, keyed, mirror, name):
    path = mirror / "eval" / name
    _, theirs, unknown = keyed.evaluate_word_pairs(str(path))
    ours = score_pairs(structured, read_pairs(path))
    assert ours.spearman == pytest.approx(theirs[0], abs=1e-6)
    assert 100 * (1 - ours.covered / ours.asked) == pytest.approx(unknown)
    assert 0 < len(ours.unknown)
