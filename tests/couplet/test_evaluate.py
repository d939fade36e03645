"""evaluate.py from the command line, with a model that has learned toy couplets."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from common.errors import run_main
from projects.couplet import evaluate
from projects.couplet.evaluate_config import EvaluateConfig
from projects.couplet.evaluation.trained import PICKS
from projects.couplet.network.skills import Skills
from tests.couplet.toy_couplets import draw_pairs

SMALL = ["--lines", "12", "--picks", "8,2", "--quiet"]


@pytest.fixture(scope="module")
def runs(translator, tmp_path_factory):
    """Return two finished runs; the second has learned nothing but to answer."""
    folder = tmp_path_factory.mktemp("runs")
    pairs = list(zip(*draw_pairs(1500), strict=True))
    # Strict tones need more characters than this model knows for long lines.
    data = folder / "pairs.tsv"
    rows = [f"{a}\t{b}\n" for a, b in pairs if len(a) < 6]
    data.write_text("".join(rows), encoding="utf-8")
    made = []
    for name, share in (("one", 0.2), ("other", 0.0)):
        run = folder / name
        run.mkdir()
        skills = Skills(share > 0, share > 0)
        replace(translator, skills=skills).save(run)
        options = {"data": str(data), "min_count": 1}
        saved = json.dumps({"config": options, "versions": {}})
        (run / "config.json").write_text(saved, encoding="utf-8")
        (run / "report.md").write_text("# A run", encoding="utf-8")
        made.append(run)
    return made


def run(*arguments):
    return run_main(evaluate.main, [*map(str, arguments), *SMALL])


def test_a_run_beside_people_and_counts(runs, capsys):
    assert run("--run-dir", runs[0], "--judges", "1:-1,0:2") == 0
    folder = runs[0] / "evaluation"
    assert f"Report: {folder}" in capsys.readouterr().out
    found = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert list(found["scores"]) == ["commonest partners", "count model", "one"]
    own = found["scores"]["one"]
    assert own["perplexity"] < 3 and own["worth"]["structure"] == 1
    assert set(own["picks"]) == set(PICKS)
    assert set(own["picks"]["forward"]) == {"10"}  # no line has 99 others
    assert list(own["by_judges"])[2:] == ["with judges 1:-1", "with judges 0:2"]
    assert found["human"]["structure"] == 1 and found["human"]["bleu"] is None
    assert found["counts"]["pairs"] == 12
    assert found["command"].startswith("python projects/couplet/evaluate.py --run-dir")
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert found["command"] in report
    assert "No line has 99 others" in report
    for column in ("perplexity", "pick of n", "BLEU-4", "rules kept", "coherence"):
        assert f"- {column}:" in report  # each is explained
    answers = pd.read_csv(folder / "answers.csv")
    assert len(answers) == found["counts"]["lines"]
    systems = ["commonest partners", "count model", "one"]
    assert list(answers) == ["first", "human", *systems]


def test_runs_side_by_side(runs, tmp_path, capsys):
    both = ",".join(map(str, runs))
    assert (
        run(
            "--compare", both, "--no-baselines", "--part", "valid", "--output", tmp_path
        )
        == 0
    )
    found = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    one, other = (found["scores"][name] for name in ("one", "other"))
    assert one["perplexity"] == other["perplexity"]
    assert list(other["picks"]) == ["forward"]  # the only lesson it had
    assert list(other["by_judges"]) == ["search alone"]
    told = capsys.readouterr().out
    assert "one, other: valid pairs of pairs.tsv:valid" in told
    assert "commonest partners" not in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--run-dir", "a", "--compare", "b,c"], "--run-dir or --compare"),
        (["--picks", "3"], "two numbers"),
        (["--judges", "0.5"], "0.5:-0.2"),
        (["--judges", "a:b"], "0.5:-0.2"),
        (["--run-dir", "nowhere"], "lacks config.json"),
        (["--compare", "nowhere"], "lacks config.json"),
        (["--part", "train"], "valid, test"),
    ],
)
def test_nonsense_is_refused_in_one_line(given, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_main(evaluate.main, given) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "Expected couplet/train.tsv.xz"),
        (["--data", "nowhere.tsv"], "there is no nowhere.tsv"),
    ],
)
def test_missing_pairs_are_told_before_keras_is_loaded(
    given, told, tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    monkeypatch.setattr(evaluate, "quiet_keras", lambda: pytest.fail("too late"))
    assert run("--data-dir", tmp_path, *given) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1


def test_the_shipped_model_on_the_sample_shows_that_all_runs(tmp_path, capsys):
    options = ["--data", "sample", "--limit", "2000", "--output", tmp_path]
    assert run(*options) == 0
    assert "it judges nobody" in capsys.readouterr().err
    assert "it judges nobody" in (tmp_path / "report.md").read_text(encoding="utf-8")
    found = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    own = found["scores"]["shipped model"]
    assert own["worth"]["structure"] == 1 and own["worth"]["bleu"] > 80  # its own words
    assert found["counts"]["pairs"] == 12
    assert list(found["scores"])[:2] == ["commonest partners", "count model"]


def test_where_the_report_goes_when_nothing_is_said(runs):
    default = EvaluateConfig()
    assert (
        evaluate._folder(default, {"shipped model": None})
        .as_posix()
        .endswith("runs/couplet/evaluations/shipped-model-test")
    )
    both = EvaluateConfig(compare=tuple(map(str, runs)), part="valid")
    named = evaluate._open_runs(both)
    assert list(named) == ["one", "other"]
    assert evaluate._folder(both, named).name == "one-other-valid"
