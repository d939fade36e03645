"""How the cost of a word grows with the vocabulary: table, picture, verdict."""

from collections.abc import Mapping, Sequence
from statistics import median

from matplotlib.figure import Figure

from common.plotting import BLUE, GREEN, ORANGE, label_axes, make_figure
from common.reporting import Report, Table
from projects.word2vec.experiments.step_cost import OUTPUTS, Arithmetic

# Microseconds per word of each round, by output and size of the vocabulary.
Times = Mapping[str, Mapping[int, Sequence[float]]]
_NAMES = {
    "softmax": "full softmax",
    "hierarchical": "hierarchical softmax",
    "negative": "negative sampling",
}


def make_report(
    times: Times, rows_read: Mapping[int, Arithmetic], command: str
) -> Report:
    """Tell how the cost grows.

    Args:
        times: Measured.
        rows_read: Counted, by size of the vocabulary.
        command: What reproduces the experiment.
    """
    sizes = list(rows_read)
    growth = {
        output: _ratio(times[output][sizes[-1]], times[output][sizes[0]])
        for output in OUTPUTS
    }
    told = "; ".join(f"{_NAMES[o]} {median(growth[o]):.3g} times" for o in OUTPUTS)
    caption = "Time of one word against the size of the vocabulary, both in powers"
    return Report(
        title="Cost of a word against the size of the vocabulary, skip-gram",
        verdict=(
            f"From {sizes[0]:,} to {sizes[-1]:,} words ({sizes[-1] / sizes[0]:.3g}"
            f" times as many) a word costs: {told} as much."
        ),
        command=command,
        tables=[_time_table(times, sizes), _rows_table(rows_read)],
        figures={"cost": (caption, _plot(times, sizes))},
        metrics={
            "microseconds": {
                o: {str(n): list(v) for n, v in times[o].items()} for o in OUTPUTS
            },
            "rows_read": {str(n): vars(rows) for n, rows in rows_read.items()},
        },
    )


def _ratio(some: Sequence[float], others: Sequence[float]) -> list[float]:
    """Divide round by round."""
    return [a / b for a, b in zip(some, others, strict=True)]


def _time_table(times: Times, sizes: Sequence[int]) -> Table:
    rows = []
    for size in sizes:
        cells: list[str] = []
        for output in OUTPUTS:
            own, least = times[output][size], times[output][sizes[0]]
            cells += [f"{median(own):.3g}", f"{median(_ratio(own, least)):.3g}"]
        speed = median(_ratio(times["softmax"][size], times["negative"][size]))
        rows.append((f"{size:,}", *cells, f"{speed:.3g}"))
    columns = ["words"]
    for output in OUTPUTS:
        columns += [f"{_NAMES[output]}, µs a word", f"x {sizes[0]:,}"]
    return Table(
        "Time of one center word, median of the rounds; ratios round by round",
        (*columns, "softmax / negative"),
        rows,
    )


def _rows_table(rows_read: Mapping[int, Arithmetic]) -> Table:
    return Table(
        "Rows of the output matrix that one prediction reads, counted",
        ("words", *(_NAMES[output] for output in OUTPUTS)),
        [
            (f"{n:,}", *(f"{getattr(rows, output):.4g}" for output in OUTPUTS))
            for n, rows in rows_read.items()
        ],
    )


def _plot(times: Times, sizes: Sequence[int]) -> Figure:
    figure, axis = make_figure()
    for color, output in zip((ORANGE, BLUE, GREEN), OUTPUTS, strict=True):
        values = [median(times[output][size]) for size in sizes]
        axis.plot(sizes, values, "o-", color=color, label=_NAMES[output])
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    title = "Cost of one word of text in training"
    label_axes(axis, title, "words of the vocabulary", "microseconds")
    return figure
