"""The report of `frame_order.py`."""

from typing import Any

import numpy as np

from common.reporting import Report, Table, show_spread
from projects.video_activity import metrics
from projects.video_activity.evaluation.comparison import Found
from projects.video_activity.evaluation.splits import BY_SOURCE
from projects.video_activity.experiments.frame_order_systems import (
    AVERAGED,
    NETS,
    ORDERED,
    SHUFFLED,
    title,
)
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.footage.material import Material

_MEASURES = {"accuracy": metrics.accuracy, "AUC": metrics.macro_auc}


def make_report(
    material: Material,
    clips: ClipSet,
    found: Found,
    settings: dict[str, Any],
    command: str,
) -> Report:
    """Compare nets before frames in order, shuffled and averaged.

    Args:
        material: Where the clips come from.
        clips: All of them.
        found: By cut, then by system.
        settings: Of the experiment.
        command: What reproduces it.
    """
    scores = {
        name: {
            measure: examined.by_fold(score, clips)
            for measure, score in _MEASURES.items()
        }
        for name, examined in found[BY_SOURCE].items()
    }
    nets = [net for net in NETS if title(net, ORDERED) in scores]
    gains = {
        (net, other): scores[title(net, ORDERED)]["accuracy"]
        - scores[title(net, other)]["accuracy"]
        for net in nets
        for other in (SHUFFLED, AVERAGED)
    }
    sources = len(set(clips.groups))
    told = "; ".join(
        f"{NETS[net]} {np.mean(gains[net, SHUFFLED]):+.1%}" for net in nets
    )
    return Report(
        title=f"Frames in order or not: {len(clips)} clips of {sources} sources",
        verdict=f"What frames in order gain over shuffled ones, accuracy: {told}.",
        command=command,
        tables=[_score_table(scores), _gain_table(gains)],
        notes=[*material.notes, *clips.skipped, *clips.notes],
        metrics={
            "scores": {
                name: {key: list(map(float, v)) for key, v in row.items()}
                for name, row in scores.items()
            },
            "settings": settings,
        },
    )


def _score_table(scores: dict[str, dict[str, np.ndarray]]) -> Table:
    rows = [
        [name, *(show_spread(list(row[measure]), 3) for measure in _MEASURES)]
        for name, row in scores.items()
    ]
    return Table("Whole sources held out, mean ± sd over folds", ["", *_MEASURES], rows)


def _gain_table(gains: dict[tuple[str, str], np.ndarray]) -> Table:
    rows = [
        [
            f"{NETS[net]}: in order - {other}",
            show_spread(list(values), 2),
            f"{int((values > 0).sum())} of {len(values)}",
        ]
        for (net, other), values in gains.items()
    ]
    columns = ["", "gain in accuracy", "folds won"]
    return Table("The same folds, frames in order against others", columns, rows)
