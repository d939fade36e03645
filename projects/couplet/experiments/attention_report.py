"""What the chapter's techniques are worth, and where attention looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from common.plotting import BLUE, GRAY, label_axes, make_figure
from common.reporting import Report, Table, show_spread
from projects.couplet.cards.figures import plot_attention
from projects.couplet.experiments.alignment import FARTHEST
from projects.couplet.experiments.techniques import (
    ATTENTION,
    BOTH,
    PLAIN,
    REVERSED,
    Measured,
    compare,
    mean_attention,
)


@dataclass(frozen=True)
class Example:
    """A pair of people and the attention of a model while it is written.

    Attributes:
        first: The first line.
        second: The second line.
        attention: float, shape (characters, characters).
    """

    first: str
    second: str
    attention: np.ndarray


def make_report(
    found: Mapping[str, Sequence[Measured]],
    baselines: Mapping[str, float],
    example: Example,
    notes: Sequence[str],
    command: str,
) -> Report:
    """Tell what the models are worth.

    Args:
        found: For each technique the models of all seeds.
        baselines: Perplexities of what counts in the same pairs.
        example: Seen by the model with attention.
        notes: What was learned from.
        command: What reproduces the experiment.
    """
    looking, both = found[ATTENTION.name], found[BOTH.name]
    changes = _changes(found)
    right, chance = (
        np.mean([getattr(each.alignment, name) for each in looking])
        for name in ("right", "chance")
    )
    told = {name: show_spread(values, 3) for name, values in changes.items()}
    return Report(
        title=f"Attention and reversal in couplets, {len(looking)} seeds",
        verdict=(
            f"Attention changes the perplexity by {told['attention against plain']} %;"
            f" reversing the first line by {told['reversed against plain']} % without"
            f" attention and by {told['reversed, both with attention']} % with it. The"
            f" greatest weight of a step is on the character faced in {100 * right:.0f}"
            f" % of the steps, by chance in {100 * chance:.0f} %."
        ),
        command=command,
        tables=[
            _worth_table(found, baselines),
            _alignment_table(found),
            Table(
                "Change of perplexity in %, mean ± sd of seeds, each with itself",
                ("what", "change"),
                list(told.items()),
            ),
        ],
        notes=notes,
        figures={
            "attention_mean": (
                "Mean attention over held-out lines of seven characters: rows are"
                " steps, columns characters of the first line",
                _plot_mean(looking, both),
            ),
            "attention_pair": (
                "One held-out pair of people, as the model with attention writes it",
                plot_attention(example),
            ),
        },
        metrics={
            "models": {name: _numbers(each) for name, each in found.items()},
            "baselines": dict(baselines),
            "changes": changes,
        },
    )


def _changes(found: Mapping[str, Sequence[Measured]]) -> dict[str, list[float]]:
    plain, looking = found[PLAIN.name], found[ATTENTION.name]
    return {
        "attention against plain": compare(looking, plain),
        "reversed against plain": compare(found[REVERSED.name], plain),
        "reversed, both with attention": compare(found[BOTH.name], looking),
    }


def _worth_table(
    found: Mapping[str, Sequence[Measured]], baselines: Mapping[str, float]
) -> Table:
    rows = [
        (
            name,
            show_spread([each.perplexity for each in models], 4),
            show_spread([100 * each.right_length for each in models], 3),
        )
        for name, models in found.items()
    ]
    rows += [(name, f"{value:.4g}", None) for name, value in baselines.items()]
    return Table(
        "Held-out pairs: perplexity per character; answers of the right length, in %",
        ("model", "perplexity", "right length, written freely"),
        rows,
    )


def _alignment_table(found: Mapping[str, Sequence[Measured]]) -> Table:
    rows = []
    for name, models in found.items():
        seen = [each.alignment for each in models if each.alignment]
        if seen:
            near = [sum(a.offsets[FARTHEST - 1 : FARTHEST + 2]) for a in seen]
            rows.append(
                (
                    name,
                    show_spread([100 * a.right for a in seen], 3),
                    show_spread([100 * share for share in near], 3),
                    show_spread([100 * a.weight for a in seen], 3),
                    f"{100 * np.mean([a.chance for a in seen]):.1f}",
                )
            )
    return Table(
        "Attention, in % of the steps: greatest weight on the character faced",
        ("model", "on it", "on it or beside it", "mean weight of it", "by chance"),
        rows,
    )


def _plot_mean(*models: Sequence[Measured]) -> Figure:
    figure, axes = make_figure(height=3.2, ncols=3, width_ratios=[3, 3, 4])
    names = (ATTENTION.name, BOTH.name)
    for axis, name, found in zip(axes, names, models, strict=False):
        axis.grid(False)
        shares = mean_attention(found)
        places = range(1, len(shares) + 1)
        image = axis.imshow(shares, cmap="Reds", vmin=0)
        axis.set_xticks(range(len(shares)), places)
        axis.set_yticks(range(len(shares)), places)
        label_axes(axis, name, "character of the first line", "step")
        figure.colorbar(image, ax=axis, shrink=0.7)
    offsets = np.arange(-FARTHEST, FARTHEST + 1)
    for shift, color, name, found in zip(
        (-0.2, 0.2), (BLUE, GRAY), names, models, strict=True
    ):
        heights = np.mean([each.alignment.offsets for each in found], axis=0)
        axes[-1].bar(offsets + shift, 100 * heights, 0.4, color=color, label=name)
    axes[-1].set_xticks(offsets)
    axes[-1].set_ylim(0, 120)  # room for the names
    label_axes(axes[-1], "greatest weight", "its place less the step", "% of steps")
    return figure


def _numbers(models: Sequence[Measured]) -> list[dict]:
    return [
        {
            "perplexity": each.perplexity,
            "right_length": each.right_length,
            "aligned": each.alignment and each.alignment.right,
            "chance": each.alignment and each.alignment.chance,
            "offsets": each.alignment and each.alignment.offsets.tolist(),
        }
        for each in models
    ]
