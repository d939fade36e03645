"""The options of `fill_blank.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class FillBlankConfig(ExperimentOptions):
    """What `fill_blank.py` was asked for."""

    poems: Path | None = option(
        None,
        "your own poems, one a line, clauses with full-width punctuation; none: Tang"
        " poems",
    )
    poems_held_out: int = option(2000, "poems to measure on", minimum=1)
    min_count: int = option(30, "rarer characters are not asked for", minimum=1)
    sentences: int = option(60_000, "to learn from; 0: all", minimum=0)
    asked: int = option(3000, "held-out sentences with one blank each", minimum=1)
    blanks: int = option(4, "places learned from in a sentence", minimum=1, maximum=10)
    units: int = option(64, "of each of two LSTMs; one alone has half more", minimum=2)
    embedding_dim: int = option(128, "numbers per character", minimum=1)
    epochs: int = option(2, "passes over the sentences", minimum=1)
    batch_size: int = option(64, "sentences in one step", minimum=1)
    learning_rate: float = option(0.005, "highest step size", minimum=1e-6, maximum=1)
