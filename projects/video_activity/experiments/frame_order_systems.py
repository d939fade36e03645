"""What reads frames in order, and what cannot."""

import dataclasses
from collections.abc import Sequence

from projects.video_activity.evaluation.systems import System, learned, majority
from projects.video_activity.experiments.arrangements import (
    arranged,
    averaged,
    in_order,
    shuffled,
)
from projects.video_activity.network.recipe import Recipe

NETS = {"slides": "slides' net", "recurrent": "small recurrent net"}
ORDERED, SHUFFLED, AVERAGED = "in order", "shuffled", "averaged"
_ARRANGEMENTS = {ORDERED: in_order, SHUFFLED: shuffled, AVERAGED: averaged}


def list_systems(stream: str, nets: Sequence[str], epochs: int) -> list[System]:
    """Return naive systems, and each net before every arrangement of the frames.

    Args:
        stream: What is read.
        nets: Out of `NETS`.
        epochs: Of the nets.
    """
    pooled = Recipe(head="jury", members=(f"{stream}:mean",))
    change = Recipe(head="jury", members=(f"{stream}:change",))
    found = [
        majority(),
        learned("mean of the frames, logistic regression", pooled, (stream,)),
        learned("mean change of the frames, logistic regression", change, (stream,)),
    ]
    for head in nets:
        # A single inner fold: nothing is chosen, nor calibrated.
        recipe = Recipe(head=head, epochs=epochs, inner_folds=1)
        if head == "slides":
            recipe = dataclasses.replace(recipe, batch_size=100)
        net = learned(head, recipe, (stream,))
        found += [
            arranged(net, title(head, kind), arrange)
            for kind, arrange in _ARRANGEMENTS.items()
        ]
    return found


def title(net: str, arrangement: str) -> str:
    """Return what reports call a net, out of `NETS`, before arranged frames."""
    return f"{NETS[net]}, frames {arrangement}"
