"""The programs as people start them: by path, from another folder."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import REPOSITORY

STOCK = REPOSITORY / "projects" / "stock_lstm"
PROGRAMS = [
    path
    for pattern in ("projects/*/*.py", "projects/*/experiments/*.py")
    for path in sorted(REPOSITORY.glob(pattern))
    if "__main__" in path.read_text(encoding="utf-8")
]
TINY = ["--epochs", "2", "--nets", "1", "--units", "4", "--test-days", "20"]
TINY += ["--refit-every", "10", "--batch-size", "256"]


def run(script: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess:
    """Start a program in `cwd` and wait for it."""
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess]:
    """Train once, on the installed sample without its last 30 rows."""
    folder = tmp_path_factory.mktemp("elsewhere")
    path = folder / "run"
    until = ["--until", "2008-09-02"]
    done = run(STOCK / "train.py", *TINY, *until, "--run-dir", path, cwd=folder)
    assert done.returncode == 0, done.stderr
    return path, done


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory) -> Path:
    """Return the whole sample as a CSV file of Yahoo's layout."""
    from projects.stock_lstm.data import load_goog

    frame = load_goog().frame
    frame.columns = [name.replace("_", " ").title() for name in frame.columns]
    path = tmp_path_factory.mktemp("csv") / "goog.csv"
    frame.to_csv(path)
    return path


@pytest.mark.parametrize("script", PROGRAMS, ids=lambda path: path.stem)
def test_help_says_what_a_program_does(script, tmp_path):
    done = run(script, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("usage:")
    assert not list(tmp_path.iterdir())


def test_training_writes_the_promised_files(trained):
    path, done = trained
    assert "No winner" in done.stdout or "The winner is" in done.stdout
    assert "last Close" in done.stdout
    written = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    assert written >= {
        "config.json",
        "history.csv",
        "forecasts.csv",
        "metrics.json",
        "model.keras",
        "prices.csv",
        "report.md",
        "scaler.json",
        "figures/forecast.png",
        "figures/errors.png",
        "figures/calibration.png",
        "figures/learning_curves.png",
    }
    names = json.loads((path / "metrics.json").read_text())["scores"]
    assert {"LSTM", "last value", "last Close", "drift", "ridge", "boosting"} <= set(
        names
    )
    forecasts = pd.read_csv(path / "forecasts.csv")
    assert len(forecasts) == 20
    assert forecasts["date"].iloc[-1].startswith("2008-09-02")


def test_nothing_but_plain_lines_goes_into_a_pipe(trained):
    _, done = trained
    assert "\x1b" not in done.stdout + done.stderr
    assert "\b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert all(
        line.startswith(("fold", "all rows")) for line in done.stderr.splitlines()
    )


def test_a_finished_run_is_not_overwritten(trained):
    path, _ = trained
    before = (path / "report.md").read_bytes()
    done = run(STOCK / "train.py", *TINY, "--run-dir", path, cwd=path)
    assert done.returncode == 2
    assert "--overwrite" in done.stderr
    assert (path / "report.md").read_bytes() == before


