"""The options of `frame_order.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class FrameOrderConfig(ExperimentOptions):
    """What `frame_order.py` was asked for."""

    videos: Path | None = option(
        None, "FOLDER of classes or CSV, as for train.py; none: drawn videos"
    )
    backbone: str = option("auto", "network whose features are read; see train.py")
    stream: str = option(
        "appearance",
        "what is read: whole pictures as in the slides, or the region that moves",
        choices=("appearance", "region", "motion"),
    )
    nets: tuple[str, ...] = option(
        ("slides", "recurrent"), "which read", choices=("slides", "recurrent")
    )
    folds: int = option(5, "parts, each tested once by what saw the others", minimum=2)
    epochs: int = option(20, "of the nets", minimum=1)
