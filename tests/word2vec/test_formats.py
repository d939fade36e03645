"""Files of word2vec: to the byte, there and back, beside gensim, and hostile ones."""

import gzip
import struct
import tracemalloc

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.formats import read_vectors, write_binary, write_text
from tests.word2vec.toy_vectors import ROWS, as_gensim, make_random, make_toy

WRITERS = [write_text, write_binary]
ONE = struct.pack("<2f", 1.0, -0.5)


def _read(tmp_path, content):
    (tmp_path / "v").write_bytes(content)
    return read_vectors(tmp_path / "v")


def test_the_text_is_that_of_word2vec(tmp_path):
    toy = make_toy({"国": [0.1, -2], "b": [1e-20, 3]})
    write_text(toy, tmp_path / "v.txt")
    written = (tmp_path / "v.txt").read_text(encoding="utf-8")
    assert written == "2 2\n国 0.100000001 -2\nb 9.99999968e-21 3\n"


def test_the_binary_is_that_of_word2vec(tmp_path):
    write_binary(make_toy({"国": [1, -0.5]}), tmp_path / "v.bin")
    assert (tmp_path / "v.bin").read_bytes() == b"1 2\n\xe5\x9b\xbd " + ONE + b"\n"


@pytest.mark.parametrize("name", ["v", "v.gz"])
@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    "vectors",
    [make_toy(), make_random(1000, 100), make_random(5, 1), make_random(1, 3)],
    ids=len,
)
def test_every_bit_comes_back(vectors, write, name, tmp_path):
    write(vectors, tmp_path / name)
    packed = (tmp_path / name).read_bytes()[:2] == b"\x1f\x8b"
    assert packed == name.endswith(".gz")
    found = read_vectors(tmp_path / name)
    assert found.vocabulary.tokens == vectors.vocabulary.tokens
    assert not found.vocabulary.counts.any()  # the formats have none
    assert found.matrix.dtype == np.float32
    assert np.array_equal(found.matrix, vectors.matrix)


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_vectors_make_the_same_file(write, tmp_path):
    write(make_toy(), tmp_path / "a.gz")
    write(make_toy(), tmp_path / "b.gz")
    one, other = ((tmp_path / name).read_bytes() for name in ("a.gz", "b.gz"))
    assert one == other
    assert one[4:8] == bytes(4)  # the time that gzip would note


@pytest.mark.parametrize(
    "content",
    [
        b"2 2\na 1 -0.5\nb 1 -0.5\n",
        b"2 2\r\na 1 -0.5\r\nb 1 -0.5\r\n",
        b" 2\t2 \na\t1\t-.5 \nb  1e0 -5E-1\n\n",  # word2vec.c ends lines by a blank
        b"2 2\na 1 -0.5\nb 1 -0.5",
        b"2 2\na " + ONE + b"\nb " + ONE + b"\n",
        b"2 2\na " + ONE + b"b " + ONE,
    ],
)
def test_the_content_tells_what_a_file_is(content, tmp_path):
    found = _read(tmp_path, content)
    assert found.vocabulary.tokens == ("a", "b")
    assert found.matrix.tolist() == [[1, -0.5], [1, -0.5]]


@pytest.mark.parametrize("dim", [1, 2, 50])
def test_binary_is_not_taken_for_text(dim, tmp_path):
    # All zeros, usual numbers, and 12.8: its bytes are CD CC 4C 41.
    for value in (0.0, 0.01, -0.7, 12.8):
        vectors = make_toy({"a": [value] * dim, "b": [value] * dim})
        write_binary(vectors, tmp_path / "v")
        assert np.array_equal(read_vectors(tmp_path / "v").matrix, vectors.matrix)


def test_binary_numbers_may_look_like_blanks_and_lines(tmp_path):
    odd = np.frombuffer(b"  \n \n\n\n a 1 b 2 ", "<f4")
    vectors = make_toy({"a": [1, 2, 3, 4], "b": odd, "c": odd[::-1]})
    write_binary(vectors, tmp_path / "v")
    assert np.array_equal(read_vectors(tmp_path / "v").matrix, vectors.matrix)


