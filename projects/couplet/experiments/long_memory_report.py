"""Errors against the length of the dependency, and sums in writing."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from common.plotting import BLUE, GRAY, GREEN, ORANGE, label_axes, make_figure
from common.reporting import Report, Table, show_spread
from projects.couplet.experiments.memory_trials import Finding

_COLORS = {"SimpleRNN": ORANGE, "GRU": GREEN, "LSTM": BLUE}


def make_report(
    found: Sequence[Finding], lengths: Sequence[int], command: str
) -> Report:
    """Tell what the nets have come to.

    Args:
        found: Of the adding problems by rising length, then of the sums.
        lengths: Of the adding problems.
        command: What reproduces the experiment.
    """
    *adding, sums = found
    longest = adding[-1]
    parts = [
        f"{name} {np.mean(longest.errors(name)) / longest.baseline:.0%}"
        for name in longest.results
    ]
    return Report(
        title="How far nets remember",
        verdict=(
            f"Of the error of always saying 1, at {lengths[-1]} steps are left:"
            f" {', '.join(parts)}."
        ),
        command=command,
        tables=[adding_table(adding), sums_table(sums)],
        figures={
            "long_memory": (
                "Adding problem: mean squared error by length, each seed and mean",
                _plot(adding, lengths),
            )
        },
        metrics={f.task: metrics_of(f) for f in found},
    )


def adding_table(found: Sequence[Finding]) -> Table:
    """Return the errors of adding problems, and how many passes they took."""
    rows = []
    for name in found[0].results:
        cells = [show_spread(each.errors(name), 2) for each in found]
        weights = found[0].results[name][0].weights
        rows.append((name, weights, *cells, _passes(found[-1], name)))
    baselines = [f"{each.baseline:.4f}" for each in found]
    rows.append(("always 1", None, *baselines, None))
    return Table(
        "Adding problem, mean squared error, mean ± sd over seeds",
        ("net", "weights", *(each.task.split(", ")[1] for each in found), "passes"),
        rows,
    )


def sums_table(found: Finding) -> Table:
    """Return the shares of sums that are written without a mistake."""
    rows = [
        (
            name,
            results[0].weights,
            show_spread([100 * (1 - r.error) for r in results], 3),
            _passes(found, name),
        )
        for name, results in found.results.items()
    ]
    rows.append(("commonest answer", None, f"{100 * (1 - found.baseline):.1f}", None))
    return Table(
        f"Written {found.task}: right to the last digit, %, mean ± sd over seeds",
        ("net", "weights", "right", "passes"),
        rows,
    )


def metrics_of(found: Finding) -> dict:
    """Return a finding as values that JSON can hold."""
    results = {name: [vars(r) for r in many] for name, many in found.results.items()}
    return {"baseline": found.baseline, "results": results}


def _passes(found, name):
    return show_spread([float(result.epochs) for result in found.results[name]], 3)


def _plot(found: Sequence[Finding], lengths: Sequence[int]) -> Figure:
    figure, axis = make_figure()
    for name in found[0].results:
        errors = np.array([each.errors(name) for each in found])
        color = _COLORS[name]
        axis.plot(lengths, errors.mean(axis=1), "-", color=color, label=name)
        axis.plot(lengths, errors, ".", color=color, alpha=0.5)
    baseline = np.mean([each.baseline for each in found])
    axis.axhline(baseline, color=GRAY, ls="--", lw=1, label="always saying 1")
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_ylim(top=1)  # room for the legend
    axis.set_xticks(lengths, lengths)
    axis.minorticks_off()
    title = "Two numbers of a sequence to be added at its end"
    label_axes(axis, title, "steps of the sequence", "mean squared error")
    return figure
