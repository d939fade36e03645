"""Ids follow the counts, the file keeps them, spelling mistakes find their word."""

import time

import numpy as np
import pytest

from common.errors import UserError
from common.vocabulary import Vocabulary

COUNTS = {"b": 2, "rare": 1, "the": 9, "a": 2, "春": 5}


def test_ids_are_ordered_by_falling_count_then_by_the_token():
    vocabulary = Vocabulary.from_counts(COUNTS)
    assert vocabulary.tokens == ("the", "春", "a", "b", "rare")
    assert vocabulary.counts.tolist() == [9, 5, 2, 2, 1]
    assert vocabulary.counts.dtype == np.int64
    assert [vocabulary.id(token) for token in vocabulary.tokens] == [0, 1, 2, 3, 4]
    assert vocabulary.ids(["a", "none", "the"]) == [2, None, 0]
    assert vocabulary.id("none") is None
    assert "春" in vocabulary and "none" not in vocabulary and len(vocabulary) == 5


@pytest.mark.parametrize(
    ("limits", "tokens"),
    [
        ({"min_count": 2}, "the 春 a b"),
        ({"max_size": 3}, "the 春 a"),
        ({"min_count": 3, "max_size": 3}, "the 春"),
        ({"min_count": 10}, ""),
    ],
)
def test_rare_tokens_are_left_out(limits, tokens):
    vocabulary = Vocabulary.from_counts(COUNTS, **limits)
    assert " ".join(vocabulary.tokens) == tokens
    assert len(vocabulary.counts) == len(vocabulary)


def test_the_counts_are_a_copy_that_nobody_changes():
    counts = np.array([2, 1])
    vocabulary = Vocabulary(("a", "b"), counts)
    counts[0] = 7
    assert vocabulary.counts.tolist() == [2, 1]
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[0] = 7
    with pytest.raises(ValueError, match="one number for each of the 2 tokens"):
        Vocabulary(("a", "b"), [1])


def test_what_is_saved_is_loaded(tmp_path):
    strange = {"the": 9, "tab\tin it": 8, "\r": 7, "\u2028": 6, "": 5, "春": 0}
    Vocabulary.from_counts(strange, min_count=0).save(tmp_path / "v.txt")
    text = (tmp_path / "v.txt").read_bytes().decode()
    assert text.startswith("the\t9\ntab\tin it\t8\n") and text.endswith("春\t0\n")
    loaded = Vocabulary.load(tmp_path / "v.txt")
    assert dict(zip(loaded.tokens, loaded.counts.tolist(), strict=True)) == strange
    assert list(loaded.tokens) == list(strange)  # already by falling count


def test_an_order_that_is_not_by_count_is_kept(tmp_path):
    Vocabulary(("<start>", "a", "b"), [0, 1, 2]).save(tmp_path / "v.txt")
    assert Vocabulary.load(tmp_path / "v.txt").tokens == ("<start>", "a", "b")


def test_a_line_break_in_a_token_is_a_fault(tmp_path):
    with pytest.raises(ValueError, match="without line breaks"):
        Vocabulary(("a\nb",), [1]).save(tmp_path / "v.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "an empty file"),
        (b"a\t2\nb\t1", "an unfinished last line"),
        (b"a\t2\n\xff\t1\n", "no UTF-8 at byte 4"),
        (b"a\t2\nb 1\n", "line 2 of .*no such line: 'b 1'"),
        (b"a\t2\n\nb\t1\n", "line 2 of "),
        (b"a\t2\nb\t-1\n", "line 2 of "),
        (b"a\t2\nb\t1_0\n", "line 2 of "),
        (b"a\t2\nb\t\xd9\xa3\n", "line 2 of "),  # a digit, but no ASCII digit
        (b"a\t" + b"9" * 19 + b"\n", "line 1 of "),
        (b"a\t2\nb\t2\na\t1\n", r"line 3 of .*same token again: 'a\\t1'"),
    ],
)
def test_a_damaged_file_is_told_with_its_line(tmp_path, content, message):
    if content is not None:
        (tmp_path / "v.txt").write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        Vocabulary.load(tmp_path / "v.txt")
    assert str(tmp_path / "v.txt") in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("kign", "king"),
        ("King", "king"),
        ("queeen", "queen"),
        ("wommen", "women"),
        ("PARIS", "Paris"),
        ("计算机机", "计算机"),
    ],
)
def test_a_spelling_mistake_finds_its_word(wrong, right):
    tokens = "the king queen woman women man paris-like Paris kin 计算机 电脑".split()
    vocabulary = Vocabulary(tuple(tokens), [1] * len(tokens))
    assert right in vocabulary.closest(wrong, 2)


def test_nothing_is_offered_where_nothing_is_alike():
    vocabulary = Vocabulary(("king", "queen", "春"), [3, 2, 1])
    assert vocabulary.closest("zzzz") == []
    assert vocabulary.closest("") == []
    assert vocabulary.closest("夏") == []
    assert vocabulary.closest("king" * 1000) == []


def test_a_million_tokens_are_searched_while_one_waits():
    tokens = tuple(f"{number:x}q" for number in range(10**6))
    vocabulary = Vocabulary((*tokens, "extraordinary"), np.ones(10**6 + 1))
    began = time.process_time()
    assert vocabulary.closest("extraordinery") == ["extraordinary"]
    assert "abcdeq" in vocabulary.closest("abcdek")
    assert time.process_time() - began < 8
