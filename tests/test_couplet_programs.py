"""train.py of couplets as people start it: by path, from another folder."""

import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from common.errors import run_main
from projects.couplet import train as train_program
from projects.couplet.network.translator import Translator
from tests.conftest import REPOSITORY
from tests.couplet.toy_couplets import answer, draw_pairs

PROGRAMS = REPOSITORY / "projects" / "couplet"
SMALL = "--preset quick --units 16 --embedding-dim 16 --encoder-layers 1".split()
SMALL += "--decoder-layers 1 --epochs 3 --epoch-pairs 200 --batch-tokens 256".split()
SMALL += "--min-count 1 --bucket-width 8 --learning-rate 0.03".split()


def run(program: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess:
    """Start a program in `cwd` and wait for it."""
    command = [sys.executable, str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Return a folder with pairs, where the programs are started."""
    folder = tmp_path_factory.mktemp("elsewhere")
    rows = zip(*draw_pairs(500), strict=True)
    text = "".join(f"{first}\t{second}\n" for first, second in rows)
    (folder / "mine.tsv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(place) -> tuple[Path, subprocess.CompletedProcess]:
    done = run("train.py", "--data", "mine.tsv", *SMALL, "--run-dir", "run", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "run", done


def test_training_writes_the_promised_files(trained):
    path, done = trained
    names = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    assert names >= {
        "config.json",
        "history.csv",
        "metrics.json",
        "model.json",
        "report.md",
        "vocabulary.txt",
        "weights.npz",
        "figures/learning_curves.png",
    }
    saved = json.loads((path / "config.json").read_text())
    assert saved["config"]["units"] == 16 and saved["config"]["data"] == "mine.tsv"
    assert len(saved["inputs"]["sha256"]) == 64
    assert 300 < saved["inputs"]["pairs"] <= 450
    history = pd.read_csv(path / "history.csv")
    assert history["epoch"].tolist() == [1, 2, 3]
    assert history["val_loss"].iloc[-1] < history["val_loss"].iloc[0]
    report = (path / "report.md").read_text()
    assert "perplexity of a second line of the 25 pairs" in report
    assert f"Report: {Path('run')}" in done.stdout
    assert not set("\x1b\b\r") & set(done.stdout + done.stderr)


def test_the_model_has_learned(trained):
    translator = Translator.load(trained[0])
    lines = ["天风日", "山花红"]
    sources, targets = (
        np.array([translator.tokens.encode(line) for line in each], np.int32)
        for each in (lines, map(answer, lines))
    )
    per_character = translator.log_probs(sources, targets).mean()
    assert per_character > -1 > np.log(1 / 20)


def test_a_finished_run_is_used_and_not_overwritten(trained, capsys):
    from projects.couplet import generate

    path, _ = trained
    assert run_main(generate.main, ["天风日山花", "--run-dir", str(path)]) == 0
    capsys.readouterr()
    before = (path / "weights.npz").read_bytes()
    data = ["--data", str(path.parent / "mine.tsv"), "--run-dir", str(path)]
    for options, word in (([], "--overwrite"), (["--resume"], "is finished")):
        assert run_main(train_program.main, [*data, *SMALL, *options]) == 2
        told = capsys.readouterr().err
        assert word in told and told.count("\n") == 1
    assert (path / "weights.npz").read_bytes() == before


# Starts train.py and kills it -9 while its second backup is half written.
KILLED = """
import os, runpy, sys
from common import backup

write, written = backup._write_files, []
def write_and_die(state, folder):
    if written:
        (folder / "arrays.npz").write_bytes(b"half")
        os.kill(os.getpid(), 9)
    written.append(write(state, folder))

backup._write_files = write_and_die
backup.Backup.__init__.__kwdefaults__["minimum_seconds"] = 0.0
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_killed_training_ends_as_an_undisturbed_one(trained, place):
    options = ["--data", "mine.tsv", *SMALL, "--run-dir", "killed"]
    command = [sys.executable, "-c", KILLED, PROGRAMS / "train.py", *options]
    died = subprocess.run(command, cwd=place, capture_output=True, timeout=300)
    assert died.returncode == -signal.SIGKILL, died.stderr
    path = place / "killed"
    assert not (path / "report.md").exists()
    assert any(".tmp-" in p.name for p in (path / "checkpoints").rglob("*"))

    text = (place / "mine.tsv").read_bytes()
    (place / "mine.tsv").write_bytes(text + "天风\t地雨\n".encode())
    resume = ["--resume", "--run-dir", str(path), "--quiet"]
    changed = run("train.py", *resume, cwd=place)
    (place / "mine.tsv").write_bytes(text)
    assert changed.returncode == 2 and "The data must be those" in changed.stderr

    done = run("train.py", *resume, cwd=place)
    assert done.returncode == 0, done.stderr
    for name in ("history.csv", "weights.npz", "vocabulary.txt", "model.json"):
        same = (path / name).read_bytes()
        assert same == (trained[0] / name).read_bytes(), name


def test_the_lecture_trains_on_a_small_file(place):
    small = ["--units", "8", "--embedding-dim", "8", "--epochs", "1", "--quiet"]
    small += ["--min-count", "1", "--batch-tokens", "256", "--bucket-width", "8"]
    options = ["--preset", "slides", "--data", "mine.tsv", *small]
    done = run("train.py", *options, "--run-dir", "slides", cwd=place)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    saved = json.loads((place / "slides" / "config.json").read_text())["config"]
    assert saved["attention"] == "none" and saved["end_token"]
    assert Translator.load(place / "slides").model.looking is None


def refuse(arguments, capsys) -> str:
    """Return the one line by which train.py refuses; nothing may be made."""
    before = sorted(Path.cwd().iterdir())
    given = [*arguments.split(), "--run-dir", "made", "--data-dir", "cache", "--quiet"]
    assert run_main(train_program.main, given) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("error: ")
    assert told.err.count("\n") == 1
    assert sorted(Path.cwd().iterdir()) == before
    return told.err


BAD = {
    "three.tsv": "天风\t地雨\n天风\t地雨\t日\n",
    "unequal.tsv": "天风\t地雨\n天风日\t地雨\n",
    "blank.tsv": "天风\t地雨\n\n天风日\t \n",
    "empty.tsv": "",
    "few.tsv": "天风\t地雨\n",
    "mine.xlsx": "天风\t地雨\n",
    "rare.tsv": "天风\t地雨\n日山\t月水\n花红\t草绿\n",
}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("--data three.tsv", "line 2 of three.tsv. Received: 3"),
        ("--data unequal.tsv", "line 2 of unequal.tsv. Received: 3 and 2 characters"),
        ("--data blank.tsv", "line 3 of blank.tsv. Received: an empty second one"),
        ("--data latin.tsv", "UTF-8 in line 2 of latin.tsv"),
        ("--data empty.tsv", "empty.tsv. Received: none"),
        ("--data few.tsv", "Expected more pairs in few.tsv"),
        ("--data mine.xlsx", ".tsv, .txt or .csv"),
        ("--data rare.tsv", "stand 5 times in rare.tsv"),
        ("--data missing.tsv", "there is no missing.tsv"),
        ("--data .", "one file train.tsv.xz"),
        ("--resume", "made"),
        ("--atention dot", "Did you mean --attention"),
        ("--attention luong", "--attention"),
    ],
)
def test_a_bad_input_is_one_line_and_code_2(
    arguments, word, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    for name, text in BAD.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("latin.tsv").write_bytes("天\t地\n".encode() + b"caf\xe9\tx\n")
    assert word in refuse(arguments, capsys)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("--reverse-source", "--no-aligned"),
        ("--end-token", "--no-aligned"),
        ("--reverse-share 0.7 --blank-share 0.4", "at most 1"),
        ("--units 7", "Take 8"),
        ("--preset slides --aligned", "--end-token"),
    ],
)
def test_contradictions_are_told_before_anything_is_read(
    arguments, word, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    read = itertools.count()
    monkeypatch.setattr(train_program, "_read", lambda config: next(read))
    assert word in refuse(f"--data missing.tsv {arguments}", capsys)
    assert next(read) == 0
    assert not (tmp_path / "made").exists()


def test_a_malformed_file_ends_the_program_with_code_2(tmp_path):
    (tmp_path / "bad.tsv").write_text(BAD["unequal.tsv"], encoding="utf-8")
    done = run("train.py", "--data", "bad.tsv", "--run-dir", "made", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("error: ") and "line 2 of bad.tsv" in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "made").exists()
