"""An experiment leaves its report where its name says."""

from pathlib import Path

import pytest

from common import experiments
from common.experiments import save_experiment
from common.reporting import Report, Table

PROGRAM = "projects/couplet/experiments/attention.py"


@pytest.fixture
def runs(tmp_path, monkeypatch) -> Path:
    """Keep what is written out of the repository."""
    monkeypatch.setattr(experiments, "RUNS", tmp_path)
    return tmp_path


def _report(value: float) -> Report:
    table = Table("Perplexity", ("model", "value"), [("plain", value)])
    return Report("Title", "It holds.", "python x.py", [table], metrics={"v": value})


def test_the_folder_is_named_after_project_and_claim(runs):
    folder = save_experiment(_report(2.0), PROGRAM)
    assert folder == runs / "couplet" / "experiments" / "attention"
    assert "| plain | 2 |" in (folder / "report.md").read_text()
    assert '"v": 2.0' in (folder / "metrics.json").read_text()


def test_a_later_call_replaces_what_was_found(runs):
    save_experiment(_report(2.0), PROGRAM)
    folder = save_experiment(_report(3.0), PROGRAM)
    assert "| plain | 3 |" in (folder / "report.md").read_text()


def test_another_folder_can_be_named(runs, tmp_path):
    assert save_experiment(_report(2.0), PROGRAM, tmp_path / "a" / "b").is_dir()
    assert not (runs / "couplet").exists()
