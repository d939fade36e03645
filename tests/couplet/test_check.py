"""The program that judges, as people start it."""

import json
import subprocess
import sys

import pytest

from common.errors import run_main
from projects.couplet.check import main
from projects.couplet.lines import antithesis
from tests.conftest import REPOSITORY

FIRST, SECOND = "风云三尺剑", "花鸟一床书"


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """Take away tables that this machine may have."""
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    monkeypatch.setenv("KERAS_PROJECTS_DATA", str(tmp_path))
    monkeypatch.setattr(antithesis, "SHIPPED", tmp_path / "none.npz")


def test_a_pair_and_a_line(capsys):
    assert main([FIRST, SECOND]) == 0
    told = capsys.readouterr().out
    assert told.count("✓") == 7 and "平水韵 is not at hand" in told
    assert "对仗" not in told
    assert main([SECOND]) == 0
    assert "✗ ends on 仄: The first line ends on 书" in capsys.readouterr().out


def test_json(capsys):
    assert main([f" {FIRST}, ", f"{SECOND}。", "--json"]) == 0
    told = capsys.readouterr().out
    assert told.count("\n") == 1 and FIRST in told
    judged = json.loads(told)
    assert judged["first"] == f"{FIRST}，" and judged["antithesis"] is None
    assert all(finding["passed"] for finding in judged["findings"])


def test_the_shipped_table_of_antitheses_is_used(monkeypatch, tmp_path, capsys):
    path = tmp_path / "antithesis.npz"
    antithesis.Antithesis.from_pairs([(FIRST, SECOND)] * 3).save(path)
    monkeypatch.setattr(antithesis, "SHIPPED", path)
    assert main([FIRST, SECOND]) == 0
    assert "对仗" in capsys.readouterr().out


def test_the_table_of_rhymes_is_used(mirror, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    assert main([FIRST, SECOND]) == 0
    assert "Tones by 平水韵 (8,232 characters)" in " ".join(
        capsys.readouterr().out.split()
    )


def test_long_couplets_are_judged(capsys):
    assert main(["天" * 90, "地" * 90]) == 0
    assert "Both lines have 90 characters." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Received: nothing"),
        (["", SECOND], "Received: nothing"),
        ([FIRST, ""], "an empty line"),
        ([FIRST, "spring"], "s (LATIN SMALL LETTER S) at position 1"),
        (["，，"], "only punctuation"),
        (["春\x1b[31m天"], "the control character U+001B at position 2"),
        (["春😀"], "😀 (GRINNING FACE) at position 2"),
        (["春" * 201], "Received: 201"),
        ([FIRST, SECOND, "第三句"], "第三句"),
        ([FIRST, "--jason"], "Did you mean --json?"),
    ],
)
def test_bad_input_is_one_line(capsys, arguments, told):
    assert run_main(main, arguments) == 2
    out, error = capsys.readouterr()
    assert out == "" and error.count("\n") == 1 and told in error


def test_it_starts_by_path_from_anywhere(tmp_path):
    script = REPOSITORY / "projects" / "couplet" / "check.py"
    command = [sys.executable, str(script), FIRST, "山水"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "✗ equal length" in done.stdout
    assert done.stderr == ""
    bad = subprocess.run([*command[:2], b"\xff\xfe"], cwd=tmp_path, capture_output=True)
    assert bad.returncode == 2 and bad.stderr.count(b"\n") == 1
