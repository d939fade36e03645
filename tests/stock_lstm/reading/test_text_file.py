import gzip
import hashlib
import os
import zipfile

import pytest

from common.errors import UserError
from projects.stock_lstm.reading.text_file import find_text

TEXT = "日期,收盘\n2018-10-24,5\n"


def write(folder, content, name="x.csv"):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
    ],
)
def test_encodings_are_found(tmp_path, encoding, found):
    content = TEXT.encode(encoding)
    text = find_text(write(tmp_path, content))
    assert text.encoding == found
    assert text.certain == (found != "gb18030")
    assert text.sha256 == hashlib.sha256(content).hexdigest()
    with text.open() as handle:
        assert handle.read() == TEXT


def test_gzip_is_known_by_its_bytes(tmp_path):
    content = gzip.compress(TEXT.encode())
    text = find_text(write(tmp_path, content, "x.csv"))
    assert text.sha256 == hashlib.sha256(content).hexdigest()
    with text.open() as handle:
        assert handle.read() == TEXT


def test_an_encoding_that_is_said_is_used(tmp_path):
    path = write(tmp_path, "Eröffnung\n".encode("cp1252"))
    with find_text(path, "cp1252").open() as handle:
        assert handle.read() == "Eröffnung\n"


def refused(path, message, **said):
    with pytest.raises(UserError, match=message) as caught:
        find_text(path, **said)
    assert str(path) in str(caught.value) or said
    return str(caught.value)


def test_the_offset_of_a_strange_byte_is_told(tmp_path):
    content = b"Date,Open\n" + b"2018-10-24,5\n" * 100_000 + b"\xff\n"
    message = refused(write(tmp_path, content), "--encoding")
    assert f"offset {len(content) - 2}." in message


def test_a_cut_character_at_the_end_is_told(tmp_path):
    path = write(tmp_path, "日期".encode()[:-1])
    refused(path, "offset 3")
    refused(path, "offset 3", encoding="utf-8")


def test_what_is_no_csv_file(tmp_path):
    refused(tmp_path / "none.csv", "does not exist")
    refused(tmp_path, "a folder")
    refused(write(tmp_path, b""), "empty")
    refused(write(tmp_path, b" \r\n\n"), "empty")
    refused(write(tmp_path, gzip.compress(b"")), "empty")
    refused(write(tmp_path, b"Date,Open\n\0\0\1"), "NUL")
    refused(write(tmp_path, TEXT.encode("utf-16-le")), "NUL.*--encoding utf-16-le")
    refused(write(tmp_path, b"\xd0\xcf\x11\xe0 ole"), "xls.*as CSV")
    refused(write(tmp_path, b"\n<!DOCTYPE html><p>No such file"), "HTML page")
    refused(write(tmp_path, b"1," * (1 << 20)), "a line of more than 1 MB")


def test_a_spreadsheet_is_told_to_be_exported(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    refused(tmp_path / "x.xlsx", r"\.xlsx or \.zip.*CSV")


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "regular file")


@pytest.mark.parametrize("keep", [12, 60, -4])
def test_a_truncated_gzip_file(tmp_path, keep):
    content = gzip.compress(bytes(range(33, 120)) * 50)
    refused(write(tmp_path, content[:keep]), "cut short or damaged")


def test_a_damaged_gzip_file(tmp_path):
    content = bytearray(gzip.compress(TEXT.encode() * 1000))
    content[20:40] = bytes(20)
    refused(write(tmp_path, bytes(content)), "cut short or damaged")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(tmp_path):
    path = write(tmp_path, TEXT.encode())
    path.chmod(0)
    refused(path, "permission denied")


@pytest.mark.parametrize("name", ["klingon", "base64", "\0"])
def test_unknown_encodings(tmp_path, name):
    refused(write(tmp_path, b"a,b\n"), "--encoding", encoding=name)
