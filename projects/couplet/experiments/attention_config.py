"""The options of `attention.py`."""

from dataclasses import dataclass

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class AttentionConfig(ExperimentOptions):
    """What `attention.py` was asked for."""

    data: str | None = option(
        None,
        "line pairs, as for train.py; left out: the public set where it is at hand,"
        " else the sample that comes along",
    )
    pairs: int = option(20_000, "pairs to learn from, the first; 0: all", minimum=0)
    longest: int = option(9, "characters of the lines; 0: any number", minimum=0)
    min_count: int = option(30, "rarer characters stay unknown", minimum=1)
    lines: int = option(1000, "held-out pairs to measure on; 0: all", minimum=0)
    units: int = option(96, "numbers in a state and per character", minimum=2)
    attention: str = option(
        "additive", "kind of attention", choices=("additive", "dot", "scaled_dot")
    )
    epochs: int = option(4, "passes over the pairs", minimum=1)
