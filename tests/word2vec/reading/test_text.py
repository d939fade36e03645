"""Characters come out whole, and what is no text is refused with its place."""

import codecs

import pytest

from common.errors import UserError
from projects.word2vec.reading.text import TextDecoder, check_encoding

TEXT = "Grüße, 春眠不覺曉。\n𠀀 end"


def decode(content, encoding="utf-8", size=7):
    """Decode in small blocks, so that characters are cut."""
    blocks = [content[start : start + size] for start in range(0, len(content), size)]
    decoder = TextDecoder("x.txt", content[:600], check_encoding(encoding))
    return "".join(decoder.decode(block) for block in (*blocks, b""))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-32-be"])
def test_characters_that_are_cut_come_out_whole(encoding, size):
    assert decode(TEXT.encode(encoding), encoding, size) == TEXT


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("said", ["utf-8", "gb18030"])
def test_a_byte_order_mark_outweighs_what_is_said(mark, encoding, said):
    assert decode(mark + TEXT.encode(encoding), said) == TEXT


def test_bytes_of_one_size_are_decoded():
    assert decode("Grüße".encode("cp1252"), "cp1252") == "Grüße"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("before", [0, 1, 6, 7, 50])
@pytest.mark.parametrize("size", [7, 1000])
def test_the_offset_of_a_strange_byte_is_told(mark, before, size):
    content = mark + "春".encode() * before + b"abc\xff\xfe rest of it"
    place = len(mark) + 3 * before + 3
    with pytest.raises(UserError) as caught:
        decode(content, size=size)
    message = str(caught.value)
    assert message.startswith("utf-8 text expected in x.txt. Received: another byte")
    assert f"offset {place}. " in message and "--encoding gb18030" in message


def test_a_character_cut_by_the_end_is_told():
    with pytest.raises(UserError, match=r"another byte at offset 3\."):
        decode("春眠".encode()[:-1])
    with pytest.raises(UserError, match="utf-16-le text expected"):
        decode(codecs.BOM_UTF16_LE + b"a\0b")


def test_the_wrong_encoding_is_told():
    with pytest.raises(UserError, match="gb18030 text expected"):
        decode(b"\xff" + "春".encode(), "gb18030")


@pytest.mark.parametrize("size", [7, 1000])
def test_binary_files_are_told(size):
    with pytest.raises(UserError, match=r"NUL byte at or after offset 20: a binary"):
        decode(b"twenty bytes of text\0 and more", size=size)
    with pytest.raises(UserError, match=r"NUL byte.*offset 1: .*--encoding utf-16-le"):
        decode("UTF-16 without its mark".encode("utf-16-le"), size=size)
    with pytest.raises(UserError, match=r"NUL byte"):
        decode(b"\xff\xd8\xff\xe0\0\x10JFIF", size=1000)  # not "wrong encoding"
    with pytest.raises(UserError, match=r"NUL byte"):
        decode(codecs.BOM_UTF16_LE + b"a\0\0\0b\0", size=size)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7", "a PDF file"),
        (b"\x28\xb5\x2f\xfd", "a .zst archive"),
        (b"7z\xbc\xaf\x27\x1c", "a .7z archive"),
        (b"Rar!\x1a\x07", "a .rar archive"),
        (bytes(257) + b"ustar", "a tar archive"),
    ],
)
def test_other_kinds_of_files_are_named(start, kind):
    with pytest.raises(UserError, match=rf"Received: {kind}\. Unpack it"):
        decode(start + b" and so on" * 9, size=1000)


@pytest.mark.parametrize("name", ["klingon", "base64", "\0", "", "rot13", "undefined"])
def test_unknown_encodings_are_told(name):
    with pytest.raises(UserError, match="--encoding"):
        decode(b"text", name)


def test_encodings_have_one_name():
    assert check_encoding("UTF8") == "utf-8"
    assert check_encoding("GBK") == "gbk"
