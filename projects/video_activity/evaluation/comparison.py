"""Which systems are compared, and on which cuts."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from projects.video_activity.evaluation.cross_validation import (
    Examined,
    cross_validate,
)
from projects.video_activity.evaluation.systems import System, learned, majority
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.footage.splitting import Split
from projects.video_activity.network.recipe import Recipe

Found = dict[str, dict[str, Examined]]

# From what a still picture tells to what changes where most of the movement is.
_STEPS = (
    ("mean picture", "appearance:mean"),
    ("+ order: change of the picture", "appearance:change"),
    ("+ motion: differences of pictures", "difference:change"),
    ("+ region: mean of the moving region", "region:mean"),
    ("+ region: change in the moving region", "region:change"),
    ("+ both: differences in the moving region", "region_difference:change"),
    ("+ jerk: acceleration in the moving region", "region:acceleration"),
    ("+ both: acceleration of the differences", "region_difference:acceleration"),
)
_BASELINES = ("appearance:mean", "motion:mean")


def choose_systems(wanted: Sequence[str], clips: ClipSet, epochs: int) -> list[System]:
    """Return systems by the names of their kinds; those without streams drop out.

    Args:
        wanted: Out of "baselines", "ablation", "jury", "recurrent", "auto", "slides".
        clips: What there is to see.
        epochs: Of nets.
    """
    found: dict[str, System] = {}
    if "baselines" in wanted:
        found["majority"] = majority()
        found |= {text: _one_member(text) for text in _BASELINES}
    if "ablation" in wanted:
        found |= {text: _one_member(text, name) for name, text in _STEPS}
    if "slides" in wanted:
        recipe = Recipe(head="slides", epochs=epochs, batch_size=100)
        name = f"slides' LSTM, {epochs} epochs"
        found["appearance:slides"] = learned(name, recipe, ("appearance",))
    streams: tuple[str, ...] = ("region", "region_difference")
    if not set(streams) <= clips.features.keys():
        streams = ("motion",)
    recipe = Recipe(epochs=epochs)
    for head in ("recurrent", "jury", "auto"):
        if head in wanted:
            own = dataclasses.replace(recipe, head=head)
            found[head] = learned(head, own, streams)
    there = clips.features.keys() | {"majority", "recurrent", "jury", "auto"}
    return [found[key] for key in found if key.partition(":")[0] in there]


def compare(
    systems: Sequence[System],
    clips: ClipSet,
    splits: Mapping[str, Sequence[Sequence[Split]]],
    tell: Callable[[str], None],
) -> Found:
    """Examine all systems on all cuts: by cut, then by system."""
    return {
        way: {
            system.name: cross_validate(
                system, clips, cut, lambda text, way=way: tell(f"{way}: {text}")
            )
            for system in systems
        }
        for way, cut in splits.items()
    }


def _one_member(text: str, name: str = "") -> System:
    recipe = Recipe(head="jury", members=(text,))
    stream = text.partition(":")[0]
    return learned(name or f"{text}, logistic", recipe, (stream,))
