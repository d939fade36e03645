"""What stands in the pages: commands, tables, figures."""

import re
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = [
    *REPOSITORY.glob("*.md"),
    *REPOSITORY.glob("docs/*.md"),
    *REPOSITORY.glob("projects/*/README.md"),
]
_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d*\.?\d+")
_COMMAND = re.compile(r"python ((?:projects|benchmarks)/[\w/]+\.py)([^`\n#]*)")


@dataclass(frozen=True)
class Row:
    """One row of the table of projects in a README."""

    project: str
    command: str
    figures: frozenset[str]


def numbers(text: str) -> frozenset[str]:
    """Return the numbers of a text as they are written."""
    return frozenset(_NUMBER.findall(text))


def commands(text: str) -> list[tuple[str, list[str]]]:
    """Return the programs that a page calls, each with its flags."""
    lines = re.sub(r"\\?\n\s*(?=--)", " ", text)  # a command may go on in the next line
    lines = re.sub(r"\bpython\n\s*", "python ", lines)
    found = _COMMAND.findall(lines)
    return [(path, re.findall(r"--[a-z][a-z-]*", rest)) for path, rest in found]


def rows(page: str) -> list[Row]:
    """Return the rows of the table of projects, in order."""
    found, project = [], ""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 7 or not cells[3].startswith("`"):
            continue
        if name := re.match(r"\[(\w+)\]", cells[0]):
            project = name[1]
        figures = numbers(" ".join(cells[4:]))
        found.append(Row(project, cells[3].strip("`"), figures))
    return found
