"""Going on with a run: its own options, the same data, a free word on the rest."""

import dataclasses
import json
import shlex
from pathlib import Path

import pytest

from common import runs
from common.config import config_to_dict, option, parse_config
from common.errors import UserError
from common.resuming import RunStart, check_inputs, command_of, resume_run
from common.runs import REPOSITORY, RunDirectory

INPUTS = {"sha256": "ab", "rows": 7}
PRESETS = {"small": {"units": 2, "epochs": 3}}


@dataclasses.dataclass(frozen=True)
class Config:
    epochs: int = option(10, "epochs")
    units: int = option(32, "width")
    learning_rate: float = option(0.1, "step size")
    csv: Path | None = option(None, "file")
    data_dir: Path | None = option(None, "data")
    run_dir: Path | None = option(None, "folder")
    resume: bool = option(False, "go on")
    overwrite: bool = option(False, "replace")
    quiet: bool = option(False, "less")


def parse(*argv):
    return parse_config(Config, argv, "test", PRESETS)


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Return a function that begins a run and leaves it unfinished."""
    monkeypatch.setattr(runs, "RUNS", tmp_path / "runs")

    def begin(*argv, run_dir=None):
        config, _ = parse(*argv)
        run = RunDirectory.create("test", run_dir)
        run.save_config(config_to_dict(config), inputs=INPUTS)
        return run

    return begin


def test_a_run_goes_on_with_its_own_options(begin, tmp_path):
    run = begin("--preset", "small", "--csv", "a.csv", run_dir=tmp_path / "r")
    argv = ("--resume", "--run-dir", str(run.path))
    config, again = resume_run("test", *parse(*argv))
    assert (config.units, config.epochs, config.csv) == (2, 3, Path("a.csv"))
    assert config.resume and config.run_dir == again.path == run.path


def test_without_a_name_the_newest_unfinished_run_is_meant(begin, capsys):
    begin("--units", "1")
    run = begin("--units", "5")
    config, again = resume_run("test", *parse("--resume"))
    assert again.path == run.path and config.units == 5
    assert str(run.path) in capsys.readouterr().err
    (run.path / "report.md").write_text("finished")
    assert resume_run("test", *parse("--resume"))[0].units == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ("--units 7", r"--units must be 5 .*Received: 7\. Leave --units out"),
        ("--learning-rate .2", "--learning-rate must be 0.1"),
        ("--csv b.csv", "--csv must be None.*b.csv"),
        ("--units 32", "--units must be 5"),  # the default is said, too
        ("--preset small", "--epochs must be 10"),
    ],
)
def test_an_option_that_contradicts_is_refused(begin, argv, message):
    begin("--units", "5")
    with pytest.raises(UserError, match=message):
        resume_run("test", *parse("--resume", *argv.split()))


def test_an_option_that_agrees_may_be_said_again(begin):
    begin("--units", "5", "--csv", "a.csv", "--learning-rate", "1")
    argv = ("--resume", "--units", "5", "--csv", "a.csv", "--learning-rate", "1.0")
    assert resume_run("test", *parse(*argv))[0].units == 5


def test_options_about_the_call_are_free(begin, tmp_path):
    begin("--units", "5", "--no-quiet", "--data-dir", "old")
    data = str(tmp_path / "data")
    config, _ = resume_run("test", *parse("--resume", "--quiet", "--data-dir", data))
    assert config.quiet and config.data_dir == Path(data) and config.units == 5
    config, _ = resume_run("test", *parse("--resume"))
    assert not config.quiet and config.data_dir is None


def test_there_must_be_an_unfinished_run(begin, tmp_path):
    with pytest.raises(UserError, match="unfinished run"):
        resume_run("test", *parse("--resume"))
    run = begin()
    (run.path / "report.md").write_text("finished")
    argv = ("--resume", "--run-dir", str(run.path))
    with pytest.raises(UserError, match="is finished"):
        resume_run("test", *parse(*argv))


def test_a_run_of_another_program_is_refused(begin):
    run = begin()
    path = run.path / "config.json"
    saved = json.loads(path.read_text())
    saved["config"]["embedding_dim"] = saved["config"].pop("units")
    path.write_text(json.dumps(saved))
    with pytest.raises(UserError, match="unknown .*embedding_dim.* missing .*units"):
        resume_run("test", *parse("--resume"))


def test_the_data_must_be_the_same(begin):
    run = begin()
    check_inputs(run, dict(INPUTS))
    for inputs in ({"sha256": "cd", "rows": 7}, {"sha256": "ab", "rows": 8}, {}):
        with pytest.raises(UserError, match="The data must be those") as refusal:
            check_inputs(run, inputs)
        assert str(INPUTS) in str(refusal.value) and str(inputs) in str(refusal.value)


def start(*argv):
    return RunStart("test", *parse(*argv), "python train.py")


def test_a_new_run_says_what_it_was_begun_with(begin, tmp_path):
    fresh = start("--units", "3", "--run-dir", str(tmp_path / "r"))
    fresh.set_inputs(**INPUTS)
    with fresh.begin(folder="f") as run:
        with pytest.raises(UserError, match="Another process"), run.lock():
            pass
    saved = json.loads((run.path / "config.json").read_text())
    assert saved["config"]["units"] == 3 and saved["inputs"] == INPUTS
    assert (saved["command"], saved["folder"]) == ("python train.py", "f")


def test_a_run_takes_the_options_that_the_data_decided(begin, tmp_path):
    fresh = start("--run-dir", str(tmp_path / "r"))
    with fresh.begin(dataclasses.replace(fresh.config, units=9)) as run:
        assert run.config()["units"] == 9


def test_a_resumed_run_keeps_options_inputs_and_config(begin):
    before = begin("--units", "5")
    again = start("--resume")
    again.set_inputs(**INPUTS)
    written = (before.path / "config.json").read_bytes()
    with again.begin() as run:
        assert run.path == before.path and again.config.units == 5
    assert (before.path / "config.json").read_bytes() == written
    with pytest.raises(UserError, match="The data must be those"):
        again.set_inputs(sha256="cd", rows=7)


def test_a_folder_in_use_is_refused_before_any_work(begin, tmp_path):
    begin(run_dir=tmp_path / "r")
    with pytest.raises(UserError, match="unfinished run"):
        start("--run-dir", str(tmp_path / "r"))
    start("--run-dir", str(tmp_path / "r"), "--overwrite")


def test_the_command_can_be_repeated():
    program = str(REPOSITORY / "projects" / "x" / "train.py")
    argv = ["--csv", "my prices.csv", "--column", "a'b", "--seed", "1"]
    command = command_of(program, argv)
    assert command.startswith("python projects/x/train.py --csv 'my prices.csv'")
    assert shlex.split(command)[2:] == argv


def test_the_command_of_the_process_itself(monkeypatch):
    monkeypatch.setattr("sys.argv", ["train.py", "--seed", "2"])
    program = str(REPOSITORY / "projects" / "x" / "train.py")
    assert command_of(program, None) == "python projects/x/train.py --seed 2"
