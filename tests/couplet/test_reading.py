"""Pairs read from files as people have them, and errors that name the line."""

import gzip
import lzma

import pytest

from common.errors import UserError
from projects.couplet.pairs.reading import (
    read_lines,
    read_pairs,
    read_references,
    read_rows,
    write_rows,
)

TEXT = "春风\t秋雨\n风弦，未拨\t夜幕，已沉\n"
FIRST, SECOND = ["春风", "风弦，未拨"], ["秋雨", "夜幕，已沉"]


def _write(folder, data, name="pairs.tsv"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tsv", TEXT.encode()),
        ("a.txt", TEXT.rstrip().encode()),
        ("a.csv", TEXT.replace("\t", ",").encode()),
        ("quoted.csv", b'"%s","%s"\n' % ("春风".encode(), "秋雨".encode())),
        ("a.tsv.gz", gzip.compress(TEXT.encode())),
        ("a.csv.xz", lzma.compress(TEXT.replace("\t", ",").encode())),
        ("windows.tsv", TEXT.replace("\n", "\r\n").encode("utf-8-sig")),
        ("blanks.tsv", "春 风 \t秋\u3000雨\n\n \t \n风弦，未拨\t夜幕，已沉".encode()),
    ],
)
def test_pairs_are_read_from_each_kind_of_file(tmp_path, name, data):
    pairs = read_pairs(_write(tmp_path, data, name))
    assert (pairs.first, pairs.second) == (FIRST[: len(pairs)], SECOND[: len(pairs)])
    assert len(pairs) == (1 if name == "quoted.csv" else 2)
    assert pairs.name == name


def test_what_is_written_is_read(tmp_path):
    for name in ("a.tsv", "a.tsv.xz", "a.tsv.gz"):
        write_rows(tmp_path / name, list(zip(FIRST, SECOND, strict=True)))
        assert read_pairs(tmp_path / name).second == SECOND
    assert lzma.decompress((tmp_path / "a.tsv.xz").read_bytes()).decode() == TEXT


def test_only_the_first_pairs_are_read(tmp_path):
    path = _write(tmp_path, TEXT + "不成对\n")
    assert read_pairs(path, limit=2).first == FIRST


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TEXT + "只有一句\n", ["two columns", "line 3", "1"]),
        (TEXT + "一\t二\t三\n", ["two columns", "line 3", "3"]),
        ("\n" + TEXT + "一\t \n", ["line 4", "empty second"]),
        (TEXT + "\t二\n", ["line 3", "empty first"]),
        (TEXT + "明月\t清风来\n", ["same length", "line 3", "2 and 3"]),
        (TEXT.encode() + "明月\t清风\n".encode("gb18030"), ["UTF-8", "line 3"]),
        (b"", ["none"]),
    ],
)
def test_a_bad_line_is_named(tmp_path, data, words):
    path = _write(tmp_path, data)
    with pytest.raises(UserError) as error:
        read_pairs(path)
    assert all(word in str(error.value) for word in [*words, str(path)])
    assert "\n" not in str(error.value)


def test_unequal_lines_are_read_when_allowed(tmp_path):
    pairs = read_pairs(_write(tmp_path, "明月\t清风来"), allow_unequal=True)
    assert pairs.second == ["清风来"]


def test_files_that_are_none_are_refused(tmp_path):
    whole = lzma.compress(TEXT.encode() * 99)
    for path, words in [
        (tmp_path / "absent.tsv", "which is none"),
        (_write(tmp_path, TEXT, "pairs.doc"), "must end with"),
        (_write(tmp_path, whole[:-30], "cut.tsv.xz"), "damaged"),
        (_write(tmp_path, TEXT, "false.tsv.gz"), "damaged"),
        (_write(tmp_path, '"春,秋\n', "open.csv"), "comma-separated"),
    ]:
        with pytest.raises(UserError, match=words):
            list(read_rows(path))


def test_references_are_lines_with_all_answers(tmp_path):
    path = _write(tmp_path, "春风\t秋雨\t夏 日\n明月\t清风\n")
    assert read_references(path) == [("春风", ["秋雨", "夏日"]), ("明月", ["清风"])]
    with pytest.raises(UserError, match="line 2"):
        read_references(_write(tmp_path, "春风\t秋雨\n明月\n"))


def test_lines_keep_their_ends(tmp_path):
    assert list(read_lines(_write(tmp_path, "一\n二"))) == ["一\n", "二"]


def test_the_real_files_are_read(mirror):
    folder = mirror / "couplet"
    pairs = read_pairs(folder / "valid.tsv.xz")
    references = read_references(folder / "test_refs.tsv.xz")
    assert len(pairs) == 4000
    assert all(map(len, pairs.first))
    assert (len(references), sum(len(a) for _, a in references)) == (3809, 11652)
