"""The options of `train_poems.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.run_options import RunOptions


@dataclass(frozen=True)
class TrainPoemsConfig(RunOptions):
    """What `train_poems.py` was asked for; stored in the run's config.json."""

    poems: Path | None = option(
        None,
        "your own poems, one a line, clauses with full-width punctuation; none: Tang"
        " poems",
    )
    held_out: int = option(
        2000, "poems to choose by, and poems to measure on", minimum=1
    )
    min_count: int = option(5, "rarer characters stay unknown", minimum=1)

    embedding_dim: int = option(160, "numbers per character", minimum=1, maximum=4096)
    units: int = option(320, "numbers in each LSTM", minimum=1, maximum=8192)
    dropout: float = option(0.25, "share set to zero", minimum=0, maximum=0.9)

    epochs: int = option(10, "passes over the poems", minimum=1)
    batch_size: int = option(64, "pieces of poems in one step", minimum=1)
    learning_rate: float = option(0.01, "highest step size, rises and falls")

    samples: int = option(
        300, "texts written by each model to be judged", minimum=1, maximum=10_000
    )

    def __post_init__(self) -> None:
        """Refuse a step size that cannot work."""
        if not 0 < self.learning_rate <= 1:
            raise UserError(
                "`--learning-rate` must be above 0, at most 1. Received:"
                f" {self.learning_rate}."
            )
