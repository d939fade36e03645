"""The options of `train.py`."""

from dataclasses import dataclass

from common.config import option
from common.run_options import RunOptions


@dataclass(frozen=True)
class Config(RunOptions):
    """What `train.py` was asked for; stored in the run's config.json."""

    # The data.
    num_heights: int = option(1000, "heights to draw", minimum=100)

    # The net.
    context_length: int = option(20, "heights in one input window", minimum=2)
    units: int = option(16, "width of the recurrent layer", minimum=1)
    batch_size: int = option(64, "windows in one step", minimum=1)
    epochs: int = option(20, "most passes over the training windows", minimum=1)
    patience: int = option(5, "epochs without gain before stopping", minimum=1)
