"""What dropout did to the error on later rows: table, curves, verdict."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from common.plotting import BLACK, BLUE, GREEN, ORANGE, label_axes, make_figure
from common.reporting import Report, Table, show_spread
from projects.stock_lstm.experiments.dropout_trial import Curve, Part

# Of each part and each rate the curves of all seeds.
Curves = Mapping[str, Mapping[float, Sequence[Curve]]]
_COLORS = (ORANGE, BLUE, GREEN, BLACK)
_LAST = 10  # epochs; a single one is a matter of luck


def make_report(
    source: str, parts: Sequence[Part], curves: Curves, command: str
) -> Report:
    """Tell how the nets did.

    Args:
        source: The name of the series.
        parts: What was learned and held out.
        curves: By the names of the parts.
        command: What reproduces the experiment.
    """
    some = next(iter(curves[parts[0].name].values()))
    epochs, seeds = len(some[0].training), len(some)
    caption = "Error by epoch: thin lines are seeds, thick ones their mean"
    return Report(
        title=f"{source}: the slides' net with and without dropout, {epochs} epochs",
        verdict=" ".join(_verdict(part, curves[part.name]) for part in parts),
        command=command,
        tables=[_table(part, curves[part.name], seeds) for part in parts],
        warnings=[
            "Both errors are those of the net as it is used, nothing dropped: the loss"
            " that a training shows is that of a net with gaps.",
            "The best epoch is chosen on the held-out rows themselves.",
            *_beyond(parts),
        ],
        figures={"error_by_epoch": (caption, _plot(parts, curves))},
        metrics={
            "epochs": epochs,
            "parts": {
                part.name: {
                    "naive": part.naive,
                    "beyond": part.beyond,
                    "rates": _numbers(curves[part.name]),
                }
                for part in parts
            },
        },
    )


def last_error(errors: Sequence[float]) -> float:
    """Return the mean error of the last epochs."""
    return float(np.mean(errors[-_LAST:]))


def _table(part: Part, rates: Mapping[float, Sequence[Curve]], seeds: int) -> Table:
    rows = []
    for rate, curves in rates.items():
        ends = [last_error(curve.training) for curve in curves]
        later = [last_error(curve.held_out) for curve in curves]
        rows.append(
            (
                f"dropout {rate}",
                show_spread(ends, 3),
                show_spread(later, 3),
                show_spread([b / a for a, b in zip(ends, later, strict=True)], 3),
                show_spread([min(curve.held_out) for curve in curves], 3),
                show_spread([int(np.argmin(c.held_out)) + 1 for c in curves], 2),
            )
        )
    rows.append(("row before (no net)", *part.naive, None, None, None))
    return Table(
        f"Held out: {part.name}; RMSE, mean ± sd of {seeds} seeds, last {_LAST} epochs",
        ("net", "training", "held out", "ratio", "best epoch's, held out", "which"),
        rows,
    )


def _verdict(part: Part, rates: Mapping[float, Sequence[Curve]]) -> str:
    ends = {
        rate: np.mean([last_error(curve.held_out) for curve in curves])
        for rate, curves in rates.items()
    }
    best, worst = min(ends, key=ends.get), max(ends, key=ends.get)
    return (
        f"On {part.name} dropout {best} errs least on later rows ({ends[best]:.3g}) and"
        f" {worst} most ({ends[worst]:.3g}); the row before, without a net,"
        f" {part.naive[1]:.3g}."
    )


def _beyond(parts: Sequence[Part]) -> list[str]:
    return [
        f"{100 * part.beyond:.0f} % of the prices of {part.name} lie outside the range"
        " of the training rows, where a net on price levels has never been."
        for part in parts
        if part.beyond
    ]


def _numbers(rates: Mapping[float, Sequence[Curve]]) -> dict[str, dict]:
    return {
        str(rate): {
            "training": [list(curve.training) for curve in curves],
            "held_out": [list(curve.held_out) for curve in curves],
        }
        for rate, curves in rates.items()
    }


def _plot(parts: Sequence[Part], curves: Curves) -> Figure:
    figure, axes = make_figure(len(parts), height=3.6 * len(parts), squeeze=False)
    for axis, part in zip(axes[:, 0], parts, strict=True):
        for color, (rate, found) in zip(_COLORS, curves[part.name].items()):  # noqa: B905
            for style, side in (("-", "held_out"), (":", "training")):
                values = np.array([getattr(curve, side) for curve in found])
                epochs = np.arange(1, values.shape[1] + 1)
                axis.plot(epochs, values.T, style, color=color, lw=0.6, alpha=0.35)
                name = f"dropout {rate}, {side.replace('_', ' ')}"
                mean = values.mean(axis=0)
                axis.plot(epochs, mean, style, color=color, lw=1.8, label=name)
        naive = part.naive[1]
        axis.axhline(naive, color=BLACK, lw=1, ls="--", label="row before, held out")
        axis.set_yscale("log")
        for ticks in (axis.yaxis.set_major_formatter, axis.yaxis.set_minor_formatter):
            ticks(FuncFormatter(lambda value, _: f"{value:g}"))
        label_axes(axis, f"Held out: {part.name}", "epoch", "RMSE")
        axis.set_ylim(top=1.6 * axis.get_ylim()[1])
        axis.legend(loc="upper right", ncols=4, frameon=False, fontsize=9)
    return figure