def test_words_longer_than_what_is_read_at_once(tmp_path):
    vectors = make_toy({"长" * 1300: [1.0], "b": [2.0]})
    for write in WRITERS:
        write(vectors, tmp_path / "v")
        assert read_vectors(tmp_path / "v").vocabulary.tokens == ("长" * 1300, "b")


def test_of_a_repeated_word_the_first_is_kept_and_told(tmp_path, capsys):
    found = _read(tmp_path, b"4 1\na 1\nb 2\na 3\nb 4\n")
    assert found.vocabulary.tokens == ("a", "b")
    assert found.matrix.tolist() == [[1], [2]]
    told = capsys.readouterr().err
    assert "2 words" in told and "'a'" in told and told.count("\n") == 1


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("word", ["new york", "", "a\tb", "a\nb", " a"])
def test_a_word_with_a_blank_is_not_written(word, write, tmp_path):
    with pytest.raises(UserError, match="without blanks.*word 2, "):
        write(make_toy({"a": [1.0], word: [2.0]}), tmp_path / "v")
    assert not list(tmp_path.iterdir())


TEXT = b"3 2\na 1 2\nb 3 4\nc 5 6\n"
BINARY = b"3 2\na " + ONE + b"\nb " + ONE + b"\nc " + ONE + b"\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty file"),
        (b"\n", "first line"),
        (b"the 0.1 0.2\n", "first line 'NUM_WORDS EMBEDDING_DIM'.*the 0.1"),
        (b"-3 2\na 1 2\n", "first line"),
        (b"3 -2\na 1 2\n", "first line"),
        (b"3\n", "first line"),
        (b"9" * 50 + b" 2\n", "first line"),
        (b"0 2\n", "a word or more"),
        (b"3 0\na\n", "1 to 65,536 numbers"),
        (b"3 1000000000\na 1 2\n", "1,000,000,000 numbers"),
        (b"1000000000 2\na 1 2\n", "as large as.*1,000,000,000 words"),
        (b"4 2\na 1 2\nb 3 4\n", "as large as"),
        (b"3 2\n\x00\xff", "as large as"),
        (TEXT.replace(b"c 5 6\n", b"       "), "2 numbers in line 4.* 0 numbers"),
        (b"4 2\n" + TEXT[4:-1] + b".0000000\n", "4 words.*3 whole ones"),
        (b"2 2\n" + TEXT[4:], "2 words.*more after"),
        (TEXT.replace(b"3 4", b"3"), "2 numbers in line 3.* 1 numbers"),
        (TEXT.replace(b"b", b"new york"), "2 numbers in line 3.* 3 numbers"),
        (TEXT.replace(b"3 4", b"3 x4"), "line 3.*'x4'"),
        (TEXT.replace(b"3 4", b"1e39 4"), "line 3.*'1e39'"),
        (TEXT.replace(b"3 4", b"3 nan"), "nan for word 2, 'b'"),
        (TEXT.replace(b"3 4", b"3 -inf"), "-inf for word 2, 'b'"),
        (TEXT.replace(b"1 2", b"1 nan"), "nan for word 1, 'a'"),
        (TEXT.replace(b"3 4", b"3 1e30"), "below 1e.18.*word 2, 'b'"),
        (TEXT.replace(b"b", b"\xc4\xe3"), "UTF-8 in line 3"),
        (TEXT.replace(b"b", b"b" * 100_000), "UTF-8|line 3"),
        (BINARY[:-6], "3 words.*2 whole ones"),
        (BINARY[: BINARY.index(b"c") + 1] + b" " * 6, "2 whole ones"),
        (b"2 2\n" + BINARY[4:], "2 words.*more after"),
        (BINARY.replace(b"\nb ", b"\nb" + b"b" * 5000 + b" "), "4,096 bytes"),
        (BINARY.replace(b"\nb ", b"\n" + b"b" * 99_999), "4,096 bytes"),
        (BINARY.replace(b"\nb ", b"\n\xc4\xe3 "), "UTF-8 in word 2"),
        (BINARY.replace(b"\nb ", b"\n "), "without blanks in word 2"),
        (b"4 1\n" + BINARY[4:], "UTF-8 in word 2"),  # of a wrong dimension
        (
            b"1 2\na " + struct.pack("<2f", 1, np.nan),
            "nan for word 1, 'a'",
        ),
    ],
)
def test_hostile_files_are_refused_in_one_line(content, message, tmp_path):
    with pytest.raises(UserError, match=message) as refused:
        _read(tmp_path, content)
    assert str(tmp_path / "v") in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300 + len(str(tmp_path))