def test_tomorrow_is_forecast_without_training(trained, all_rows, tmp_path):
    path, _ = trained
    out = tmp_path / "out"
    done = run(
        STOCK / "predict.py",
        *("--run-dir", path, "--csv", all_rows, "--output", out),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    outlook = json.loads((out / "outlook.json").read_text())
    assert outlook["last_known"] == {"date": "2008-10-14 00:00:00", "value": 393.53}
    (day,) = outlook["days"]
    assert day["presumed_date"].startswith("2008-10-15")
    quantiles = list(day["quantiles"].values())
    assert quantiles == sorted(quantiles)
    assert quantiles[0] < 362.71 < quantiles[-1]  # the last Close
    assert (out / "outlook.png").read_bytes().startswith(b"\x89PNG")


def test_later_rows_are_judged_with_and_without_refit(trained, all_rows, tmp_path):
    path, _ = trained
    shared = ("--run-dir", path, "--csv", all_rows)
    for extra in ([], ["--refit"]):
        out = tmp_path / f"out{len(extra)}"
        done = run(
            STOCK / "evaluate.py", *shared, *extra, "--output", out, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        assert len(pd.read_csv(out / "forecasts.csv")) == 30
        assert "last Close" in (out / "report.md").read_text()


def test_rows_already_seen_cannot_be_evaluated(trained, tmp_path):
    path, _ = trained
    done = run(
        STOCK / "evaluate.py",
        *("--run-dir", path, "--csv", path / "prices.csv"),
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert "later than 2008-09-02" in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_the_family_stands_in_one_table(tmp_path):
    done = run(
        STOCK / "evaluate.py",
        *("--compare", "ar,rnn", *TINY, "--nets", "2", "--run-dir", tmp_path / "run"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "run" / "metrics.json").read_text())["scores"]
    assert {"AR", "RNN", "last Close"} <= set(rows)
    assert all(len(row["seeds"]) in (0, 2) for row in rows.values())


def test_the_slides_recipe_runs_on_the_slides_files(mirror, tmp_path):
    done = run(
        STOCK / "train.py",
        *("--preset", "slides", "--epochs", "1", "--run-dir", tmp_path / "run"),
        *("--csv", mirror / "stock" / "NSE-TATAGLOBAL.csv"),
        *("--test-csv", mirror / "stock" / "tatatest.csv"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "newest first" in done.stdout
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    scores = {name: row["rmse"] for name, row in metrics["scores"].items()}
    assert scores["last value"] == pytest.approx(5.93, abs=0.005)
    assert scores["last Close"] == pytest.approx(3.79, abs=0.005)
    assert 0.009 < metrics["loss_first_epoch"] < 0.016  # reference: 0.0101 .. 0.0138


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--csv", "nowhere.csv"], "nowhere.csv"),
        (["--csv", "."], "CSV"),
        (["--epoks", "3"], "--epochs"),
        (["--epochs", "0"], "at least 1"),
        (["--column", "Opne"], "open"),
        (["--test-days", "2000"], "rows"),
        (["--target", "range", "--csv", "two.csv"], "high"),
        (["--no-sort"], "--preset slides"),
        (["--test-csv", "two.csv"], "--csv"),
        (["--until", "2001-01-01"], "2004-08-19"),
        (["--resume", "--run-dir", "nowhere"], "nowhere"),
    ],
)
def test_a_bad_input_is_one_line_and_code_2(arguments, word, tmp_path):
    lines = [f"2020-01-{day:02},{day + 3}" for day in range(1, 29)]
    (tmp_path / "two.csv").write_text("\n".join(["date,price", *lines]))
    run_dir = [] if "--run-dir" in arguments else ["--run-dir", "made"]
    done = run(STOCK / "train.py", *arguments, *run_dir, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1
    assert word in done.stderr
    assert not (tmp_path / "made").exists()


def test_a_killed_training_ends_as_an_undisturbed_one(tmp_path):
    small = [*TINY, "--epochs", "6", "--patience", "2", "--nets", "2"]
    command = [sys.executable, STOCK / "train.py", *small]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert (
        run(STOCK / "train.py", *small, "--run-dir", whole, cwd=tmp_path).returncode
        == 0
    )
    begin = [*command, "--run-dir", killed]
    for delay in (0.5, 1.0, 2.0, 3.0, 1.5):
        child = subprocess.Popen(begin, cwd=tmp_path, stderr=subprocess.PIPE)
        if (killed / "config.json").exists() or child.stderr.readline():
            time.sleep(delay)  # after the first line: training is under way
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        begin = [*command, "--run-dir", killed, "--resume"]
        if (killed / "report.md").exists():
            break
    else:
        done = run(STOCK / "train.py", "--resume", "--run-dir", killed, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    for name in ("history.csv", "metrics.json", "forecasts.csv"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes(), name
