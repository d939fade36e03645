"""The options of `long_memory.py`."""

from dataclasses import dataclass

from common.config import option
from projects.couplet.experiments.memory_config import MemoryOptions


@dataclass(frozen=True)
class LongMemoryConfig(MemoryOptions):
    """What `long_memory.py` was asked for."""

    lengths: tuple[int, ...] = option(
        (10, 30, 100), "steps of the sequences of the adding problem", minimum=2
    )
