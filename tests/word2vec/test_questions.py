"""Files of test questions: the real ones, other layouts, and broken ones."""

import pytest

from common.errors import UserError
from projects.word2vec.questions import read_analogies, read_pairs


def write(folder, content: str | bytes):
    path = folder / "questions.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_google_questions(mirror):
    sections = read_analogies(mirror / "eval" / "questions-words.txt")
    assert len(sections) == 14
    assert sum(map(len, sections.values())) == 19_544
    assert len(sections["family"]) == 506
    first = ("Athens", "Greece", "Baghdad", "Iraq")
    assert sections["capital-common-countries"][0] == first


def test_the_chinese_questions(mirror):
    sections = read_analogies(mirror / "eval" / "CA8_morphological.txt")
    assert list(sections) == ["A", "prefix", "AB", "suffix"]
    assert sum(map(len, sections.values())) == 10_177  # lines without four headings
    assert sections["A"][0] == ("避", "避一避", "补", "补一补")


@pytest.mark.parametrize(
    ("name", "num_pairs", "first"),
    [
        ("wordsim353.tsv", 353, ("love", "sex", 6.77)),
        ("simlex999.txt", 999, ("old", "new", 1.58)),
        ("wordsim240.txt", 240, ("李白", "诗", 9.2)),
    ],
)
def test_the_pairs_that_people_judged(mirror, name, num_pairs, first):
    pairs = read_pairs(mirror / "eval" / name)
    assert len(pairs) == num_pairs
    assert pairs[0] == first


def test_sections_of_one_name_are_one_and_comments_do_not_count(tmp_path):
    path = write(tmp_path, "\ufeff# mine\r\n: x\r\na b c d\r\n\r\n:y\r\n: x\r\ne f g h")
    expected = {"x": [("a", "b", "c", "d"), ("e", "f", "g", "h")], "y": []}
    assert read_analogies(path) == expected


@pytest.mark.parametrize("separator", ["\t", " ", "  ", ",", ", "])
def test_pairs_in_columns_of_any_kind(tmp_path, separator):
    lines = ["# by hand", "sun moon 3.5", "", "cat dog -1e1"]
    path = write(tmp_path, "\n".join(lines).replace(" ", separator))
    if separator != "\t":  # a comment needs no columns
        path = write(tmp_path, path.read_text().replace(f"#{separator}by", "#"))
    assert read_pairs(path) == [("sun", "moon", 3.5), ("cat", "dog", -10.0)]


def test_a_heading_is_no_pair_and_words_may_hold_blanks(tmp_path):
    path = write(tmp_path, "Word 1,Word 2,Human (mean)\nnew york,city,7\n")
    assert read_pairs(path) == [("new york", "city", 7.0)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (": x\na b c d\na b c\n", ["line 3 of", "four words", "a b c."]),
        (": x\na b c d e\n", ["line 2 of", "four words"]),
        ("a b c d\n", ["line 1 of", "name of a section first"]),
        (": x\n", ["no question"]),
        ("", ["no question"]),
        (": x\na b \0 d\n", ["line 2 of", "NUL"]),
        (b": x\na b c d\na caf\xe9 c d\n", ["line 3 of", "UTF-8", "byte 17 "]),
        (": x\n" + "word " * 5000, ["line 2 of", "word word", "..."]),
    ],
)
def test_malformed_analogies_are_told_with_their_line(tmp_path, content, told):
    with pytest.raises(UserError) as caught:
        read_analogies(write(tmp_path, content))
    message = str(caught.value)
    assert all(word in message for word in [*told, "questions.txt"]), message
    assert len(message) < 300 + len(str(tmp_path))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a b 1\na b\n", ["line 2 of", "two words and a number", "a b."]),
        ("a b 1\na b high\n", ["line 2 of", "a b high"]),
        ("a b 1\na b nan\n", ["line 2 of", "a b nan"]),
        ("a b 1\na\t\t2\n", ["line 2 of"]),
        ("one,two,three,4\n", ["line 1 of"]),
        ("word1 word2 score\n", ["none"]),
        ("", ["none"]),
        (b"\xff\xfe\n", ["line 1 of", "byte 0 "]),
    ],
)
def test_malformed_pairs_are_told_with_their_line(tmp_path, content, told):
    with pytest.raises(UserError) as caught:
        read_pairs(write(tmp_path, content))
    message = str(caught.value)
    assert all(word in message for word in [*told, "questions.txt"]), message


@pytest.mark.parametrize("read", [read_analogies, read_pairs])
def test_a_file_that_is_none(tmp_path, read):
    with pytest.raises(UserError, match="no such file"):
        read(tmp_path / "missing.txt")
    with pytest.raises(UserError, match="no file"):
        read(tmp_path)
