"""Who judges a stream: models that have not seen its source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from projects.video_activity.evaluation.systems import narrow
from projects.video_activity.experiments.alarm_scores import Truth
from projects.video_activity.experiments.stream_windows import SeenStream, judge
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.footage.splitting import grouped_folds
from projects.video_activity.network.recipe import Recipe
from projects.video_activity.network.selection import fit_classifier
from projects.video_activity.network.trained import Classifier
from projects.video_activity.verdicts import Verdict

# Ours, and the baseline: how much moves, without any network.
_SYSTEMS = {
    "jury": Recipe(head="jury"),
    "baseline: amount of motion": Recipe(head="jury", members=("motion:mean",)),
}
Judged = list[tuple[Truth, list[Verdict]]]


@dataclass
class JudgedStreams:
    """What a system says.

    Attributes:
        streams: Of the streams with events, truth and verdicts.
        normal: Of the normal footage; once for each model.
    """

    streams: Judged = field(default_factory=list)
    normal: Judged = field(default_factory=list)


def cross_judge(
    clips: ClipSet,
    settings: FeatureSettings,
    streams: Sequence[SeenStream],
    normal: Sequence[SeenStream],
    folds: int,
    seeds: int,
) -> dict[str, JudgedStreams]:
    """Return the verdicts of each system.

    Args:
        clips: To learn from.
        settings: Of their features.
        streams: Each is judged by models that learned without its source.
        normal: Is judged by all models; its source is in no clip.
        folds: Into which the sources are cut.
        seeds: How many times.
    """
    found = {name: JudgedStreams() for name in _SYSTEMS}
    for learned, watched in _cuts(clips, streams, folds, seeds):
        for name, recipe in _SYSTEMS.items():
            judging = _learn(learned, recipe, settings)
            for seen, target in (
                (watched, found[name].streams),
                (normal, found[name].normal),
            ):
                for stream in seen:
                    truth = Truth(stream.begin, stream.end)
                    target.append((truth, judge(stream.windows, judging)))
    return found


def _cuts(
    clips: ClipSet, streams: Sequence[SeenStream], folds: int, seeds: int
) -> Iterator[tuple[ClipSet, list[SeenStream]]]:
    """Yield clips, and the streams of other sources."""
    if not {stream.group for stream in streams} & set(clips.groups):
        yield clips, list(streams)
        return
    for seed in range(seeds):
        for train, test in grouped_folds(clips.labels, clips.groups, folds, seed):
            held = set(clips.groups[test])
            watched = [stream for stream in streams if stream.group in held]
            yield clips.select(np.asarray(train)), watched


def _learn(clips: ClipSet, recipe: Recipe, settings: FeatureSettings) -> Classifier:
    streams = tuple({text.partition(":")[0] for text in recipe.members})
    fitted = fit_classifier(narrow(clips, streams), recipe)
    return Classifier(fitted.build(), clips.classes, settings, digest="")
