"""The options of `queen.py`."""

from dataclasses import dataclass

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class QueenConfig(ExperimentOptions):
    """What `queen.py` was asked for."""

    corpus: str = option(
        "text8", "English text to learn from, as for train.py; text8 is a download"
    )
    epochs: int = option(5, "passes over the text", minimum=1)
    restrict: int = option(
        30_000, "answers among this many commonest words; 0: all", minimum=0
    )
