"""The program: from a raw table to files that train.py reads."""

import json

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.pairs.reading import read_pairs, read_references
from projects.couplet.prepare import main

_CHARS = [chr(code) for code in range(ord("一"), ord("一") + 60)]


@pytest.fixture
def table(tmp_path):
    generator = np.random.default_rng(0)
    rows = ["\t".join(" ".join(generator.choice(_CHARS, 3)) for _ in "ab")] * 2
    rows += [
        "\t".join(" ".join(generator.choice(_CHARS, 4)) for _ in "ab")
        for _ in range(60)
    ]
    path = tmp_path / "raw.tsv"
    path.write_text("\n".join([*rows, "春风\t秋", "坏人来了\t好人去了", "孤"]) + "\n")
    return path


def test_files_and_report_are_written(tmp_path, table, capsys):
    words, folder = tmp_path / "words.txt", tmp_path / "new" / "folder"
    words.write_text("坏人\n")
    options = ["--output", str(folder), "--bad-words", str(words)]
    assert main([str(table), *options, "--valid", "5", "--test", "7"]) == 0
    sizes = {
        part: len(read_pairs(folder / f"{part}.tsv.xz"))
        for part in ("train", "valid", "test")
    }
    assert sizes == {"train": 49, "valid": 5, "test": 7}
    assert len(read_references(folder / "test_refs.tsv.xz")) == 7
    metrics = json.loads((folder / "metrics.json").read_text())
    faults = {"duplicate": 1, "unequal length": 1, "bad word": 1, "not two columns": 1}
    assert metrics["dropped"] == {"train": faults}
    report, printed = (folder / "report.md").read_text(), capsys.readouterr().out
    assert "| train | bad word | 1 |" in report
    assert "49 pairs for training" in report
    assert "49 pairs for training" in printed


def test_the_same_input_gives_the_same_files(tmp_path, table):
    options = ["--valid", "5", "--test", "7"]
    for name in ("one", "two"):
        main([str(table), "--output", str(tmp_path / name), *options])
    for path in (tmp_path / "one").glob("*.xz"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_only_overwrite_replaces(tmp_path, table):
    folder = tmp_path / "out"
    command = [str(table), "--output", str(folder), "--valid", "5", "--test"]
    main([*command, "7"])
    with pytest.raises(UserError, match="--overwrite"):
        main([*command, "8"])
    assert len(read_pairs(folder / "test.tsv.xz")) == 7
    main([*command, "8", "--overwrite"])
    assert len(read_pairs(folder / "test.tsv.xz")) == 8
    # One that fails leaves what is there as it was.
    with pytest.raises(UserError, match="Hold back less"):
        main([*command, "99", "--overwrite"])
    assert len(read_pairs(folder / "test.tsv.xz")) == 8
    assert (folder / "report.md").exists()


def test_nothing_to_prepare_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_PROJECTS_DATA", str(tmp_path))
    with pytest.raises(UserError, match="couplet.tar.gz"):
        main([])
    with pytest.raises(UserError, match="Name another"):
        main([str(tmp_path / "absent.tar.gz")])
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="which is a file"):
        main(["pairs.tsv", "--output", str(tmp_path / "file"), "--overwrite"])
