"""Collections as they are published, and damaged ones."""

import io
import tarfile

import pytest

from common.errors import UserError
from projects.couplet.pairs.release import read_release

FIRST, SECOND = "春 风\n明 月 \n", "秋 雨\n清 风 \n"
ROWS = [["春风", "秋雨"], ["明月", "清风"]]
SIDES = {"in.txt": FIRST, "out.txt": SECOND}


def _archive(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            member = tarfile.TarInfo(f"couplet/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def _read(path):
    return {
        part: [["".join(cell.split()) for cell in row] for row in rows]
        for part, rows in read_release(path).items()
    }


def _files(*parts):
    return {f"{part}/{side}": text for part in parts for side, text in SIDES.items()}


def test_archives_are_read(tmp_path):
    both = _archive(tmp_path / "a.tar.gz", _files("train", "test") | {"vocabs": "春"})
    assert _read(both) == {"train": ROWS, "test": ROWS}
    one = _archive(tmp_path / "b.tgz", _files("train"))
    assert _read(one) == {"train": ROWS}


@pytest.mark.parametrize("parts", [[""], ["train"], ["train", "test"]])
def test_folders_are_read(tmp_path, parts):
    for part in parts:
        (tmp_path / part).mkdir(exist_ok=True)
        for side, text in SIDES.items():
            (tmp_path / part / side).write_text(text)
    assert _read(tmp_path) == dict.fromkeys([p or "train" for p in parts], ROWS)


def test_tables_are_read_and_not_judged(tmp_path):
    (tmp_path / "pairs.csv").write_text("春风,秋雨\n明月\n")
    assert _read(tmp_path / "pairs.csv") == {"train": [["春风", "秋雨"], ["明月"]]}


def test_what_is_no_collection_is_refused(tmp_path):
    broken = _archive(tmp_path / "broken.tar.gz", _files("train"))
    broken.write_bytes(broken.read_bytes()[:60])
    (tmp_path / "text.tar").write_text("no archive")
    (tmp_path / "empty").mkdir()
    foreign = _files("train") | {"train/in.txt": FIRST.encode("gb18030")}
    for path, words in [
        (broken, "damaged"),
        (tmp_path / "text.tar", "damaged"),
        (tmp_path / "absent.tar.gz", "Name another"),
        (tmp_path / "absent.tsv", "which is none"),
        (tmp_path / "empty", "Name another"),
        (_archive(tmp_path / "other.tar.gz", {"train/in.txt": FIRST}), "Name another"),
        (_archive(tmp_path / "gb.tar.gz", foreign), "UTF-8 in train/in.txt"),
    ]:
        with pytest.raises(UserError, match=words):
            _read(path)


def test_sides_of_different_lengths_are_refused(tmp_path):
    files = {"train/in.txt": FIRST, "train/out.txt": SECOND + "多 了\n"}
    with pytest.raises(UserError, match="as many lines"):
        _read(_archive(tmp_path / "a.tar.gz", files))
