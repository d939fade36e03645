"""How many first lines are usable, whoever wrote them: tables and verdict."""

from collections.abc import Mapping, Sequence

import numpy as np

from common.reporting import Report, Table
from projects.couplet.experiments.usable_lines import CHECKS, Judge


def make_report(
    lines: Mapping[str, Sequence[str]],
    judge: Judge,
    examples: Sequence[str],
    notes: Sequence[str],
    command: str,
) -> Report:
    """Judge lines.

    Args:
        lines: By who wrote them; the first is the writer that is asked about, the
            second people.
        judge: Who judges.
        examples: Lines of the first to show.
        notes: What was learned from.
        command: What reproduces the experiment.
    """
    held = {name: judge.check(each) for name, each in lines.items()}
    perplexities = {name: judge.perplexities(each) for name, each in lines.items()}
    ours, people = list(lines)[:2]
    share, theirs = (100 * held[name].all(axis=1).mean() for name in (ours, people))
    error = (share * (100 - share) / len(held[ours])) ** 0.5
    return Report(
        title=f"First lines out of nothing: {len(lines[ours])} of {ours}",
        verdict=(
            f"{share:.0f} % (standard error {error:.0f}) of the lines pass all checks,"
            f" {theirs:.0f} % of people's held-out lines do. Median perplexity by a"
            " trigram model of people's lines: theirs"
            f" {np.median(perplexities[people]):.0f}, these"
            f" {np.median(perplexities[ours]):.0f}."
        ),
        command=command,
        tables=[
            _check_table(held, perplexities),
            _example_table(examples, judge),
        ],
        warnings=[
            "Meaning is judged by no check; read the examples.",
            f"reads well: perplexity at most {judge.bound:.0f}, which 95 % of people's"
            " held-out lines do not exceed.",
        ],
        notes=notes,
        metrics={
            name: {
                "lines": len(held[name]),
                "usable": float(held[name].all(axis=1).mean()),
                "median_perplexity": float(np.median(perplexities[name])),
                "checks": dict(
                    zip(CHECKS, held[name].mean(axis=0).tolist(), strict=True)
                ),
            }
            for name in lines
        },
    )


def _check_table(
    held: Mapping[str, np.ndarray], perplexities: Mapping[str, np.ndarray]
) -> Table:
    rows = [
        (
            name,
            len(checks),
            *(f"{100 * share:.0f}" for share in checks.mean(axis=0)),
            f"{np.median(perplexities[name]):.0f}",
            f"{100 * checks.all(axis=1).mean():.0f}",
        )
        for name, checks in held.items()
    ]
    return Table(
        "Share of the lines of which it holds, in %; perplexity: the median",
        ("written by", "lines", *CHECKS, "perplexity", "all"),
        rows,
    )


def _example_table(lines: Sequence[str], judge: Judge) -> Table:
    checks, perplexities = judge.check(lines), judge.perplexities(lines)
    rows = []
    for line, held, perplexity in zip(lines, checks, perplexities, strict=True):
        failed = [name for name, good in zip(CHECKS, held, strict=True) if not good]
        rows.append((line, f"{perplexity:.0f}", ", ".join(failed) or "-"))
    columns = ("line", "perplexity", "fails")
    return Table("Drawn by chance", columns, rows, left=(0, 2))
