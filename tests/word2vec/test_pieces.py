import hashlib
import random
import re

import pytest

from common.errors import UserError
from projects.word2vec import pieces
from projects.word2vec.encoding import NO_WORD
from projects.word2vec.pieces import cut, hash_texts, read_piece
from projects.word2vec.reading.chunks import read_chunks

# What may stand where a text is cut: borders of sentences, blanks beyond ASCII.
GLUE = [" ", "  ", "\n", "\n\n", "\n \n", ". ", '." ', "! \t", ".", ", ", "\u3000",
        "\n\u3000\n", "\u2028", "\xa0", " \u3000 ", "。", "，", "。\n", "\r\n",
        " . ", "\n- ", " \ufeff", "..."]  # fmt: skip
WORDS = ["a", "don't", "snake_case", "Été", "水", "山水", "ABC", "3.14", "𝒳", "x" * 120]


def _text(seed, length=400, encoding="utf-8"):
    rng = random.Random(seed)
    words = (rng.choice(WORDS) + rng.choice(GLUE) for _ in range(length))
    return "".join(words).encode(encoding, errors="ignore")


def _words_and_borders(chunks):
    """Return pairs of a word and whether it begins a sentence."""
    result, waiting = [], False
    for chunk in chunks:
        starts = set(chunk.starts)
        for position, token in enumerate(chunk.tokens):
            waiting = waiting or position in starts
            if token != NO_WORD:
                result.append((token, waiting))
                waiting = False
    return result


def _read(pieces, tokenizer):
    return _words_and_borders(
        chunk for piece in pieces for chunk in read_piece(piece, tokenizer)
    )


@pytest.mark.parametrize("tokenizer", ["words", "blanks", "characters"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_pieces_have_the_words_of_the_whole(tokenizer, encoding, tmp_path):
    path = tmp_path / "text.txt"
    for seed in range(15):
        path.write_bytes(_text(seed, encoding=encoding))
        whole = read_chunks(str(path), tokenizer=tokenizer, encoding=encoding)
        expected = _words_and_borders(whole)
        for length in (1, 50, 701):
            found = cut(path, encoding, length)
            assert len(found) > 5 - (length > 700) * 3
            assert found[0].begin == 0
            assert found[-1].end == path.stat().st_size
            assert [p.end for p in found[:-1]] == [p.begin for p in found[1:]]
            assert all(p.end - p.begin >= length for p in found[:-1])
            assert _read(found, tokenizer) == expected


def test_blocks_within_a_piece_join_up(tmp_path, monkeypatch):
    path = tmp_path / "text.txt"
    path.write_bytes(_text(seed=5))
    expected = _words_and_borders(read_chunks(str(path), tokenizer="words"))
    monkeypatch.setattr(pieces, "BLOCK", 3)
    assert _read(cut(path, "utf-8", 100), "words") == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "big5"])
def test_what_cannot_be_cut_is_one_piece(encoding, tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("one two 水. three\n".encode(encoding) * 1)
    found = cut(path, encoding, 1)
    if encoding == "utf-8-sig":  # the mark says that it is UTF-8
        assert len(found) == 4
    else:
        assert len(found) == 1
    assert _read(found, "words") == _words_and_borders(
        read_chunks(str(path), tokenizer="words", encoding=encoding)
    )


def test_a_text_without_blanks_is_one_piece(tmp_path):
    (tmp_path / "text.txt").write_text("山水。" * 99)
    assert len(cut(tmp_path / "text.txt", "utf-8", 10)) == 1


@pytest.mark.parametrize("suffix", ["gz", "xz", "zip"])
def test_an_archive_is_one_piece(suffix, tmp_path):
    text = _text(seed=1)
    path = write_archive(tmp_path / f"text.{suffix}", text)
    found = cut(path, "utf-8", 10)
    assert len(found) == 1
    plain = tmp_path / "plain.txt"
    plain.write_bytes(text)
    expected = _words_and_borders(read_chunks(str(plain), tokenizer="words"))
    assert _read(found, "words") == expected


def write_archive(path, text):
    import gzip
    import lzma
    import zipfile

    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("text.txt", text)
    else:
        packer = {".gz": gzip, ".xz": lzma}[path.suffix]
        path.write_bytes(packer.compress(text))
    return path


def test_the_hash_is_that_of_reading(tmp_path):
    (tmp_path / "a.txt").write_bytes(_text(seed=1))
    (tmp_path / "b.txt").write_bytes(b"")
    write_archive(tmp_path / "c.zip", b"in a zip")
    (tmp_path / "d.txt").write_bytes(b"last")
    files = sorted(tmp_path.iterdir())
    reading = read_chunks(str(tmp_path), tokenizer="words")
    list(reading)
    assert hash_texts(files) == reading.sha256
    assert hash_texts(files[:1]) == hashlib.sha256(files[0].read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"\xff", "at offset 1234"),
        (b"\0", "NUL byte at or after offset 1234"),
    ],
)
def test_errors_name_the_place_in_the_file(bad, message, tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes((b"word " * 1000)[:1234] + bad + b" word" * 300)
    whole = read_chunks(str(path), tokenizer="words")
    for read in (lambda: list(whole), lambda: _read(cut(path, "utf-8", 99), "words")):
        with pytest.raises(UserError, match=re.escape(f"{path}. Received: ")) as error:
            read()
        assert message in str(error.value)


def test_a_piece_may_begin_like_another_kind_of_file(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"a b %PDF Rar! c " * 9)
    expected = _words_and_borders(read_chunks(str(path), tokenizer="words"))
    assert _read(cut(path, "utf-8", 1), "words") == expected


def test_a_file_that_changes_is_refused(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"some words " * 99)
    found = cut(path, "utf-8", 100)
    chunks = read_piece(found[1], "words")
    next(chunks)
    path.write_bytes(b"same size! " * 99)
    with pytest.raises(UserError, match="text.txt, which is gone or has changed"):
        list(chunks)
    path.unlink()
    with pytest.raises(UserError, match="text.txt, which is gone or has changed"):
        list(read_piece(found[1], "words"))
