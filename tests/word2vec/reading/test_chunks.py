"""A corpus as chunks: the same words however they are stored, progress, refusals."""

import bz2
import collections
import gzip
import hashlib
import itertools
import lzma
import os
import subprocess
import sys
import zipfile

import pytest

from common.errors import UserError
from projects.word2vec.reading import chunks, files
from projects.word2vec.reading.chunks import Chunk, read_chunks

LINES = "the quick brown fox\njumps over\n\nthe lazy dog\n"


def write(folder, content, name="x.txt"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(corpus, **options):
    reading = read_chunks(str(corpus), **options)
    words, borders = [], []
    for chunk in reading:
        assert chunk.tokens
        borders += [len(words) + start for start in chunk.starts]
        words += chunk.tokens
    ends = [*borders[1:], len(words)]
    found = [" ".join(words[a:b]) for a, b in zip(borders, ends, strict=True)]
    return found, reading


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_packed_text_is_the_same_text(tmp_path, pack):
    path = write(tmp_path, pack(LINES.encode()))
    found, reading = read(path)
    assert found == ["the quick brown fox", "jumps over", "the lazy dog"]
    assert reading.tokenizer == "blanks"
    assert reading.notes == [
        "tokenizer blanks: the text has neither capitals nor full stops"
    ]
    assert reading.sha256 == hashlib.sha256(LINES.encode()).hexdigest()
    assert reading.done == reading.total == path.stat().st_size
    assert reading.description == str(path)


def test_several_texts_follow_each_other(tmp_path):
    (tmp_path / "folder").mkdir()
    write(tmp_path, "no line end", "folder/a")
    write(tmp_path, "", "folder/b")
    with zipfile.ZipFile(tmp_path / "folder/c.zip", "w") as archive:
        archive.writestr("1", "one")
        archive.writestr("2", "two words")
    found, reading = read(tmp_path / "folder")
    assert found == ["no line end", "one", "two words"]
    joined = b"no line end\0\0one\0two words"
    assert reading.sha256 == hashlib.sha256(joined).hexdigest()
    assert reading.done == reading.total
    assert reading.description == f"3 files of {tmp_path / 'folder'}"


def test_blocks_do_not_show(tmp_path, monkeypatch):
    text = "Grüße an alle. Ein Satz über\nZeilen! 春眠不覺曉\n\n" * 20
    path = write(tmp_path, text)
    whole, reading = read(path, tokenizer="words")
    assert len(whole) == 60
    for size in (1, 2, 3, 7, 100):
        monkeypatch.setattr(files, "BLOCK", size)
        assert read(path, tokenizer="words")[0] == whole
        assert read(path, tokenizer="words")[1].sha256 == reading.sha256


def test_a_reading_can_be_repeated(tmp_path):
    reading = read_chunks(str(write(tmp_path, LINES)))
    first = [chunk.tokens for chunk in reading]
    state = (reading.sha256, reading.done, list(reading.notes))
    assert [chunk.tokens for chunk in reading] == first
    assert (reading.sha256, reading.done, reading.notes) == state


def test_progress_grows_block_by_block(tmp_path):
    path = write(tmp_path, "some words " * 200_000)
    reading = read_chunks(str(path))
    done = [reading.done for _ in reading]
    assert len(done) >= 4 and done == sorted(done)
    assert 0 < done[0] < done[-1] == reading.total == 2_200_000


def test_the_identity_changes_with_the_file(tmp_path):
    path = write(tmp_path, "a")
    os.utime(path, (1, 1))
    first = read_chunks(str(path)).identity
    assert read_chunks(str(path), tokenizer="words").identity == first
    write(tmp_path, "bb")
    os.utime(path, (1, 1))
    second = read_chunks(str(path)).identity
    os.utime(path, (1, 2))
    assert len({first, second, read_chunks(str(path)).identity}) == 3


def test_the_first_text_decides_for_all(tmp_path):
    write(tmp_path, "   \n\n", "a")
    write(tmp_path, "人之初，性本善。", "b")
    write(tmp_path, "Capitals. And stops.", "c")
    found, reading = read(tmp_path)
    assert reading.tokenizer == "characters"
    assert found == ["人 之 初", "性 本 善", "capitals", "and stops"]


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_encodings_are_no_words(tmp_path, mark):
    assert read(write(tmp_path, "first word".encode(mark)))[0] == ["first word"]


def test_another_encoding_is_read_and_its_absence_told(tmp_path):
    path = write(tmp_path, "春眠不覺曉，處處聞啼鳥。".encode("gb18030"))
    assert read(path, encoding="gb18030")[0] == ["春 眠 不 覺 曉", "處 處 聞 啼 鳥"]
    with pytest.raises(UserError, match=r"utf-8 text expected in .*x\.txt.*offset 0\."):
        read(path)
    with pytest.raises(UserError, match="Received: 'klingon'"):
        read_chunks(str(path), encoding="klingon")


def test_a_strange_byte_far_in_is_told_with_its_place(tmp_path):
    place = 3 * files.BLOCK + 5
    path = write(tmp_path, b"w " * (place // 2) + b"\xff" * 9)
    with pytest.raises(UserError, match=rf"offset {place - place % 2}\."):
        read(path)


@pytest.mark.parametrize(
    ("content", "tokenizer"),
    [
        (b"", "auto"),
        (b" \n\t\r\n", "auto"),
        (gzip.compress(b""), "auto"),
        (b" \n\t\r\n", "blanks"),
        (b"... !!! ---", "words"),
    ],
)
def test_a_corpus_without_words_is_told(tmp_path, content, tokenizer):
    path = write(tmp_path, content)
    with pytest.raises(UserError) as caught:
        read(path, tokenizer=tokenizer)
    message = f"Words expected in {path}. Received: none in {len(content)} bytes."
    assert str(caught.value).startswith(message)


def test_binary_members_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("good", "words")
        archive.writestr("bad", b"a\0b")
    with pytest.raises(UserError, match=r"x\.zip: bad\. Received: a NUL byte.*set 1"):
        read(tmp_path / "x.zip")


def test_a_file_that_grows_is_told(tmp_path):
    path = write(tmp_path, "some words " * 200_000)
    os.utime(path, (1, 1))
    reading = iter(read_chunks(str(path)))
    assert len(next(reading).tokens) > 1000
    write(tmp_path, "shorter")
    with pytest.raises(UserError, match="changed while it was read"):
        collections.deque(reading, maxlen=0)


def test_what_is_not_there_is_told_before_reading(tmp_path, monkeypatch):
    with pytest.raises(UserError, match="which does not exist"):
        read_chunks(str(tmp_path / "none"))
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(UserError, match="rjieba expected"):
        read_chunks(str(write(tmp_path, "春")), tokenizer="segment")


class Made:
    """A documentation that is read in no time."""

    size, identity, notes = 7, ("numpy: made up",), ["a note"]

    def read(self):
        yield "Some prose. It ends", 3
        yield "another sentence.", 7


def test_the_documentation_is_a_corpus(monkeypatch):
    monkeypatch.setattr(chunks, "Documentation", Made)
    found, reading = read("docs")
    assert found == ["some prose", "it ends", "another sentence"]
    assert (reading.tokenizer, reading.notes) == ("words", ["a note"])
    assert (reading.done, reading.total, reading.identity) == (7, 7, Made.identity)
    text = b"Some prose. It endsanother sentence."
    assert reading.sha256 == hashlib.sha256(text).hexdigest()


GIANT = """
import re, sys
from pathlib import Path
from projects.word2vec.reading.chunks import read_chunks
words = starts = longest = 0
for chunk in read_chunks(sys.argv[1]):
    words += len(chunk.tokens)
    starts += len(chunk.starts)
    longest = max(longest, len(chunk.tokens))
# Not ru_maxrss, which begins with that of whoever started the process.
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1] if status.exists() else 0
print(words, starts, longest, peak)
"""


def test_a_line_of_100_megabytes_takes_little_memory(tmp_path):
    path = tmp_path / "giant.txt"
    with path.open("wb") as file:
        file.writelines(itertools.repeat(b"a hundred megabytes ", 5_000_000))
    command = [sys.executable, "-c", GIANT, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words, starts, longest, kilobytes = map(int, told.split())
    assert (words, starts) == (15_000_000, 1)
    assert longest < 100_000
    assert kilobytes < 100_000


def test_real_texts_are_recognized(mirror):
    expected = {
        "text/zhwiki_segmented.txt.xz": ("blanks", "东 富山 站 是 隶属于"),
        "poems/tang_5_7.txt.xz": ("characters", "秦 川 雄 帝 宅 函"),
        "text/wiki8.txt.xz": ("blanks", "gustave borgnis desbordes"),
    }
    for name, (tokenizer, beginning) in expected.items():
        reading = read_chunks(str(mirror / name))
        chunk = next(iter(reading))
        assert isinstance(chunk, Chunk) and reading.tokenizer == tokenizer
        assert " ".join(chunk.tokens[:6]).startswith(beginning)
