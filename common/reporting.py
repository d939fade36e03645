"""What a run found: the same on the terminal, in report.md and in metrics.json."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from common.files import write_json, write_text
from common.plotting import save_figure


@dataclass(frozen=True)
class Table:
    """Rows of cells under a heading; numbers are already formatted or floats.

    Attributes:
        title: one line above the table.
        columns: the names of the columns.
        rows: one sequence of cells per row; a float is shown with four
            significant digits, None as a dash.
        left: numbers of the columns that begin at the left, as text does.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    left: Collection[int] = (0,)

    def to_text(self) -> str:
        """Return the table in columns for a terminal of fixed width."""
        cells = [list(self.columns)] + [[show(c) for c in row] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                self._pad(c, w, i)
                for i, (c, w) in enumerate(zip(row, widths, strict=True))
            )
            for row in cells
        ]
        rule = "  ".join("-" * width for width in widths)
        body = "\n".join([lines[0].rstrip(), rule, *map(str.rstrip, lines[1:])])
        return f"{self.title}\n{body}"

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        head = "| " + " | ".join(map(_escape, self.columns)) + " |"
        sides = ["---" if i in self.left else "---:" for i in range(len(self.columns))]
        rule = "|" + "|".join(sides) + "|"
        body = [
            "| " + " | ".join(_escape(show(c)) for c in row) + " |" for row in self.rows
        ]
        return "\n".join([f"**{_escape(self.title)}**", "", head, rule, *body])

    def _pad(self, cell: str, width: int, column: int) -> str:
        return cell.ljust(width) if column in self.left else cell.rjust(width)


@dataclass(frozen=True)
class Report:
    """The findings of one run, beginning with the plainest.

    Attributes:
        title: what was done, on what.
        verdict: one sentence: who won, by how much, by more than chance?
        command: what reproduces it.
        tables: every score beside its baseline.
        warnings: what the numbers or pictures could make one believe wrongly.
        notes: what was done to the data.
        figures: file name without ending -> caption and figure.
        metrics: for metrics.json; what trains or evaluates has `scores`: name ->
            measures, with the baselines among the names.
    """

    title: str
    verdict: str
    command: str
    tables: Sequence[Table] = ()
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()
    figures: Mapping[str, tuple[str, Figure]] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)

    def to_text(self, folder: Path | None = None) -> str:
        """Return tables, warnings and verdict for the terminal, and where they are."""
        parts = [self.title, *(table.to_text() for table in self.tables)]
        if self.warnings:
            parts.append("\n".join(f"! {line}" for line in self.warnings))
        parts.append(self.verdict)
        if folder is not None:
            parts.append(f"Report: {folder}")
        return "\n\n".join(parts)

    def to_markdown(self) -> str:
        """Return the whole report; figures are linked, not embedded."""
        parts = [f"# {self.title}", self.verdict, f"    {self.command}"]
        parts += [table.to_markdown() for table in self.tables]
        for heading, lines in (("Beware", self.warnings), ("Data", self.notes)):
            if lines:
                parts.append(f"## {heading}\n")
                parts[-1] += "\n".join(f"- {line}" for line in lines)
        for name, (caption, _) in self.figures.items():
            parts.append(f"![{caption}](figures/{name}.png)\n\n{caption}")
        return "\n\n".join(parts) + "\n"

    def save(self, folder: Path) -> None:
        """Make the folder; write figures, metrics.json and, last, report.md."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, (_, figure) in self.figures.items():
            save_figure(figure, folder / "figures" / f"{name}.png")
        write_json(folder / "metrics.json", dict(self.metrics))
        write_text(folder / "report.md", self.to_markdown())


def show(value: Any) -> str:
    """Write one cell: floats with four significant digits, None as a dash."""
    if value is None or value != value:  # NaN differs from itself
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def show_p(p_value: float) -> str:
    """Write a p-value as papers do."""
    return "< .001" if p_value < 0.001 else f"{p_value:.3f}".lstrip("0")


def show_spread(values: Sequence[float], digits: int = 4) -> str:
    """Write mean ± standard deviation (over seeds, n - 1)."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return f"{mean:.{digits}g}"
    squares = sum((value - mean) ** 2 for value in values)
    return f"{mean:.{digits}g} ± {(squares / (len(values) - 1)) ** 0.5:.2g}"


def _escape(cell: str) -> str:
    return cell.replace("|", "\\|").replace("<", "&lt;")
