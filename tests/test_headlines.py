"""Headline figures: read, found in a run, and told when they drift."""

import dataclasses
import datetime
import json

import pytest

from benchmarks import headlines
from benchmarks.headlines import (
    Headline,
    check,
    look_up,
    main,
    put_table,
    read_headlines,
    render,
    value_of,
)
from common.errors import UserError, run_main

METRICS = {"scores": {"LSTM": {"rmse": 9.6}}, "share": 0.52}
SHARE = Headline(
    project="word2vec",
    what="analogies",
    command="train.py",
    minutes=1.0,
    seeds="1",
    score="51.4 ± 0.2 %",
    baseline="counting",
    baseline_score="49.7 %",
    date=datetime.date(2026, 11, 29),
    at=("share",),
    tolerance=0.03,
    quick=True,
)


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("9.576", 9.576),
        (".4008", 0.4008),
        ("44.6 ± 0.2 %", 0.446),
        ("10.5 (8.1-12.7)", 10.5),
        ("3,830", 3830.0),
        ("RMSE 2.4 (p .26)", 2.4),
    ],
)
def test_a_figure_is_its_first_number(figure, value):
    assert value_of(figure) == pytest.approx(value)


def test_a_figure_is_found_by_keys_and_names():
    assert look_up(METRICS, ["scores", "LSTM", "rmse"]) == 9.6
    with pytest.raises(KeyError):
        look_up(METRICS, ["scores", "GRU", "rmse"])


def test_drift_beyond_the_tolerance_is_told(capsys):
    assert check([SHARE], lambda arguments: {"share": 0.5}) == 0
    assert "holds" in capsys.readouterr().out
    assert check([SHARE], lambda arguments: {"share": 0.45}) == 1
    assert "drifted" in capsys.readouterr().out
    assert check([SHARE], lambda arguments: {}) == 1
    assert "not found" in capsys.readouterr().out


def test_a_program_that_fails_does_not_stop_the_others(capsys):
    def run(arguments):
        if "--broken" in arguments:
            raise UserError("no such data")
        return {"share": 0.5}

    broken = dataclasses.replace(SHARE, command="train.py --broken")
    assert check([broken, SHARE], run) == 1
    said = capsys.readouterr()
    assert "no such data" in said.err
    assert "not found" in said.out and "holds" in said.out


def test_a_unit_is_that_of_the_score(capsys):
    pinball = dataclasses.replace(SHARE, score="15.8", unit=1e-4, tolerance=1e-5)
    assert check([pinball], lambda arguments: {"share": 0.00158}) == 0
    assert check([pinball], lambda arguments: {"share": 0.158}) == 1


def test_one_run_serves_all_figures_of_a_command():
    called = []

    def run(arguments):
        called.append(arguments)
        return {"share": 0.5}

    check([SHARE, SHARE], run)
    assert len(called) == 1
    assert called[0][0].endswith("projects/word2vec/train.py")


def test_the_table_takes_the_place_of_the_old_one():
    page = "a\n<!-- headlines: begin -->\nold\n<!-- headlines: end -->\nb\n"
    changed = put_table(page, render([SHARE]))
    assert "old" not in changed
    assert "| word2vec | analogies | `train.py`* | 1 | 1 | 51.4 ± 0.2 % |" in changed
    assert changed.startswith("a\n") and changed.endswith("\nb\n")


def test_every_quick_figure_can_be_looked_up():
    for each in read_headlines():
        assert value_of(each.score) >= 0
        assert value_of(each.baseline_score) >= 0
        if each.quick:
            assert each.at, each.what
            assert each.tolerance > 0, each.what


def test_an_unknown_project_is_one_line(capsys):
    assert run_main(main, ["--only", "nothing"]) == 2
    assert "--only" in capsys.readouterr().err


def test_a_run_that_fails_is_told_by_its_last_line(tmp_path, monkeypatch):
    program = tmp_path / "train.py"
    program.write_text("import sys; sys.exit('error: no such file')")
    with pytest.raises(UserError, match="no such file"):
        headlines.run_again([str(program)])
    program.write_text(
        "import json, sys, pathlib; f = pathlib.Path(sys.argv[2]); f.mkdir();"
        f"(f / 'metrics.json').write_text({json.dumps(json.dumps(METRICS))})"
    )
    assert headlines.run_again([str(program)]) == METRICS
