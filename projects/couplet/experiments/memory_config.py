"""The options that all experiments share which ask for memory."""

from dataclasses import dataclass

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class MemoryOptions(ExperimentOptions):
    """How large the nets and the tasks are, and how long is learned."""

    units: int = option(32, "of the nets that add", minimum=1)
    epochs: int = option(6, "passes over the numbers to add, at most", minimum=1)
    samples: int = option(20_000, "sequences to add in", minimum=1)
    digits: int = option(2, "of the written numbers", minimum=1, maximum=3)
    sum_units: int = option(64, "of the nets that write sums", minimum=1)
    sum_epochs: int = option(40, "passes over the written sums, at most", minimum=1)
    sums: int = option(20_000, "written sums to learn from, at most", minimum=1)
    held_out: int = option(500, "of each task, to stop by and to measure", minimum=1)
