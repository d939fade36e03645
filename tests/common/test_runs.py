"""A run has its folder to itself, and cannot look finished before it is."""

import datetime
import json
import os
import platform
import re
import subprocess
import sys

import numpy as np
import pytest

from common import environment, runs
from common.errors import UserError
from common.runs import RunDirectory

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?$")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Put the default folder of all runs into `tmp_path`."""
    monkeypatch.setattr(runs, "RUNS", tmp_path / "runs")
    return tmp_path


def _begin(run_dir, **options):
    run = RunDirectory.create("toy", run_dir)
    run.save_config(options)
    return run


def _finish(run):
    runs.write_text(run.path / "report.md", "# Report\n")
    return run


def _refusal(function, *arguments):
    with pytest.raises(UserError) as caught:
        function(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def _contents(run):
    return {path.name for path in run.path.iterdir()} - {".lock"}


def test_the_default_place_is_in_the_repository():
    assert runs.RUNS == runs.REPOSITORY / "runs"
    assert (runs.REPOSITORY / "common" / "runs.py").is_file()


def test_runs_of_one_second_get_different_folders(home, monkeypatch):
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 11, 20, 21, 4, 5)

    monkeypatch.setattr(datetime, "datetime", Clock)
    names = [RunDirectory.create("toy").path.name for _ in range(3)]
    first = "2026-11-20T21-04-05"
    assert names == [first, f"{first}-2", f"{first}-3"]


def test_two_processes_that_start_at_once_get_different_folders(home):
    program = (
        "import sys, pathlib; from common import runs\n"
        "runs.RUNS = pathlib.Path(sys.argv[1])\n"
        "print(runs.RunDirectory.create('toy').path)"
    )
    command = [sys.executable, "-c", program, home]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    paths = {start.communicate()[0].decode().strip() for start in starts}
    assert len(paths) == 4
    assert all(STAMP.search(path) for path in paths)


def test_a_given_folder_is_made_with_its_parents(tmp_path):
    run = RunDirectory.create("toy", tmp_path / "a" / "b")
    assert run.path == tmp_path / "a" / "b"
    assert run.path.is_dir()


def test_what_a_killed_start_has_left_is_an_empty_folder(tmp_path):
    (tmp_path / ".lock").touch()
    (tmp_path / ".abc.tmp").mkdir()
    assert _begin(tmp_path, epochs=3).config() == {"epochs": 3}


def test_a_finished_run_is_kept_unless_overwritten(tmp_path):
    run = _finish(_begin(tmp_path / "x"))
    message = _refusal(RunDirectory.create, "toy", run.path)
    assert "holds a finished run" in message
    assert "--overwrite" in message and "--resume" not in message
    assert run.finished


def test_an_unfinished_run_offers_to_resume(tmp_path):
    run = _begin(tmp_path / "x")
    message = _refusal(RunDirectory.create, "toy", run.path)
    assert "holds an unfinished run" in message
    assert "--overwrite" in message and "--resume" in message


def test_overwrite_removes_what_a_run_writes_and_nothing_else(tmp_path):
    run = _finish(_begin(tmp_path / "x"))
    (run.figures / "loss.png").touch()
    (run.checkpoints / "3").mkdir()
    (run.path / "events").symlink_to(tmp_path)
    for name in ("model.keras", "history.csv", "notes.txt"):
        (run.path / name).touch()
    again = RunDirectory.create("toy", run.path, overwrite=True)
    assert _contents(again) == {"notes.txt"}
    assert not again.finished
    assert tmp_path.is_dir()


