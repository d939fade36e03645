"""The report of an evaluation."""

from typing import Any

import numpy as np
import pandas as pd

from common.reporting import Report, Table, show_spread
from projects.video_activity import metrics
from projects.video_activity.evaluation.comparison import Found
from projects.video_activity.evaluation.cross_validation import Examined, alarm_recall
from projects.video_activity.evaluation.splits import BY_CLIP, BY_SOURCE, ONE_OUT
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.figures import draw_confusion
from projects.video_activity.footage.material import Material

_BY_FOLD = {
    "accuracy": metrics.accuracy,
    "macro-F1": metrics.macro_f1,
    "AUC": metrics.macro_auc,
    "recall at 10 %": alarm_recall,
}
_BY_SEED = {"calibration error": metrics.calibration_error, "Brier": metrics.brier}


def make_report(
    material: Material,
    clips: ClipSet,
    found: Found,
    settings: dict[str, Any],
    command: str,
) -> Report:
    """Compare systems.

    Args:
        material: Where the clips come from.
        clips: All of them.
        found: By cut, then by system.
        settings: Of the evaluation.
        command: What reproduces it.
    """
    scores = {way: _score_all(way, systems, clips) for way, systems in found.items()}
    honest = {
        name: sum(row["accuracy"]) / len(row["accuracy"])
        for name, row in scores[BY_SOURCE].items()
    }
    best, naive = max(honest, key=honest.get), next(iter(honest))
    last = list(found[BY_SOURCE].values())[-1]
    sources = len(set(clips.groups))
    confusions = [metrics.confusion(p, clips.labels) for p in last.probabilities]
    counts = np.sum(confusions, axis=0)
    return Report(
        title=f"{material.name}: {len(clips)} clips of {sources} sources",
        verdict=(
            f"With whole sources held out, {best} classifies {honest[best]:.1%} of the"
            f" clips rightly, {naive} {honest[naive]:.1%}."
        ),
        command=command,
        tables=[
            *(_table(way, rows) for way, rows in scores.items()),
            _class_table(last, clips, list(found[BY_SOURCE])[-1]),
        ],
        warnings=_warn(scores),
        notes=[*material.notes, *clips.skipped, *clips.notes],
        figures={
            "confusion": (
                f"How often {list(found[BY_SOURCE])[-1]} took each class for which",
                draw_confusion(counts, clips.classes, "Whole sources held out"),
            )
        },
        metrics={
            "scores": scores[BY_SOURCE],
            "other_cuts": {way: scores[way] for way in scores if way != BY_SOURCE},
            "settings": settings,
        },
    )


def tabulate(clips: ClipSet, found: Found) -> pd.DataFrame:
    """Return what the last system said of each clip, with whole sources held out."""
    last = list(found[BY_SOURCE].values())[-1].probabilities.mean(axis=0)
    frame = pd.DataFrame({"file": clips.paths, "start": clips.starts})
    frame["group"] = clips.groups
    frame["label"] = [clips.classes[label] for label in clips.labels]
    for place, name in enumerate(clips.classes):
        frame[name] = last[:, place].round(4)
    return frame


def _score_all(
    way: str, systems: dict[str, Examined], clips: ClipSet
) -> dict[str, dict[str, list[float]]]:
    """Return the scores of each fold (where it is large enough) or seed."""
    whole = way == ONE_OUT  # a single source may lack a class
    rows: dict[str, dict[str, Any]] = {}
    for name, examined in systems.items():
        rows[name] = {
            score: (examined.by_seed if whole else examined.by_fold)(measure, clips)
            for score, measure in _BY_FOLD.items()
        }
        for score, measure in _BY_SEED.items():
            rows[name][score] = examined.by_seed(measure, clips)
        rows[name] = {score: list(map(float, v)) for score, v in rows[name].items()}
    return rows


def _table(way: str, rows: dict[str, dict[str, list[float]]]) -> Table:
    columns = ["", *_BY_FOLD, *_BY_SEED]
    cells = [
        [name, *(show_spread(row[score], 3) for score in columns[1:])]
        for name, row in rows.items()
    ]
    return Table(f"{way[0].upper()}{way[1:]}", columns, cells)


def _class_table(examined: Examined, clips: ClipSet, name: str) -> Table:
    rows = []
    for place, label in enumerate(clips.classes):
        positive = clips.labels == place
        scores = examined.probabilities[:, :, place]
        found = (examined.probabilities.argmax(axis=2) == place)[:, positive].mean(1)
        areas = [metrics.auc(row, positive) for row in scores]
        alarms = [metrics.recall_at(row, positive, 0.1) for row in scores]
        spreads = [show_spread(list(values), 3) for values in (found, areas, alarms)]
        rows.append([label, int(positive.sum()), *spreads])
    columns = ["class", "clips", "found", "AUC", "recall at 10 %"]
    return Table(f"{name}, by class, all folds of a seed together", columns, rows)


def _warn(scores: dict[str, dict[str, dict[str, list[float]]]]) -> list[str]:
    if BY_CLIP not in scores:
        return []
    name = list(scores[BY_SOURCE])[-1]
    honest, flattered = (
        sum(scores[way][name]["accuracy"]) / len(scores[way][name]["accuracy"])
        for way in (BY_SOURCE, BY_CLIP)
    )
    return [
        f"Clips drawn by chance show {flattered:.1%} for {name}, whole sources held out"
        f" {honest:.1%}: expect the second on a new camera."
    ]
