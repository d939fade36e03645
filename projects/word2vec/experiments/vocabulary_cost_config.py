"""The options of `vocabulary_cost.py`."""

from dataclasses import dataclass

from common.config import option
from common.places import ResultOptions
from common.run_options import QuietOptions


@dataclass(frozen=True)
class VocabularyCostConfig(ResultOptions, QuietOptions):
    """What `vocabulary_cost.py` was asked for."""

    sizes: tuple[int, ...] = option(
        (1000, 4000, 16_000, 64_000), "words of the vocabulary", minimum=100
    )
    embedding_dim: int = option(100, "numbers per word", minimum=1)
    repeats: int = option(5, "rounds in alternation; medians are shown", minimum=1)
    seconds: float = option(0.3, "least time of one measurement", minimum=0.001)
