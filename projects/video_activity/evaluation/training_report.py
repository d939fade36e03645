"""The report of a training: what was held out, beside naive guesses."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from common.reporting import Report, Table
from projects.video_activity import metrics
from projects.video_activity.evaluation.cross_validation import alarm_recall
from projects.video_activity.evaluation.systems import System, learned, majority
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.figures import draw_confusion
from projects.video_activity.footage.material import Material
from projects.video_activity.network.recipe import Recipe
from projects.video_activity.network.selection import Fit

SCORES = {
    "accuracy": metrics.accuracy,
    "macro-F1": metrics.macro_f1,
    "AUC": metrics.macro_auc,
    "recall at 10 % false alarms": alarm_recall,
    "calibration error": metrics.calibration_error,
}
_FEW = 50  # clips to test on, below which chance says much


def make_report(
    fitted: Fit,
    train: ClipSet,
    test: ClipSet,
    material: Material,
    split: str,
    command: str,
) -> Report:
    """Compare a fitted classifier with baselines on the held-out clips.

    Args:
        fitted: To `train`.
        train: What was learned from.
        test: What was held out.
        material: Where the clips come from.
        split: How they were held out, "group" or "clip".
        command: What reproduces the run.
    """
    found = {"this watcher": fitted.probabilities(test)}
    found |= {system.name: system.fit(train, 0)(test) for system in baselines(train)}
    scores = {name: _score(values, test.labels) for name, values in found.items()}
    own, naive = scores["this watcher"], scores["commonest class"]
    counts = metrics.confusion(found["this watcher"], test.labels)
    sources = len(set(test.groups))
    return Report(
        title=f"Watcher of {', '.join(train.classes)}: {material.name}",
        verdict=(
            f"Of {len(test)} clips of {sources} sources held out, {own['accuracy']:.0%}"
            f" are classified rightly; naming the commonest class always:"
            f" {naive['accuracy']:.0%}."
        ),
        command=command,
        tables=[
            Table(
                f"{len(test)} clips held out",
                ["", *SCORES],
                [[name, *map(_show, row.values())] for name, row in scores.items()],
            ),
            _class_table(found["this watcher"], train, test),
        ],
        warnings=_warn(test, split),
        notes=[*_describe(fitted), *material.notes, *train.skipped, *train.notes],
        figures={
            "confusion": (
                "How often each class was taken for which",
                draw_confusion(counts, test.classes, "Held-out clips"),
            )
        },
        metrics={"scores": scores, "validation_log_loss": fitted.choice.losses},
    )


def baselines(clips: ClipSet) -> list[System]:
    """Return the naive systems that the streams of clips allow."""
    found = [majority()]
    plain = Recipe(head="jury", strengths=(1e-3, 1e-2, 1e-1))
    for name, stream in (
        ("mean picture, logistic", "appearance"),
        ("mean of the moving region, logistic", "region"),
        ("motion statistics, logistic", "motion"),
    ):
        if stream in clips.features:
            recipe = _with_members(plain, f"{stream}:mean")
            found.append(learned(name, recipe, (stream,)))
    return found


def _with_members(recipe: Recipe, *members: str) -> Recipe:
    return dataclasses.replace(recipe, members=members)


def _score(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    return {name: score(probabilities, labels) for name, score in SCORES.items()}


def _show(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"


def _class_table(probabilities: np.ndarray, train: ClipSet, test: ClipSet) -> Table:
    rows = []
    recalls = metrics.recalls(probabilities, test.labels)
    for place, name in enumerate(test.classes):
        positive = test.labels == place
        scores = probabilities[:, place]
        rows.append(
            [
                name,
                int((train.labels == place).sum()),
                int(positive.sum()),
                _show(float(recalls[place])),
                _show(metrics.auc(scores, positive)),
                _show(metrics.recall_at(scores, positive, 0.1)),
            ]
        )
    columns = ["class", "learned", "tested", "found", "AUC", "recall at 10 %"]
    return Table("By class", columns, rows)


def _warn(test: ClipSet, split: str) -> list[str]:
    warnings = []
    if split == "clip":
        warnings.append(
            "Clips of one video are on both sides of this split, as in the slides: the"
            " figures flatter. --split group holds out whole sources."
        )
    if len(test) < _FEW:
        warnings.append(
            f"{len(test)} clips are few: evaluate.py tests on all of them in turn."
        )
    return warnings


def _describe(fitted: Fit) -> Sequence[str]:
    losses = ", ".join(f"{n} {loss:.3f}" for n, loss in fitted.choice.losses.items())
    chosen = (
        f"Chosen: {fitted.choice.name}, temperature {fitted.choice.temperature:.2f}."
    )
    return [chosen, *([f"Log loss on held-out sources: {losses}."] if losses else [])]
