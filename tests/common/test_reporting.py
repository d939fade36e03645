"""Tables by hand; a report that is finished when its text is there."""

import json

import numpy as np
import pytest

from common import reporting
from common.plotting import make_figure
from common.reporting import Report, Table, show, show_p, show_spread

TABLE = Table(
    "Scores",
    ("forecast", "RMSE", "p"),
    [("last", 2.4, None), ("a|b <net>", 1234.56, "< .001"), ("x", float("nan"), 7)],
)


def make_report(**changes):
    figure, axis = make_figure()
    axis.plot([1, 2], [3, 4])
    parts = {
        "title": "What was done",
        "verdict": "Nobody won.",
        "command": "python train.py --seed 1",
        "tables": [TABLE],
        "warnings": ["do not believe this"],
        "notes": ["rows were turned"],
        "figures": {"curve": ("A curve", figure)},
        "metrics": {"rmse": np.float64(0.5), "none": float("nan"), "days": 3},
    }
    return Report(**parts | changes)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (float("nan"), "-"),
        (np.float64("nan"), "-"),
        (2.4, "2.4"),
        (0.0, "0"),
        (1234.56, "1235"),
        (123456.0, "1.235e+05"),
        (0.000123456, "0.0001235"),
        (np.float64(1 / 3), "0.3333"),
        (7, "7"),
        (12345678, "12345678"),
        ("3 ± 1", "3 ± 1"),
        (float("inf"), "inf"),
    ],
)
def test_a_cell(value, text):
    assert show(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "< .001"),
        (0.00099, "< .001"),
        (0.001, ".001"),
        (0.0496, ".050"),
        (0.5, ".500"),
        (1.0, "1.000"),
        (0.9999, "1.000"),
    ],
)
def test_a_p_value(value, text):
    assert show_p(value) == text


def test_mean_and_spread_over_seeds():
    assert show_spread([2.0, 4.0, 6.0]) == "4 ± 2"
    assert show_spread([0.5]) == "0.5"
    assert show_spread([1.23456, 1.23456], digits=3) == "1.23 ± 0"


def test_a_table_in_columns():
    assert TABLE.to_text().splitlines() == [
        "Scores",
        "forecast   RMSE       p",
        "---------  ----  ------",
        "last        2.4       -",
        "a|b <net>  1235  < .001",
        "x             -       7",
    ]


def test_no_line_ends_in_blanks():
    table = Table("t", ("name", "b"), [("a long name", "")])
    assert [line for line in table.to_text().splitlines() if line.endswith(" ")] == []


def test_a_table_in_markdown():
    assert TABLE.to_markdown().splitlines() == [
        "**Scores**",
        "",
        "| forecast | RMSE | p |",
        "|---|---:|---:|",
        "| last | 2.4 | - |",
        r"| a\|b &lt;net> | 1235 | &lt; .001 |",
        "| x | - | 7 |",
    ]


def test_a_table_without_rows():
    empty = Table("None yet", ("a", "bc"), [])
    assert empty.to_text() == "None yet\na  bc\n-  --"
    assert empty.to_markdown().endswith("|---|---:|")


def test_the_terminal_ends_with_the_verdict():
    lines = make_report().to_text().splitlines()
    assert lines[0] == "What was done" and lines[-1] == "Nobody won."
    assert lines[-3] == "! do not believe this"
    assert "Scores" in lines and "last        2.4       -" in lines


def test_the_text_begins_with_the_verdict_and_holds_all():
    text = make_report().to_markdown()
    begin = "# What was done\n\nNobody won.\n\n    python train.py --seed 1\n\n"
    assert text.startswith(begin + "**Scores**\n")
    assert "## Beware\n- do not believe this\n" in text
    assert "## Data\n- rows were turned\n" in text
    assert text.endswith("![A curve](figures/curve.png)\n\nA curve\n")


def test_what_there_is_not_has_no_heading():
    text = Report("T", "V.", "c").to_markdown()
    assert text == "# T\n\nV.\n\n    c\n"
    assert Report("T", "V.", "c").to_text() == "T\n\nV."


def test_a_saved_report(tmp_path):
    report = make_report()
    report.save(tmp_path)
    assert (tmp_path / "report.md").read_text() == report.to_markdown()
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics == {"rmse": 0.5, "none": None, "days": 3}
    assert (tmp_path / "figures" / "curve.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        *("figures", "metrics.json", "report.md")
    ]


def test_the_text_is_written_last(tmp_path, monkeypatch):
    """A run counts as finished by its report.md: all else must lie there then."""
    seen = []
    write = reporting.write_text

    def watch(path, text):
        seen.append(sorted(p.name for p in tmp_path.rglob("*") if p.is_file()))
        write(path, text)

    monkeypatch.setattr(reporting, "write_text", watch)
    make_report().save(tmp_path)
    assert seen == [["curve.png", "metrics.json"]]


def test_a_report_that_fails_is_not_finished(tmp_path):
    with pytest.raises(TypeError):
        make_report(metrics={"x": object()}).save(tmp_path)
    assert not (tmp_path / "report.md").exists()
    assert not (tmp_path / "metrics.json").exists()