@pytest.mark.parametrize("content", [TEXT, BINARY])
def test_a_file_cut_anywhere_is_refused(content, tmp_path):
    for end in range(len(content.rstrip(b"\n"))):
        with pytest.raises(UserError):
            _read(tmp_path, content[:end])


@pytest.mark.parametrize("write", WRITERS)
def test_damaged_gzip_is_refused(write, tmp_path):
    write(make_random(50, 20), tmp_path / "v.gz")
    whole = (tmp_path / "v.gz").read_bytes()
    middle = len(whole) // 2
    for damaged in (
        whole[:middle],
        whole[:-4],
        whole[:middle] + b"\xff\xfe\xff" + whole[middle + 3 :],
        whole[:10] + b"\xff\xff\xff" + whole[13:],
        whole[:2],
    ):
        with pytest.raises(UserError, match="gzip"):
            _read(tmp_path, damaged)


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none", tmp_path / "v" / "w"):
        with pytest.raises(UserError, match="no such file"):
            read_vectors(path)
        (tmp_path / "v").touch()


def test_the_first_line_allocates_nothing(tmp_path):
    # A packed file may promise a thousand times its size, so the size tells nothing.
    content = b"100000 300\n" + b"a" + b" 1" * 300 + b"\n"
    packed = gzip.compress(content + bytes(10**8), 9)
    tracemalloc.start()
    with pytest.raises(UserError, match="line 3"):
        _read(tmp_path, packed)
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


def test_reading_needs_little_more_than_the_vectors(tmp_path):
    vectors = make_random(4000, 200)
    for write in WRITERS:
        write(vectors, tmp_path / "v")
        tracemalloc.start()
        read_vectors(tmp_path / "v")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1.6 * vectors.matrix.nbytes + 2_000_000


@pytest.mark.parametrize("name", ["v", "v.gz"])
@pytest.mark.parametrize("binary", [False, True])
def test_gensim_reads_what_we_write(binary, name, tmp_path):
    KeyedVectors = pytest.importorskip("gensim.models").KeyedVectors
    for ours in (make_toy(ROWS), make_random(300, 32)):
        (write_binary if binary else write_text)(ours, tmp_path / name)
        theirs = KeyedVectors.load_word2vec_format(tmp_path / name, binary=binary)
        assert tuple(theirs.index_to_key) == ours.vocabulary.tokens
        assert np.array_equal(theirs.vectors, ours.matrix)


@pytest.mark.parametrize("name", ["v", "v.gz"])
@pytest.mark.parametrize("binary", [False, True])
def test_we_read_what_gensim_writes(binary, name, tmp_path):
    pytest.importorskip("gensim")
    for vectors in (make_toy(ROWS), make_random(300, 32), make_random(3, 1)):
        theirs = as_gensim(vectors)
        theirs.save_word2vec_format(str(tmp_path / name), binary=binary)
        ours = read_vectors(tmp_path / name)
        assert ours.vocabulary.tokens == tuple(theirs.index_to_key)
        assert np.array_equal(ours.matrix, vectors.matrix)
