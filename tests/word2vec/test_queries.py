"""What people type, and what they are told."""

import numpy as np
import pytest

from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec.queries import (
    Neighbors,
    OddOneOut,
    Scored,
    Similarity,
    Sum,
    align,
    answer_query,
    compare,
    find_odd_one,
    parse_query,
)
from projects.word2vec.vectors import WordVectors
from tests.word2vec.toy_vectors import make_toy


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("king", ("king",), ()),
        ("  king  ", ("king",), ()),
        ("king - man + woman", ("king", "woman"), ("man",)),
        ("king -man +woman", ("king", "woman"), ("man",)),
        ("- man + king", ("king",), ("man",)),
        ("+ king", ("king",), ()),
        ("well-known - c++", ("well-known",), ("c++",)),
        ("国王 － 男人 ＋ 女人", ("国王", "女人"), ("男人",)),
        ("king \u2212 man", ("king",), ("man",)),  # the sign of typesetters
        ("king + king", ("king", "king"), ()),
    ],
)
def test_sums(text, positive, negative):
    assert parse_query(text) == Sum(positive, negative)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("king, queen", ("king", "queen")),
        ("king,queen,car", ("king", "queen", "car")),
        ("国王，王后、面包", ("国王", "王后", "面包")),
        ("new york, paris", ("new york", "paris")),
    ],
)
def test_lists(text, words):
    assert parse_query(text) == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing"),
        ("   ", "nothing"),
        ("+", r"\+"),
        ("king -", "king -"),
        ("king queen", "king queen"),
        ("king queen man", "king queen man"),
        ("king + -", r"king \+ -"),
        ("king - - man", "king - - man"),
        ("king + -man", r"king \+ -man"),
        ("king,", "beside each comma"),
        (",", "beside each comma"),
        ("a,,b", "beside each comma"),
    ],
)
def test_what_is_no_query_is_refused_with_an_example(text, message):
    with pytest.raises(UserError, match=f"{message}.*'king - man"):
        parse_query(text)


def test_a_known_word_is_taken_whatever_it_contains():
    known = {"-", "，", "-ing", "new york"}
    for word in known:
        assert parse_query(word, known) == Sum((word,))
    assert parse_query("king - -ing", known) == Sum(("king",), ("-ing",))
    # Inside a sum a lone sign is a sign, even where the text had such words.
    assert parse_query("king - man", known) == Sum(("king",), ("man",))


def test_answers_are_of_the_kind_that_was_asked():
    toy = make_toy()
    answer = answer_query(toy, " king - man + woman ", count=1)
    assert answer == Neighbors(
        "king - man + woman", (Scored("queen", answer.nearest[0].cosine, 60),)
    )
    assert answer_query(toy, "king, queen") == Similarity(("king", "queen"), 0.707107)
    odd = answer_query(toy, "king, queen, bread")
    assert (type(odd), odd.odd_one_out) == (OddOneOut, "bread")
    assert odd == find_odd_one(toy, ["king", "queen", "bread"])
    assert answer_query(toy, "well-known", count=7, restrict=2).nearest[1:] == (
        Scored("king", 0.0, 70),
    )
    with pytest.raises(UserError, match="kingg .*: king"):
        answer_query(toy, "kingg + man")


def test_counts_that_are_not_known_are_none():
    words = ("a", "b", "c")
    vocabulary = Vocabulary(words, np.zeros(3, np.int64))
    vectors = WordVectors(vocabulary, np.eye(3, dtype=np.float32))
    assert {s.count for s in answer_query(vectors, "a").nearest} == {None}
    assert {s.count for s in answer_query(vectors, "a, b, c").words} == {None}


def test_words_with_blanks_can_be_compared():
    toy = make_toy({"new york": [1, 0], "paris": [1, 1]})
    assert compare(toy, ["new york", "paris"]) == answer_query(toy, "new york, paris")


def test_texts_are_aligned_in_a_terminal():
    nearest = (Scored("国王", 0.5, 1000), Scored("king", -0.25, 7))
    assert Neighbors("q", nearest).to_text() == (
        "国王   0.500  1,000\nking  -0.250      7"
    )
    unknown = (Scored("a", 0.5, None),)
    assert Neighbors("q", unknown).to_text() == "a  0.500"
    assert Neighbors("q", ()).to_text() == ""
    assert OddOneOut("a", unknown).to_text() == "a is the odd one\na  0.500"
    assert Similarity(("a", "b"), 0.12345).to_text() == "a ~ b  0.123"
    # An accent that stands alone fills no column.
    assert align([["e\u0301", "ab"], ["1", "22"]]) == ["e\u0301    1", "ab  22"]
