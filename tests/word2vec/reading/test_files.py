"""Files are found in a fixed order and unpacked in constant memory."""

import bz2
import gzip
import lzma
import os
import shutil
import tracemalloc
import zipfile

import pytest

from common.errors import UserError
from projects.word2vec.reading import files
from projects.word2vec.reading.files import find_files, read_blocks

TEXT = b"the quick brown fox\n" * 50_000  # 1 MB: two blocks
PACKERS = {"txt": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def write(folder, name, content=b"x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def make_zip(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_folder_gives_all_its_files_but_hidden_ones(tmp_path):
    for name in ("b.txt", "a/2.txt", "a/1.gz", ".hidden", ".git/x", "wiki_00"):
        write(tmp_path, name)
    found = [str(path.relative_to(tmp_path)) for path in find_files(str(tmp_path))]
    assert found == ["a/1.gz", "a/2.txt", "b.txt", "wiki_00"]


def test_a_pattern_gives_what_it_matches(tmp_path):
    for name in ("b.txt", "a/2.txt", "a/1.gz", "z[1].txt"):
        write(tmp_path, name)
    found = find_files(f"{tmp_path}/**/*.txt")
    names = [str(path.relative_to(tmp_path)) for path in found]
    assert names == ["a/2.txt", "b.txt", "z[1].txt"]
    assert find_files(f"{tmp_path}/z[1].txt") == [tmp_path / "z[1].txt"]


def test_the_home_folder_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    path = write(tmp_path, "a.txt")
    assert find_files("~/a.txt") == [path]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.txt", "does not exist"),
        ("*.txt", "does not exist"),
        ("folder", "a folder without files"),
        ("pipe", "no regular file"),
        ("x" * 5000, "does not exist"),
        ("a\0b", "does not exist"),
    ],
)
def test_nothing_to_read_is_told(tmp_path, name, reason):
    write(tmp_path, "folder/.hidden")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match=reason):
        find_files(f"{tmp_path}/{name}")


@pytest.mark.parametrize("kind", PACKERS)
def test_files_are_unpacked_by_their_content_not_their_name(tmp_path, kind):
    path = write(tmp_path, "any.name", PACKERS[kind](TEXT))
    blocks = list(read_blocks(path))
    assert b"".join(block.data for block in blocks) == TEXT
    assert [len(block.data) for block in blocks[:-2]] == [files.BLOCK]
    assert blocks[-1].data == b"" and blocks[-1].position == path.stat().st_size
    assert {block.name for block in blocks} == {str(path)}
    positions = [block.position for block in blocks]
    assert positions == sorted(positions) and positions[0] > 0


def test_an_empty_file_is_one_empty_block(tmp_path):
    path = write(tmp_path, "empty")
    path.write_bytes(b"")
    assert list(read_blocks(path)) == [(str(path), b"", 0)]


def test_the_members_of_an_archive_follow_each_other(tmp_path):
    members = {
        "b.txt": b"two",
        "folder/": b"",
        "./folder/a": b"",
        "__MACOSX/._b": b"no",
    }
    path = make_zip(tmp_path / "x.zip", members | {".DS_Store": b"no", "c": b"three"})
    blocks = [(block.name, block.data) for block in read_blocks(path)]
    assert blocks == [
        (f"{path}: b.txt", b"two"),
        (f"{path}: b.txt", b""),
        (f"{path}: ./folder/a", b""),
        (f"{path}: c", b"three"),
        (f"{path}: c", b""),
    ]


def test_hostile_names_reach_neither_the_disk_nor_the_terminal(tmp_path, monkeypatch):
    inside = tmp_path / "deep" / "inside"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    names = ("a/../../../evil.txt", "/tmp/evil.txt", "\x1b[31mred.txt")
    path = make_zip(inside / "x.zip", dict.fromkeys(names, b"text"))
    blocks = list(read_blocks(path))
    assert [block.data for block in blocks[::2]] == [b"text"] * 3
    assert "\x1b" not in blocks[-1].name
    assert sorted(tmp_path.rglob("*.txt")) == []


def test_a_bomb_takes_no_memory(tmp_path):
    bomb = make_zip(tmp_path / "x.zip", {"a": bytes(100_000_000)})
    assert bomb.stat().st_size < 200_000
    tracemalloc.start()
    size = sum(len(block.data) for block in read_blocks(bomb))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 100_000_000
    assert peak < 20 * files.BLOCK


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz"])
@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_archive_is_told(tmp_path, kind, damage):
    content = bytearray(PACKERS[kind](os.urandom(50_000)))
    if damage == "cut":
        del content[-20:]
    else:
        content[20_000:20_100] = bytes(100)
    path = write(tmp_path, "x.txt", content)
    with pytest.raises(UserError, match=r"x\.txt, which is cut short or damaged"):
        list(read_blocks(path))


@pytest.mark.parametrize("end", [2000, -10])
def test_a_zip_file_that_is_cut_short_is_told(tmp_path, end):
    path = make_zip(tmp_path / "x.zip", {"a": os.urandom(50_000)})
    path.write_bytes(path.read_bytes()[:end])
    with pytest.raises(UserError, match=r"x\.zip, which is cut short or damaged"):
        list(read_blocks(path))


def test_every_flipped_byte_of_a_zip_file_is_text_or_one_line(tmp_path):
    path = make_zip(tmp_path / "x.zip", {"a": b"text" * 9, "b": b"more"})
    whole = path.read_bytes()
    refused = 0
    for position in range(4, len(whole)):
        content = bytearray(whole)
        content[position] ^= 0xFF
        path.write_bytes(content)
        try:
            list(read_blocks(path))
        except UserError as error:
            refused += 1
            assert str(path) in str(error)
    assert refused > 50


def test_an_encrypted_member_is_told(tmp_path):
    path = make_zip(tmp_path / "x.zip", {"a": b"text"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # its flag in the list of members
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"x\.zip: a, which is encrypted"):
        list(read_blocks(path))


def grow(path):
    with path.open("ab") as file:
        file.write(b"more")


def replace(path):
    shutil.copyfile(path, path.with_name("new"))
    os.replace(path.with_name("new"), path)


def rewrite(path):
    path.write_bytes(path.read_bytes())


def shorten(path):
    os.truncate(path, 1000)


@pytest.mark.parametrize(
    "change", [grow, replace, rewrite, shorten, lambda path: path.unlink()]
)
@pytest.mark.parametrize("kind", ["txt", "gz"])
def test_a_file_that_changes_while_it_is_read_is_told(tmp_path, change, kind):
    path = write(tmp_path, "x", PACKERS[kind](TEXT))
    os.utime(path, (1, 1))
    blocks = read_blocks(path)
    next(blocks)
    change(path)
    with pytest.raises(UserError, match="x, which changed while it was read"):
        list(blocks)


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(UserError, match="No such file"):
        list(read_blocks(tmp_path / "gone"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path):
    path = write(tmp_path, "x")
    path.chmod(0)
    with pytest.raises(UserError, match="Permission denied"):
        list(read_blocks(path))
