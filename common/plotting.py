"""Figures without global state: no pyplot, no rcParams, safe in any process."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from common.files import atomic_write

BLACK, BLUE, ORANGE, GREEN, GRAY = "#222222", "#1f5fa8", "#d9730d", "#2a9d4a", "#8a8a8a"


def make_figure(num_rows: int = 1, height: float = 4.2, **options: Any) -> tuple:
    """Return a figure of one column and its axes (one, or an array of them).

    Args:
        num_rows: panels, one above the other.
        height: of the whole figure, in inches; the width is 9.
        options: passed to `Figure.subplots` (`sharex`, `height_ratios` ...).
    """
    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.subplots(num_rows, **options)
    for axis in np.ravel(axes):
        axis.grid(True, color="#e6e6e6", linewidth=0.8)
        axis.set_axisbelow(True)
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG in one step: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=120, format="png")


def label_axes(axis: Axes, title: str, x: str, y: str) -> None:
    """Set title and labels, and a legend when something has a name."""
    axis.set_title(title, fontsize=11, loc="left")
    axis.set_xlabel(x)
    axis.set_ylabel(y)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(frameon=False, fontsize=9)


def plot_learning_curves(
    histories: Sequence[Mapping[str, Sequence[float]]], title: str, loss: str = "loss"
) -> Figure:
    """Draw training and validation loss by epoch, one thin line per fit.

    Args:
        histories: of each fit, lists by name: `loss` and, if there was
            validation, `val_loss`.
        title: above the figure.
        loss: what the vertical axis is called.
    """
    figure, axis = make_figure()
    for key, color, name in (
        ("loss", BLUE, "training"),
        ("val_loss", ORANGE, "validation"),
    ):
        for i, history in enumerate(h for h in histories if key in h):
            values = history[key]
            epochs = range(1, len(values) + 1)
            label = name if i == 0 else None
            axis.plot(epochs, values, color=color, alpha=0.75, lw=1.1, label=label)
            if key == "val_loss":
                best = int(np.argmin(values))
                axis.plot(best + 1, values[best], "o", color=color, ms=4)
    axis.set_yscale("log")
    label_axes(axis, title, "epoch", loss)
    return figure