@pytest.mark.parametrize("content", [None, "{}", '{"config": {}}', "[]", "{", "\x00"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_that_is_no_run_is_never_overwritten(tmp_path, content, overwrite):
    names = {"report.md", "thesis.tmp"}
    for name in names:
        (tmp_path / name).write_text("mine")
    if content is not None:
        (tmp_path / "config.json").write_text(content)
        names.add("config.json")
    message = _refusal(RunDirectory.create, "toy", tmp_path, overwrite)
    assert "holds files that are not a run's" in message
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_in_the_way_is_told(tmp_path, inside):
    (tmp_path / "x").touch()
    assert "is a file" in _refusal(RunDirectory.create, "toy", tmp_path / "x" / inside)


def test_only_a_finished_run_can_be_used(tmp_path):
    assert "lacks config.json and report.md" in _refusal(RunDirectory.open, tmp_path)
    run = _begin(tmp_path / "x", epochs=3)
    assert "lacks report.md." in _refusal(RunDirectory.open, run.path)
    assert RunDirectory.open(_finish(run).path).config() == {"epochs": 3}


def test_resume_takes_the_newest_unfinished_run_and_says_which(home, capsys):
    begun = [_begin(home / "runs" / "toy" / name) for name in "cabd"]
    for age, run in enumerate(begun):
        os.utime(run.path / "config.json", (age, age))
    _finish(begun[3])
    assert RunDirectory.resume("toy").path == begun[2].path
    assert capsys.readouterr().err == f"resuming {begun[2].path}\n"


def test_resume_without_an_unfinished_run_is_refused(home):
    _finish(_begin(home / "runs" / "toy" / "a"))
    _begin(home / "runs" / "other" / "a")
    (home / "runs" / "toy" / "empty").mkdir()
    assert "Received: none" in _refusal(RunDirectory.resume, "toy")
    assert "Received: none" in _refusal(RunDirectory.resume, "unknown")


def test_resume_of_a_named_folder(tmp_path):
    run = _begin(tmp_path / "x")
    assert RunDirectory.resume("toy", run.path).path == run.path
    _finish(run)
    assert "is finished" in _refusal(RunDirectory.resume, "toy", run.path)
    for other in (tmp_path, tmp_path / "none"):
        assert "is not a run" in _refusal(RunDirectory.resume, "toy", other)


def test_resume_clears_what_a_killed_writer_left(tmp_path):
    run = _begin(tmp_path)
    (run.path / ".abc.tmp").mkdir()
    (run.path / ".abc.tmp" / "model.keras").touch()
    (run.checkpoints / "4.tmp").mkdir()
    (run.checkpoints / "3").mkdir()
    RunDirectory.resume("toy", run.path)
    assert _contents(run) == {"config.json", "checkpoints"}
    assert [path.name for path in run.checkpoints.iterdir()] == ["3"]


def test_two_processes_never_write_one_run(tmp_path):
    run = _begin(tmp_path)
    program = (
        "import sys, time; from common.runs import RunDirectory\n"
        "with RunDirectory(sys.argv[1]).lock(): print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        message = f"Another process is at work in {tmp_path}."
        assert message in _refusal(RunDirectory.resume, "toy", tmp_path)
        assert message in _refusal(RunDirectory.create, "toy", tmp_path, True)
        assert message in _refusal(run.lock().__enter__)
        other.kill()
    with run.lock():  # a killed process keeps nobody out
        assert run.config() == {}


def test_config_json_tells_the_options_and_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    run = RunDirectory.create("toy", tmp_path)
    run.save_config({"epochs": 3}, data_sha256={"a.csv": "00"})
    saved = json.loads((tmp_path / "config.json").read_text())
    keys = "config data_sha256 time backend versions platform commit".split()
    assert list(saved) == keys
    assert run.config() == saved["config"] == {"epochs": 3}
    assert saved["data_sha256"] == {"a.csv": "00"}
    assert saved["versions"]["python"] == platform.python_version()
    assert saved["versions"]["numpy"] == np.__version__
    assert re.match(r"3\.\d+", saved["versions"]["keras"])
    assert re.match(r"2\.\d+", saved["versions"]["tensorflow"])
    age = datetime.datetime.now().astimezone() - datetime.datetime.fromisoformat(
        saved["time"]
    )
    assert 0 <= age.total_seconds() < 60


def test_a_backend_that_is_not_installed_has_no_version(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "no-such-backend")
    _begin(tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text())
    assert saved["versions"]["no-such-backend"] is None


@pytest.mark.parametrize("content", [None, "{", '{"config": {}}'])
def test_a_broken_config_is_one_line(tmp_path, content):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    assert str(tmp_path) in _refusal(RunDirectory(tmp_path).config)


def test_the_commit_is_named_and_marked_when_files_have_changed(home, monkeypatch):
    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        command = ["git", "-C", home, *identity, *arguments]
        return subprocess.check_output(command, text=True).strip()

    monkeypatch.setattr(environment, "REPOSITORY", home)
    git("init", "-q")
    assert environment._commit() is None  # no commit yet
    (home / "a").touch()
    git("add", "a")
    git("commit", "-qm", "a")
    git("tag", "v1")
    commit = git("rev-parse", "HEAD")
    assert environment._commit() == commit
    (home / "a").write_text("changed")
    assert environment._commit() == f"{commit}-dirty"


@pytest.mark.parametrize("make", ["nothing", "file", "folder"])
def test_without_a_usable_git_there_is_no_commit(home, monkeypatch, make):
    monkeypatch.setattr(environment, "REPOSITORY", home)
    if make == "nothing":
        forbidden = pytest.fail  # no process is started in vain
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: forbidden("started"))
    if make == "file":
        (home / ".git").write_text("gitdir: gone")
    if make == "folder":
        (home / ".git").mkdir()
        monkeypatch.setenv("PATH", str(home))
    assert environment._commit() is None


def test_a_used_folder_is_refused_before_long_work(tmp_path):
    RunDirectory.check(None)
    RunDirectory.check(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    run = RunDirectory.create("stock_lstm", tmp_path / "run")
    run.save_config({})
    with pytest.raises(UserError, match="unfinished"):
        RunDirectory.check(run.path)
    RunDirectory.check(run.path, overwrite=True)
    assert (run.path / "config.json").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file.txt").write_text("text")
    with pytest.raises(UserError, match="not a run's"):
        RunDirectory.check(tmp_path / "mine", overwrite=True)
