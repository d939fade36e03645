"""How well blanks were filled: a table, and a picture by the place of the blank."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from common.plotting import BLACK, BLUE, GRAY, ORANGE, label_axes, make_figure
from common.reporting import Report, Table, show_spread
from projects.couplet.experiments.blanks import LENGTH, Blanks, Material, ranks, score
from projects.couplet.tokens import PAD

_COLORS = {"forward": BLUE, "backward": ORANGE, "both": BLACK}
_CLAUSE = 7  # the picture shows sentences of two clauses of seven


def make_report(
    found: Mapping[str, Sequence[np.ndarray]], material: Material, command: str
) -> Report:
    """Tell how well blanks were filled.

    Args:
        found: For each kind of net the log-probabilities by each seed, shape (blanks,
            ids).
        material: What was asked, and what counting answers.
        command: What reproduces the experiment.
    """
    targets = material.asked.targets.ravel()
    nets = {name: [score(g, targets) for g in many] for name, many in found.items()}
    counted = {name: score(g, targets) for name, g in material.counted.items()}
    rows = [
        (f"net, {name}", *(_spread(scores, key) for key in vars(scores[0])))
        for name, scores in nets.items()
    ]
    rows += [
        (name, f"{100 * s.first:.1f}", f"{100 * s.five:.1f}", f"{s.perplexity:.0f}")
        for name, s in counted.items()
    ]
    gained = [
        100 * (both.first - one.first)
        for both, one in zip(nets["both"], nets["forward"], strict=True)
    ]
    return Report(
        title=f"Filling blanks in {len(targets):,} sentences of Tang poems",
        verdict=(
            "Reading both ways finds the character"
            f" {show_spread(gained, 3)} points more often than reading forward"
            f" ({len(gained)} seeds, each with itself)."
        ),
        command=command,
        tables=[
            Table(
                "Right character likeliest, among the five likeliest, in %; mean ± sd",
                ("what guesses", "first", "first five", "perplexity"),
                rows,
            )
        ],
        notes=[
            f"{len(material.sentences):,} sentences to learn from,"
            f" {len(material.tokens):,} ids; {material.left_out:,} poems left out, as"
            " they share a clause with those held out.",
        ],
        figures={
            "places": (
                "Share of characters found by the place of the blank, sentences of"
                " two clauses of seven, mean of seeds",
                _plot_places(found, material.asked),
            )
        },
        metrics={
            "nets": {name: [vars(s) for s in many] for name, many in nets.items()},
            "counted": {name: vars(s) for name, s in counted.items()},
        },
    )


def _spread(scores, key):
    scale, digits = (1, 3) if key == "perplexity" else (100, 3)
    return show_spread([scale * getattr(each, key) for each in scores], digits)


def _plot_places(found: Mapping[str, Sequence[np.ndarray]], asked: Blanks) -> Figure:
    figure, axis = make_figure()
    targets = asked.targets.ravel()
    long = asked.ids[:, LENGTH - 1] != PAD
    places = asked.places[:, 0]
    # Place 8 is the comma between the clauses.
    shown = [p for p in range(1, 2 * _CLAUSE + 2) if p != _CLAUSE + 1]
    rows = [np.flatnonzero(long & (places == place)) for place in shown]
    for name, many in found.items():
        hit = np.mean([ranks(guesses, targets) < 5 for guesses in many], axis=0)
        shares = [100 * hit[row].mean() if len(row) else np.nan for row in rows]
        axis.plot(range(len(shown)), shares, "o-", color=_COLORS[name], label=name)
    axis.axvline(_CLAUSE - 0.5, color=GRAY, lw=0.8)
    axis.set_xticks(range(len(shown)), [*range(1, _CLAUSE + 1)] * 2)
    axis.set_ylim(bottom=0)
    label_axes(
        axis,
        "A blank is filled better from both sides",
        "place of the blank in the first and in the second clause",
        "right one among five, %",
    )
    return figure
