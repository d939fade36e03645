"""n-grams beside the net: what they foresee, how large they are, how far they look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from common.plotting import BLUE, GRAY, ORANGE, label_axes, make_figure
from common.reporting import Report, Table, show_spread
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.poems.evaluation import Perplexity

_ENTRY = 12  # bytes: a key of eight, a count of four
_WEIGHT = 2  # bytes: float16


@dataclass(frozen=True)
class Sizes:
    """An n-gram model in numbers.

    Attributes:
        order: n.
        entries: Different n-grams that were seen, of this order alone.
        possible: How many there could be.
        megabytes: Of this order and all below it, which it falls back on.
        perplexity: On poems held out.
    """

    order: int
    entries: int
    possible: float
    megabytes: float
    perplexity: Perplexity

    @classmethod
    def of(cls, model: NgramModel, perplexity: Perplexity) -> "Sizes":
        """Take the numbers of a model."""
        entries = [len(table.keys) for table in model.tables]
        return cls(
            model.order,
            entries[-1],
            float(model.vocabulary_size) ** model.order,
            sum(entries) * _ENTRY / 1e6,
            perplexity,
        )


def make_report(
    sizes: Sequence[Sizes],
    weights: int,
    whole: Perplexity,
    views: Mapping[str, Sequence[Mapping[int, float]]],
    command: str,
) -> Report:
    """Tell what n-grams and the net are worth.

    Args:
        sizes: Of the n-gram models, by rising n.
        weights: How many numbers the net has.
        whole: The net's perplexity on the same poems.
        views: Of n-grams, of the net as it is, and of the net after lessons: for each
            seed the perplexity per character by how many ids are seen, on some of the
            poems.
        command: What reproduces the experiment.
    """
    best = min(sizes, key=lambda size: size.perplexity.per_character)
    return Report(
        title="n-grams and a net on Tang poems",
        verdict=(
            f"The best n-gram model, n = {best.order}, has a perplexity of"
            f" {best.perplexity.per_character:.0f} per character, the net"
            f" {whole.per_character:.0f}."
        ),
        command=command,
        tables=[_size_table(sizes, weights, whole), _view_table(views)],
        figures={
            "looking_back": (
                "Perplexity by how many characters are seen, and how many n-grams are"
                " stored",
                _plot(sizes, views),
            )
        },
        metrics={
            "ngrams": [vars(s) | {"perplexity": vars(s.perplexity)} for s in sizes],
            "net": {"weights": weights, "perplexity": vars(whole)},
            "views": {name: list(seeds) for name, seeds in views.items()},
        },
    )


def _size_table(sizes, weights, whole):
    rows = [
        (
            f"{s.order}-gram",
            f"{s.entries:,}",
            f"{s.possible:.1e}",
            f"{s.megabytes:.1f}",
            f"{s.perplexity.per_character:.0f}",
            f"{s.perplexity.per_token:.0f}",
        )
        for s in sizes
    ]
    values = f"{whole.per_character:.0f}", f"{whole.per_token:.0f}"
    megabytes = f"{weights * _WEIGHT / 1e6:.1f}"
    rows.append(("LSTM", f"{weights:,} weights", None, megabytes, *values))
    return Table(
        "Size, and perplexity on poems held out",
        ("model", "entries", "possible", "MB", "per character", "per token"),
        rows,
    )


def _view_table(views):
    rows = [
        (
            k,
            *(
                show_spread([each[k] for each in many], 3) if k in many[0] else None
                for many in views.values()
            ),
        )
        for k in _all_seen(views)
    ]
    return Table(
        "Perplexity per character of what sees only the last ids, on some of the poems",
        ("seen", *views),
        rows,
        left=(),
    )


def _all_seen(views):
    return sorted({k for many in views.values() for k in many[0]})


def _plot(sizes, views) -> Figure:
    figure, (above, below) = make_figure(2, 6.4)
    orders = [s.order for s in sizes]
    for (name, many), color in zip(views.items(), (ORANGE, GRAY, BLUE), strict=True):
        seen = [k for k in many[0] if k > 0]  # the scale has no 0
        mean = [np.mean([each[k] for each in many]) for k in seen]
        above.plot(seen, mean, "o-", color=color, label=name)
    above.set_xscale("log")
    above.set_ylim(bottom=0)
    ticks = [k for k in _all_seen(views) if k > 0]
    above.set_xticks(ticks, ticks)
    above.minorticks_off()
    title = "Seeing more: n-grams gain nothing, the net does"
    label_axes(above, title, "characters seen", "perplexity per character")
    below.plot(orders, [s.possible for s in sizes], "o-", color=GRAY, label="possible")
    below.plot(orders, [s.entries for s in sizes], "o-", color=ORANGE, label="seen")
    below.set_yscale("log")
    below.set_xticks(orders, orders)
    label_axes(below, "Size of the table", "n", "n-grams")
    return figure
