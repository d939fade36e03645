"""The options of `ngrams.py`."""

from dataclasses import dataclass

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class NgramsConfig(ExperimentOptions):
    """What `ngrams.py` was asked for."""

    highest: int = option(5, "n of the longest n-grams", minimum=1, maximum=5)
    views: tuple[int, ...] = option(
        (1, 2, 3, 5, 10, 20), "characters that the net may see", minimum=1
    )
    viewed: int = option(60, "held-out poems to see so", minimum=1)
    lesson: int = option(
        3000, "poems of the lesson on pieces that begin anywhere", minimum=1
    )
