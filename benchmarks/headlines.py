"""Run the quick headline figures again, and say which of them have drifted.

    python benchmarks/headlines.py                 # all quick ones, about ten minutes
    python benchmarks/headlines.py --only couplet
    python benchmarks/headlines.py --render        # the table of docs/results.md, anew

The figures stand in docs/headlines.toml, one entry each; docs/results.md shows them as
a table, README.md some of them. To change one, run its command, write its new score
and date there, and render. `$MIRROR` in a command is KERAS_PROJECTS_MIRROR.
"""

import argparse
import dataclasses
import datetime
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from common.errors import UserError, note, run_main
from common.reporting import Table

REPOSITORY = Path(__file__).resolve().parents[1]
FIGURES = REPOSITORY / "docs" / "headlines.toml"
PAGE = REPOSITORY / "docs" / "results.md"
BEGIN, END = "<!-- headlines: begin -->", "<!-- headlines: end -->"
_NUMBER = re.compile(r"-?(?:\d+(?:,\d{3})+|\d*\.?\d+)")

Metrics = Mapping[str, Any]
Where = Sequence[str]


@dataclasses.dataclass(frozen=True)
class Headline:
    """One figure that the project is proud of, or honest about.

    Attributes:
        project: its folder, or `common`.
        what: what is measured, on what, in which unit.
        command: from the folder of the project, or from the root for `benchmarks/`.
        minutes: by the wall clock on the machine of docs/results.md, where measured.
        seeds: how many, or how often it was repeated.
        score: its first number counts.
        baseline: the best that needs no learning, by name.
        baseline_score: like `score`.
        date: when it was measured.
        at: where `score` stands in metrics.json, as keys.
        baseline_at: the same for `baseline_score`.
        unit: of the scores, in that of metrics.json; a `%` is a hundredth anyway.
        tolerance: how far they may drift, in that of metrics.json.
        quick: whether it is run again by default.
    """

    project: str
    what: str
    command: str
    seeds: str
    score: str
    baseline: str
    baseline_score: str
    date: datetime.date
    minutes: float | None = None
    at: Where = ()
    baseline_at: Where = ()
    unit: float = 1.0
    tolerance: float = 0.0
    quick: bool = False

    @property
    def arguments(self) -> list[str]:
        """The command in words, its program first, as a path."""
        program, *options = shlex.split(self.command)
        if not program.startswith("benchmarks/"):
            program = f"projects/{self.project}/{program}"
        mirror = os.environ.get("KERAS_PROJECTS_MIRROR", "$MIRROR")
        options = [option.replace("$MIRROR", mirror) for option in options]
        return [str(REPOSITORY / program), *options]

    @property
    def told_minutes(self) -> str:
        """The minutes as they are written."""
        return "-" if self.minutes is None else f"{self.minutes:g}"

    @property
    def checks(self) -> list[tuple[str, str, Where]]:
        """What can be looked up: name, the figure that was told, and where it is."""
        found = [(self.what, self.score, self.at)]
        found += [(f"- {self.baseline}", self.baseline_score, self.baseline_at)]
        return [check for check in found if check[2]]


def read_headlines(path: Path = FIGURES) -> list[Headline]:
    """Return the entries of the file, in its order."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["headline"]
    return [Headline(**entry) for entry in entries]


def value_of(figure: str) -> float:
    """Return the number that a figure begins with: `44.6 ± 0.2 %` is 0.446."""
    number = _NUMBER.search(figure)
    if number is None:
        raise ValueError(f"A figure must have a number. Received: {figure!r}.")
    value = float(number[0].replace(",", ""))
    return value / 100 if "%" in figure else value


def look_up(metrics: Metrics, where: Where) -> float:
    """Follow keys.

    Raises:
        KeyError: there is no such figure.
    """
    found: Any = metrics
    for key in where:
        found = found[key]
    return float(found)


def render(headlines: Iterable[Headline]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| project | what | command | min | seeds | score | baseline | date |",
        "|---|---|---|---:|---|---|---|---|",
    ]
    for each in headlines:
        mark = "*" if each.quick else ""
        cells = [each.project, each.what, f"`{each.command}`{mark}"]
        cells += [each.told_minutes, each.seeds, each.score]
        cells += [f"{each.baseline} {each.baseline_score}", each.date.isoformat()]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def put_table(page: str, table: str) -> str:
    """Return the page with another table between its two marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def compare(headlines: Iterable[Headline], metrics: Metrics) -> list[list[Any]]:
    """Return a row for each figure: project, what, told, found, allowed, verdict."""
    rows = []
    for each in headlines:
        for what, told, where in each.checks:
            try:
                found = look_up(metrics, where)
            except (KeyError, TypeError):
                rows.append([each.project, what, told, None, None, "not found"])
                continue
            far = abs(found - each.unit * value_of(told)) > each.tolerance
            verdict = "drifted" if far else "holds"
            rows.append([each.project, what, told, found, each.tolerance, verdict])
    return rows


def run_again(arguments: Sequence[str]) -> Metrics:
    """Run a program into a folder of its own; return its metrics.json.

    Raises:
        UserError: the program failed.
    """
    into = "--run-dir" if Path(arguments[0]).name == "train.py" else "--output"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, *arguments, into, f"{folder}/run"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["nothing on stderr"])[-1]
            raise UserError(f"{shlex.join(arguments)} must end well. Received: {last}")
        return json.loads(Path(folder, "run", "metrics.json").read_text("utf-8"))


def check(
    headlines: Sequence[Headline], run: Callable[[Sequence[str]], Metrics] = run_again
) -> int:
    """Run the commands, each once; print what became of their figures.

    Returns:
        0 if all hold, 1 if one has drifted or cannot be found.
    """
    rows = []
    for command in dict.fromkeys((h.project, h.command) for h in headlines):
        same = [h for h in headlines if (h.project, h.command) == command]
        note(f"{' '.join(command)}: {same[0].told_minutes} minutes were told")
        began, metrics = time.monotonic(), {}
        try:
            metrics = run(same[0].arguments)
        except UserError as error:
            note(str(error))
        rows += compare(same, metrics)
        note(f"took {(time.monotonic() - began) / 60:.1f} minutes")
    columns = ["project", "figure", "told", "found", "may drift by", ""]
    print(Table("Headline figures, run again", columns, rows, left=(0, 1)).to_text())
    return int(any(row[-1] != "holds" for row in rows))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code: 1 if a figure has drifted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--render", action="store_true", help="write the table only")
    parser.add_argument("--only", default="", help="projects that have this word")
    options = parser.parse_args(argv)
    headlines = read_headlines()
    if options.render:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(put_table(page, render(headlines)), encoding="utf-8")
        return 0
    quick = [h for h in headlines if h.quick and options.only in h.project]
    if not quick:
        raise UserError(
            f"--only must name a project with quick figures. Received: {options.only}."
        )
    return check(quick)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
