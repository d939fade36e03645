"""What train.py learns from when nobody says it, and keeps to when it goes on."""

import json

import pytest

from common.errors import run_main
from projects.couplet import train
from projects.couplet.pairs.data import load_split
from projects.couplet.pairs.reading import write_rows
from tests.couplet.toy_couplets import draw_pairs


class Report:
    """A report of nothing."""

    def save(self, folder):
        (folder / "report.md").write_text("# Trained")

    def to_text(self, folder):
        return f"trained: {folder}"


@pytest.fixture
def learned(monkeypatch, tmp_path):
    """Let nothing be trained; return the names of what would have been learned."""
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(train, "quiet_keras", lambda: None)
    names = []

    def remember(config, run, split, tokens, command):
        names.append(split.train.name)
        return Report()

    monkeypatch.setattr(train, "_train", remember)
    return names


def run(*arguments):
    given = ["--run-dir", "run", "--data-dir", "cache", *arguments]
    return run_main(train.main, given)


def prepare(tmp_path):
    """Lay a public set into the folder of downloads."""
    folder = tmp_path / "cache" / "prepared_couplets"
    folder.mkdir(parents=True)
    rows = list(zip(*draw_pairs(80), strict=True))
    for part, some in (("train", rows[20:]), ("valid", rows[:10]), ("test", rows[10:])):
        write_rows(folder / f"{part}.tsv.xz", some)
    (folder / "report.md").write_text("# Prepared")


def saved(tmp_path):
    return json.loads((tmp_path / "run" / "config.json").read_text())


def test_without_the_public_set_it_is_the_sample(learned, tmp_path, capsys):
    assert run("--quiet") == 0
    assert learned == ["sample:train"]
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    for word in ("the sample that comes along", "prepare.py", "https://", "--data"):
        assert word in told
    found = saved(tmp_path)
    assert found["config"]["data"] == "sample"
    assert found["inputs"]["sha256"] == load_split("sample").sha256


def test_the_public_set_is_taken_where_it_is_at_hand(learned, tmp_path, capsys):
    prepare(tmp_path)
    assert run("--quiet") == 0
    assert learned == ["train.tsv.xz"] and capsys.readouterr().err == ""
    assert saved(tmp_path)["config"]["data"] == "couplets"


def test_who_names_the_sample_is_told_nothing(learned, tmp_path, capsys):
    prepare(tmp_path)
    assert run("--data", "sample", "--quiet") == 0
    assert learned == ["sample:train"] and capsys.readouterr().err == ""


def test_a_run_goes_on_with_what_it_began_with(learned, tmp_path, capsys):
    assert run("--limit", "500", "--quiet") == 0
    (tmp_path / "run" / "report.md").unlink()  # as if it had been killed
    prepare(tmp_path)
    assert run("--resume", "--data", "couplets") == 2
    assert "--data must be sample" in capsys.readouterr().err
    assert run("--resume", "--quiet") == 0
    assert learned == ["sample:train"] * 2
    assert saved(tmp_path)["config"]["data"] == "sample"
