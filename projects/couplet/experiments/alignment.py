"""Does the attention of step i lie on character i of the first line?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.evaluation.systems import batches_by_length
from projects.couplet.lines.characters import is_han
from projects.couplet.network.translator import Translator

FARTHEST = 4  # places that are told apart
_SEVEN = 7  # characters of the lines whose mean attention is kept: the commonest
_CHARACTERS = 8192  # looked at together


@dataclass(frozen=True)
class Alignment:
    """Where the greatest weight of each step lay, over many pairs.

    Only steps that write a Chinese character are counted.

    Attributes:
        right: Share of steps whose greatest weight is on the character faced.
        chance: The same for a place drawn by chance: the mean of 1 / length.
        weight: Mean weight of the character faced.
        offsets: Shares by how far behind the character faced the greatest weight
            lies, from -FARTHEST to FARTHEST; places farther away are in none.
        mean_of_seven: float64, (7, 7): mean weights over lines of seven characters;
            NaN without such lines.
    """

    right: float
    chance: float
    weight: float
    offsets: np.ndarray
    mean_of_seven: np.ndarray


def measure_alignment(
    translator: Translator, first: Sequence[str], second: Sequence[str]
) -> Alignment | None:
    """Look at the attention while second lines of people are written.

    Args:
        translator: The model.
        first: First lines.
        second: Their second lines, as long.

    Returns:
        None for a model without attention.
    """
    if translator.model.looking is None:
        return None
    offsets, weights, chances = [], [], []
    sevens = []
    for numbers in batches_by_length(second, _CHARACTERS, characters=True):
        sources, targets = (
            np.array([translator.tokens.encode(lines[n]) for n in numbers], np.int32)
            for lines in (first, second)
        )
        looked = translator.look(sources, targets)
        length = looked.shape[1]
        counted = np.array([[is_han(char) for char in second[n]] for n in numbers])
        found = looked.argmax(axis=2) - np.arange(length)
        offsets.append(found[counted])
        weights.append(np.diagonal(looked, axis1=1, axis2=2)[counted])
        chances.append(np.full(counted.sum(), 1 / length))
        if length == _SEVEN:
            sevens.append(looked[counted.all(axis=1)])
    away = np.concatenate(offsets)
    places = np.arange(-FARTHEST, FARTHEST + 1)
    whole = np.concatenate(sevens) if sevens else np.empty((0, _SEVEN, _SEVEN))
    return Alignment(
        float((away == 0).mean()),
        float(np.concatenate(chances).mean()),
        float(np.concatenate(weights).mean()),
        (away[:, None] == places).mean(axis=0),
        whole.mean(axis=0) if len(whole) else np.full((_SEVEN, _SEVEN), np.nan),
    )
