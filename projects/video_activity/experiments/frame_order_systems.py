"""What reads frames in order, and what cannot."""

from projects.video_activity.evaluation.systems import System, learned, majority
from projects.video_activity.experiments.arrangements import (
    arranged,
    averaged,
    in_order,
    shuffled,
)
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.network.recipe import Recipe

SLIDES, RECURRENT = "slides' net", "small recurrent net"
ORDERED, SHUFFLED, AVERAGED = "in order", "shuffled", "averaged"
_ARRANGEMENTS = {ORDERED: in_order, SHUFFLED: shuffled, AVERAGED: averaged}


def list_systems(clips: ClipSet, epochs: int) -> list[System]:
    """Return naive systems, and each net before every arrangement of the frames.

    Args:
        clips: What there is to see: "appearance", or "motion" without a network.
        epochs: Of the nets.
    """
    stream = "appearance" if "appearance" in clips.features else "motion"
    nets = {
        SLIDES: Recipe(head="slides", epochs=epochs, batch_size=100),
        # A single inner fold: nothing is chosen, nor calibrated.
        RECURRENT: Recipe(head="recurrent", epochs=epochs, inner_folds=1),
    }
    pooled = Recipe(head="jury", members=(f"{stream}:mean",))
    change = Recipe(head="jury", members=(f"{stream}:change",))
    found = [
        majority(),
        learned("mean of the frames, logistic regression", pooled, (stream,)),
        learned("mean change of the frames, logistic regression", change, (stream,)),
    ]
    for name, recipe in nets.items():
        net = learned(name, recipe, (stream,))
        found += [
            arranged(net, title(name, kind), arrange)
            for kind, arrange in _ARRANGEMENTS.items()
        ]
    return found


def title(net: str, arrangement: str) -> str:
    """Return what reports call a net before frames of an arrangement."""
    return f"{net}, frames {arrangement}"
