"""The options of `first_lines.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class FirstLinesConfig(ExperimentOptions):
    """What `first_lines.py` was asked for."""

    seeds: int = option(15, "draws of lines of either length", minimum=1)
    count: int = option(8, "lines of each draw", minimum=1)
    poet: Path | None = option(
        None, "run of train_poems.py; none: the model that comes along"
    )
    data: str | None = option(
        None,
        "line pairs whose first lines people wrote, as for train.py; left out: the"
        " public set where it is at hand, else the sample that comes along",
    )
    pairs: int = option(200_000, "pairs for the judge, the first; 0: all", minimum=0)
    examples: int = option(10, "lines to show, drawn by chance", minimum=0)
