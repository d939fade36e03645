"""Pairs to learn from: public, own, in a file or a folder; and what is none."""

import hashlib
import lzma

import pytest

from common.errors import UserError
from projects.couplet.pairs import data
from projects.couplet.pairs.data import load_split
from projects.couplet.prepare import main as prepare
from tests.couplet.toy_couplets import draw_pairs

FIRST, SECOND = draw_pairs(400)
ROWS = [f"{a}\t{b}\n" for a, b in zip(FIRST, SECOND, strict=True)]


def write(path, rows=ROWS):
    path.write_text("".join(rows), encoding="utf-8")
    return path


def pairs_of(part):
    return list(zip(part.first, part.second, strict=True))


def test_a_file_is_split_so_that_no_line_stands_in_two_parts(tmp_path):
    rows = [*ROWS, *ROWS[:50], *(f"{a}\t{b[::-1]}\n" for a, b in zip(FIRST, SECOND))]  # noqa: B905
    path = write(tmp_path / "mine.tsv", rows)
    split = load_split(str(path))
    parts = {
        name: pairs_of(getattr(split, name)) for name in ("train", "valid", "test")
    }
    different = len(set(rows))
    assert len(parts["valid"]) == len(parts["test"]) == round(different / 20)
    lines = {name: {x for p in pairs for x in p} for name, pairs in parts.items()}
    assert not lines["train"] & (lines["valid"] | lines["test"])
    assert len(parts["train"]) > 0.7 * different
    together = [pair for pairs in parts.values() for pair in pairs]
    assert len(set(together)) == len(together)
    assert {f"{a}\t{b}\n" for a, b in together} <= set(rows)
    assert split.train.name == "mine.tsv:train"
    assert split.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    again = load_split(str(path))
    assert again == split


def test_a_limit_is_for_what_is_learned_alone(tmp_path):
    path = write(tmp_path / "mine.tsv")
    whole, part = load_split(str(path)), load_split(str(path), limit=7)
    assert pairs_of(part.train) == pairs_of(whole.train)[:7]
    assert (part.valid, part.test) == (whole.valid, whole.test)


def test_few_pairs_are_enough_and_fewer_are_told(tmp_path):
    split = load_split(str(write(tmp_path / "few.tsv", ROWS[:5])))
    assert [len(p) for p in (split.train, split.valid, split.test)] == [3, 1, 1]
    for rows in (ROWS[:1], ROWS[:2], ROWS[:1] * 100):
        path = write(tmp_path / "fewer.tsv", rows)
        with pytest.raises(UserError, match="Expected more pairs in .*fewer.tsv"):
            load_split(str(path))


def write_folder(folder, **rows):
    folder.mkdir()
    for name, own in rows.items():
        write(folder / f"{name}.tsv", own)
    return folder


def test_a_folder_is_taken_as_it_is(tmp_path):
    folder = write_folder(
        tmp_path / "mine",
        train=ROWS[:9],
        valid=ROWS[9:12],
        test=ROWS[12:14],
        test_refs=ROWS,
    )
    split = load_split(str(folder), limit=4)
    assert [len(p) for p in (split.train, split.valid, split.test)] == [4, 3, 2]
    assert pairs_of(split.valid) == pairs_of(load_split(str(folder)).valid)
    content = b"".join((folder / f"{p}.tsv").read_bytes() for p in data._PARTS)
    assert split.sha256 == hashlib.sha256(content).hexdigest()


def test_a_folder_that_lacks_a_part_or_has_it_twice_is_told(tmp_path):
    folder = write_folder(tmp_path / "mine", train=ROWS, valid=ROWS)
    with pytest.raises(UserError, match="one file test.tsv.xz .*Received: none"):
        load_split(str(folder))
    write(folder / "test.tsv")
    write(folder / "test.csv")
    with pytest.raises(UserError, match="Received: test.csv and test.tsv"):
        load_split(str(folder))


def test_what_prepare_writes_is_read_by_name_and_as_couplets(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    path, cache = write(tmp_path / "raw.tsv"), tmp_path / "cache"
    output = cache / "prepared_couplets"
    cache.mkdir()
    options = ["--valid", "20", "--test", "30", "--output", str(output)]
    assert prepare([str(path), *options]) == 0
    named, known = load_split(str(output)), load_split("couplets", cache)
    assert named == known
    assert len(known.valid) == 20 and len(known.test) == 30
    (output / "report.md").unlink()  # as if it had been killed
    with pytest.raises(UserError, match="prepare.py"):
        load_split("couplets", cache)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("天风\t地雨\n天风日\t地雨\n", "line 2 of .*3 and 2 characters"),
        ("天风\t地雨\n\n天风\n", "two columns in line 3"),
        ("天风\t地雨\n\t地雨\n", "line 2 of .*an empty first one"),
        ("", "Received: none"),
    ],
)
def test_a_line_that_is_no_pair_is_named(content, word, tmp_path):
    path = tmp_path / "bad.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=word):
        load_split(str(path))


def test_a_bad_line_in_a_part_is_named(tmp_path):
    rows = [*ROWS[:3], "天\t地雨\n"]
    folder = write_folder(tmp_path / "mine", train=ROWS, valid=rows, test=ROWS)
    with pytest.raises(UserError, match=r"line 4 of .*valid.tsv"):
        load_split(str(folder))
    (folder / "valid.tsv").unlink()
    whole = lzma.compress("".join(ROWS).encode())
    (folder / "valid.tsv.xz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        load_split(str(folder))


def test_what_is_neither_file_nor_folder_is_told(tmp_path):
    expected = "couplets, sample, a file.*--data cuplets"
    with pytest.raises(UserError, match=expected) as caught:
        load_split("cuplets")
    assert "\n" not in str(caught.value)


def test_the_public_set_shares_no_line_between_its_parts(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    split = load_split("couplets", tmp_path, limit=20_000)
    assert len(split.train) == 20_000
    train = {*split.train.first, *split.train.second}
    held = {*split.valid.first, *split.valid.second, *split.test.first}
    assert not train & (held | set(split.test.second))
