"""Tables that read alike on the terminal, in report.md and in docs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of cells under a heading; numbers are already formatted or floats.

    Attributes:
        title: one line above the table.
        columns: the names of the columns.
        rows: one sequence of cells per row; a float is shown with four
            significant digits, None as a dash.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def to_text(self) -> str:
        """Return the table in columns for a terminal of fixed width."""
        cells = [list(self.columns)] + [[show(c) for c in row] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(_pad(c, w, i) for i, (c, w) in enumerate(zip(row, widths)))
            for row in cells
        ]
        rule = "  ".join("-" * width for width in widths)
        body = "\n".join([lines[0].rstrip(), rule, *map(str.rstrip, lines[1:])])
        return f"{self.title}\n{body}"

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        head = "| " + " | ".join(map(_escape, self.columns)) + " |"
        rule = "|" + "|".join(["---"] + ["---:"] * (len(self.columns) - 1)) + "|"
        body = [
            "| " + " | ".join(_escape(show(c)) for c in row) + " |" for row in self.rows
        ]
        return "\n".join([f"**{_escape(self.title)}**", "", head, rule, *body])


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


def _pad(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)


def _escape(cell: str) -> str:
    return cell.replace("|", "\\|").replace("<", "&lt;")
