"""The options of `matching.py`."""

from dataclasses import dataclass

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class MatchingConfig(ExperimentOptions):
    """What `matching.py` was asked for; a seed draws the lines."""

    data: str | None = option(
        None,
        "line pairs, as for train.py; left out: the public set where it is at hand,"
        " else the sample that comes along",
    )
    pairs: int = option(200_000, "pairs to count in, the first; 0: all", minimum=0)
    lines: int = option(300, "held-out lines to answer, of each seed", minimum=10)
    trained: bool = option(True, "also the model that comes along")
    examples: int = option(8, "answers to show", minimum=0)
