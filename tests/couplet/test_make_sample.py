"""make_sample.py: a file of couplets that train.py can read, or one line why not."""

from pathlib import Path

import pytest

from common.errors import run_main
from projects.couplet import make_sample, sources, writer
from projects.couplet.pairs import data, writing
from projects.couplet.pairs.reading import read_pairs
from projects.couplet.poems import poet
from tests.couplet.mirror_writer import MirrorWriter, answer
from tests.couplet.tiny_poet import make_poet


@pytest.fixture
def models(monkeypatch, tmp_path):
    """Put tiny models in the place of real ones, and start in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(poet.Poet, "load", lambda *_: make_poet())
    monkeypatch.setattr(writer.Writer, "load", lambda *_: MirrorWriter())
    monkeypatch.setattr(writing, "_AT_ONCE", 12)


def run(*arguments):
    return run_main(make_sample.main, [*arguments, "--quiet"])


def test_a_file_is_written_that_can_be_learned_from(models, capsys):
    assert run("--couplets", "60", "--output", "new/folder/mine.tsv.gz") == 0
    told = capsys.readouterr()
    assert told.out == "60 couplets: new/folder/mine.tsv.gz\n" and told.err == ""
    pairs = read_pairs(Path("new/folder/mine.tsv.gz"))
    assert len(pairs) == 60 and list(map(answer, pairs.first)) == pairs.second
    assert len(data.load_split("new/folder/mine.tsv.gz").train) == 54


def test_the_same_command_writes_the_same_file(models):
    for name in ("one.tsv.xz", "other.tsv.xz"):
        assert run("--couplets", "30", "--seed", "5", "--output", name) == 0
    same = [Path(name).read_bytes() for name in ("one.tsv.xz", "other.tsv.xz")]
    assert same[0] == same[1]


def test_lines_of_other_pairs_are_avoided(models):
    assert run("--couplets", "40", "--output", "old.tsv") == 0
    assert run("--couplets", "40", "--output", "new.tsv", "--avoid", "old.tsv") == 0
    old, new = (read_pairs(Path(name)) for name in ("old.tsv", "new.tsv"))
    assert not {*old.first, *old.second} & {*new.first, *new.second}


def test_lines_of_poems_and_of_pairs_are_avoided_together(models, monkeypatch):
    assert run("--couplets", "40", "--output", "old.tsv") == 0
    old = read_pairs(Path("old.tsv"))
    Path("pairs.tsv").write_text(
        "".join(f"{a}\t{answer(a)}\n" for a in old.first[:20]), encoding="utf-8"
    )
    poems = "".join(f"{a}，{a}。\n" for a in old.first[20:])
    Path("poems.txt").write_text(poems, encoding="utf-8")
    monkeypatch.setattr(sources, "find_poems", lambda cache: Path("poems.txt"))
    avoid = ["--avoid", "pairs.tsv,poems"]
    assert run("--couplets", "40", "--output", "new.tsv", *avoid) == 0
    assert not set(old.first) & set(read_pairs(Path("new.tsv")).first)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (["--output", "mine.csv"], ".tsv, .tsv.gz, .tsv.xz. Received: mine.csv"),
        (["--output", "there.tsv"], "there.tsv, which is there"),
        (["--output", "there.tsv/mine.tsv"], "there.tsv, which is a file"),
        (["--avoid", "nowhere.tsv"], "there is no nowhere.tsv"),
        (["--run-dir", "nowhere"], "lacks config.json"),
        (["--lengths", "6"], "one of 5, 7"),
        (["--couplets", "0"], "at least 1"),
    ],
)
def test_what_cannot_be_is_told_before_keras_is_loaded(
    given, word, models, monkeypatch, capsys
):
    monkeypatch.setattr(make_sample, "quiet_keras", lambda: pytest.fail("too late"))
    Path("there.tsv").write_text("天\t地\n", encoding="utf-8")
    assert run(*given) == 2
    told = capsys.readouterr().err
    assert word in told and told.count("\n") == 1
    assert [path.name for path in Path().iterdir()] == ["there.tsv"]


def test_a_poet_that_is_not_there_is_told(tmp_path, capsys):
    assert run("--poet", str(tmp_path / "no"), "--output", str(tmp_path / "a.tsv")) == 2
    assert "Expected a model of poems" in capsys.readouterr().err
