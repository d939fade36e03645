"""The options of `lstm_variants.py`."""

from dataclasses import dataclass

from common.config import option
from projects.couplet.experiments.memory_config import MemoryOptions


@dataclass(frozen=True)
class LstmVariantsConfig(MemoryOptions):
    """What `lstm_variants.py` was asked for."""

    length: int = option(30, "steps of the adding problem", minimum=2)
