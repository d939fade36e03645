"""What an LSTM loses without one of its parts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from common.plotting import BLUE, GRAY, ORANGE, label_axes, make_figure
from common.reporting import Report
from projects.couplet.experiments.long_memory_report import (
    adding_table,
    metrics_of,
    sums_table,
)
from projects.couplet.experiments.memory_trials import Finding


def make_report(found: Sequence[Finding], command: str) -> Report:
    """Tell what the variants have come to.

    Args:
        found: Of the adding problem and of the sums.
        command: What reproduces the experiment.
    """
    adding, sums = found
    worst = [max(each.results, key=lambda n: np.mean(each.errors(n))) for each in found]
    return Report(
        title="An LSTM without one of its parts",
        verdict=f"Worst at adding: {worst[0]}; worst at writing sums: {worst[1]}.",
        command=command,
        tables=[adding_table([adding]), sums_table(sums)],
        notes=[
            "NIG, NFG, NOG: without input, forget, output gate; NIAF, NOAF: without"
            " input, output activation; CIFG: coupled input and forget gates.",
        ],
        figures={
            "lstm_variants": (
                "Error of each variant, each seed and mean",
                _plot(adding, sums),
            )
        },
        metrics={each.task: metrics_of(each) for each in found},
    )


def _plot(adding: Finding, sums: Finding) -> Figure:
    figure, axes = make_figure(2, 5.6, sharex=True)
    names = list(adding.results)
    for axis, found, scale in zip(axes, (adding, sums), (1, 100), strict=True):
        errors = scale * np.array([found.errors(name) for name in names])
        axis.plot(names, errors, "o", color=BLUE, alpha=0.4, ms=5)
        axis.plot(names, errors.mean(axis=1), "_", color=ORANGE, ms=26, mew=2.5)
        axis.axhline(scale * found.baseline, color=GRAY, ls="--", lw=1)
        axis.axhline(errors[0].mean(), color=ORANGE, lw=0.8, alpha=0.6)
    axes[0].set_yscale("log")
    label_axes(axes[0], f"Adding problem: {adding.task}", "", "mean squared error")
    worst = 100 * max(max(sums.errors(name)) for name in names) or 1.0
    axes[1].set_ylim(-0.05 * worst, 1.3 * worst)
    always = f"the commonest answer: {100 * sums.baseline:.0f} % wrong"
    label_axes(axes[1], f"Written {sums.task} ({always})", "", "wrong answers, %")
    return figure
