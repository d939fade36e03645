"""The pages say what is true: their commands exist, their figures are measured."""

import subprocess
import sys
import tomllib

import pytest

from benchmarks.headlines import BEGIN, END, PAGE, read_headlines, render
from tests.pages import PAGES, REPOSITORY, commands, numbers, rows

ENGLISH = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CHINESE = (REPOSITORY / "README.zh.md").read_text(encoding="utf-8")


def test_the_table_of_results_is_that_of_the_file():
    page = PAGE.read_text(encoding="utf-8")
    shown = page.split(BEGIN)[1].split(END)[0].strip()
    assert shown == render(read_headlines()), "python benchmarks/headlines.py --render"


@pytest.mark.parametrize("row", rows(ENGLISH), ids=lambda row: row.command)
def test_every_figure_of_the_readme_is_a_headline(row):
    own = [h for h in read_headlines() if h.project == row.project]
    exact = [h for h in own if h.command == row.command]
    start = row.command.removesuffix(" FOLDER")
    known = exact or [h for h in own if h.command.startswith(start)]
    told = " ".join(
        f"{h.what} {h.told_minutes} {h.score} {h.baseline} {h.baseline_score}"
        for h in known
    )
    assert row.figures - numbers(told) == set()


def test_the_readme_has_all_four_projects():
    assert {row.project for row in rows(ENGLISH)} == {
        path.parent.name for path in REPOSITORY.glob("projects/*/train.py")
    }


@pytest.mark.parametrize("path", sorted(REPOSITORY.glob("projects/*/README.md")))
def test_the_readme_of_a_project_has_the_usual_form(path):
    text = path.read_text(encoding="utf-8")
    parts = ["**Question.**", "**Data.**", "**Model.**", "\n```\npython projects/"]
    parts += ["**Test.**", "**Result", "\n## Limits", "\n## Where things are"]
    assert [part for part in parts if part not in text] == []


def test_both_readmes_have_the_same_table():
    assert rows(CHINESE) == rows(ENGLISH)


def test_both_readmes_name_the_same_commands_and_pictures():
    assert sorted(commands(CHINESE)) == sorted(commands(ENGLISH))
    for text in ("](docs/figures/", "](projects/", "](docs/", "pip install"):
        assert CHINESE.count(text) == ENGLISH.count(text), text
    english, chinese = (page.split("```")[1::2] for page in (ENGLISH, CHINESE))
    assert english[:2] == chinese[:2]  # the two set-up commands, to the letter
    assert "](README.zh.md)" in ENGLISH
    assert "](README.md)" in CHINESE


def test_a_wrong_figure_would_be_found():
    wrong = ENGLISH.replace("RMSE 9.576", "RMSE 9.475")
    assert rows(wrong) != rows(ENGLISH)
    assert "9.475" in rows(wrong)[0].figures


def _called() -> dict[str, set[str]]:
    """Return the flags that pages use, by program."""
    flags: dict[str, set[str]] = {}
    for page in PAGES:
        for path, given in commands(page.read_text(encoding="utf-8")):
            flags.setdefault(path, set()).update(given)
    for each in read_headlines():
        program, *rest = each.arguments
        path = program.removeprefix(f"{REPOSITORY}/")
        given = {word for word in rest if word.startswith("--")}
        flags.setdefault(path, set()).update(given)
    return flags


@pytest.mark.parametrize(("path", "flags"), sorted(_called().items()))
def test_programs_know_the_flags_that_pages_give_them(path, flags):
    done = subprocess.run(
        [sys.executable, REPOSITORY / path, "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    known = set(
        done.stdout.replace(",", " ").replace("[", " ").replace("]", " ").split()
    )
    assert flags - known - {"--help"} == set()


def test_the_citation_has_the_version_of_the_project():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    citation = (REPOSITORY / "CITATION.cff").read_text("utf-8").splitlines()
    assert f"version: {project['project']['version']}" in citation
