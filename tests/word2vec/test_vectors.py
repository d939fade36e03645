"""Neighbors, likeness and the odd one out, by hand and beside gensim."""

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.vectors import WordVectors
from tests.word2vec.toy_vectors import ROWS, as_gensim, make_random, make_toy


def test_neighbors_are_ordered_by_cosine_not_by_length():
    found = make_toy().most_similar(["queen"], count=3)
    assert [word for word, _ in found] == ["king", "国王", "woman"]
    assert found[0][1] == pytest.approx(1 / np.sqrt(2))
    assert found[1][1] == pytest.approx(1 / np.sqrt(2.02))
    assert found[2][1] == pytest.approx(0.5)


def test_an_analogy_adds_and_subtracts_unit_vectors():
    # king - man + woman = (1, .707, 0, -.293); its cosine to queen is 1.707 over
    # the root of two times its length.
    found = make_toy().most_similar(["king", "woman"], ["man"], count=2)
    half = np.sqrt(0.5)
    length = np.sqrt(1 + half**2 + (1 - half) ** 2)
    assert found[0] == ("queen", pytest.approx((1 + half) * half / length))
    assert found[1][0] == "国王"


def test_the_asked_words_are_never_an_answer():
    toy = make_toy()
    found = toy.most_similar(["king", "woman"], ["man"], count=100)
    assert {word for word, _ in found} == set(ROWS) - {"king", "man", "woman"}
    assert len(toy.most_similar(["king", "king"], count=100)) == len(ROWS) - 1


def test_restrict_looks_among_the_commonest_only():
    found = make_toy().most_similar(["国王"], count=100, restrict=4)
    assert [word for word, _ in found] == ["king", "queen", "man", "woman"]
    assert len(make_toy().most_similar(["king"], count=100, restrict=10**9)) == 6
    assert make_toy().most_similar(["king"], restrict=1) == []


def test_of_equal_words_the_commoner_comes_first():
    toy = make_toy({"a": [1, 0], "d": [0, 2], "c": [0, 1], "b": [0, 3]})
    for count in (1, 2, 3):
        found = [word for word, _ in toy.most_similar(["a"], count=count)]
        assert found == ["d", "c", "b"][:count]


def test_similarity():
    toy = make_toy()
    assert toy.similarity("king", "queen") == pytest.approx(np.sqrt(0.5))
    assert toy.similarity("king", "man") == 0
    assert toy.similarity("king", "king") == pytest.approx(1)


def test_the_odd_one_comes_first():
    found = make_toy().odd_one_out(["king", "bread", "国王", "queen"])
    assert found[0][0] == "bread"
    assert [c for _, c in found] == sorted(c for _, c in found)
    with pytest.raises(UserError, match="three different words.*king, queen"):
        make_toy().odd_one_out(["king", "queen", "king"])


def test_a_vector_of_zeros_is_near_to_nothing():
    toy = make_toy({"none": [0, 0], "up": [0, 1], "down": [0, -1]})
    assert np.array_equal(toy.unit, toy.matrix)
    assert toy.similarity("none", "up") == 0
    assert toy.most_similar(["up"]) == [("none", 0), ("down", -1)]
    for positive, negative in ((["none"], []), (["up"], ["up"]), (["up", "down"], [])):
        with pytest.raises(UserError, match="sum of 0"):
            toy.most_similar(positive, negative)
    with pytest.raises(UserError, match="none"):
        toy.most_similar([])


def test_very_long_and_very_short_vectors_are_measured_rightly():
    toy = make_toy({"long": [3e17, 4e17], "short": [3e-30, 4e-30], "other": [4, -3]})
    assert toy.lengths.tolist() == pytest.approx([5e17, 5e-30, 5])
    assert toy.similarity("long", "short") == pytest.approx(1)
    assert toy.most_similar(["short"])[0] == ("long", pytest.approx(1))


def test_unknown_words_are_named_with_their_like():
    message = (
        r"\(7 words\).*kinge \(nearest by spelling: king\); xyzzy \(none is near\)\.$"
    )
    with pytest.raises(UserError, match=message):
        make_toy().most_similar(["kinge", "xyzzy", "kinge"])
    with pytest.raises(UserError, match="qeen .*queen"):
        make_toy().similarity("king", "qeen")


def test_a_vector_that_is_not_finite_is_refused_by_name():
    toy = make_toy({"good": [1, 2], "bad": [1, np.nan], "worse": [np.inf, 1]})
    with pytest.raises(UserError, match="'bad'"):
        toy.most_similar(["good"])


def test_the_commonest_words_keep_order_and_counts():
    few = make_toy().commonest(2)
    assert few.vocabulary.tokens == ("king", "queen")
    assert few.vocabulary.counts.tolist() == [70, 60]
    assert few.matrix.tolist() == [ROWS["king"], ROWS["queen"]]
    assert len(make_toy().commonest(0)) == len(make_toy().commonest(99)) == 7


def test_what_is_saved_is_loaded_without_reading_it_all(tmp_path):
    make_toy().save(tmp_path)
    loaded = WordVectors.load(tmp_path)
    assert isinstance(loaded.matrix.base, np.memmap)
    assert loaded.matrix.dtype == np.float32
    assert loaded.matrix.tolist() == make_toy().matrix.tolist()
    assert loaded.vocabulary.tokens == tuple(ROWS)
    assert loaded.vocabulary.counts.tolist() == [70, 60, 50, 40, 30, 20, 10]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "vectors.npy",
        "vocabulary.txt",
    ]


def _cut(path):
    path.write_bytes(path.read_bytes()[:-5])


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda path: path.unlink(), "no such file"),
        (lambda path: path.write_bytes(b""), "broken"),
        (lambda path: path.write_bytes(b"word vectors"), "broken"),
        (_cut, "broken"),
        (lambda path: np.save(path, np.zeros((7, 4))), "float64"),
        (lambda path: np.save(path, np.zeros(7, np.float32)), r"\(7,\)"),
        (lambda path: np.save(path, np.zeros((7, 0), np.float32)), r"\(7, 0\)"),
        (lambda path: np.save(path, np.zeros((6, 4), np.float32)), "6 rows"),
        (lambda path: np.save(path, np.array([{}] * 7)), "broken"),
    ],
)
def test_broken_vectors_are_refused(spoil, word, tmp_path):
    make_toy().save(tmp_path)
    spoil(tmp_path / "vectors.npy")
    with pytest.raises(UserError, match=rf"vectors.npy\. Received: .*{word}"):
        WordVectors.load(tmp_path)


def test_gensim_says_the_same():
    pytest.importorskip("gensim")
    ours = make_random(300, 16)
    theirs = as_gensim(ours)
    for positive, negative, restrict in (
        (["w3"], [], 0),
        (["w3", "w250"], ["w7"], 0),
        (["w299"], ["w5", "w6"], 50),
        ([], ["w1"], 0),
    ):
        found = ours.most_similar(positive, negative, count=12, restrict=restrict)
        told = theirs.most_similar(
            positive, negative, topn=12, restrict_vocab=restrict or None
        )
        assert [word for word, _ in found] == [word for word, _ in told]
        assert [c for _, c in found] == pytest.approx([c for _, c in told], abs=1e-6)
    for number in range(20):
        words = [f"w{number * 7 % 300}", f"w{number}", "w100", "w200"]
        told = theirs.similarity(words[0], "w50")
        assert ours.similarity(words[0], "w50") == pytest.approx(told, abs=1e-6)
        if len(set(words)) == 4:
            assert ours.odd_one_out(words)[0][0] == theirs.doesnt_match(words)
