"""The options of `alarms_on_streams.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class AlarmsOnStreamsConfig(ExperimentOptions):
    """What `alarms_on_streams.py` was asked for."""

    videos: Path | None = option(
        None, "folder of clips, a sub-folder for each class; none: drawn videos"
    )
    event: str = option("criminal", "the class that is to raise alarms")
    normal: Path | None = option(
        None, "folder of footage on which nothing happens, for more false alarms"
    )
    backbone: str = option("auto", "as in train.py; drawn videos need none")
    weights: str | None = option(None, "as in train.py")
    folds: int = option(
        5, "parts of the sources, each watched by what saw the others", minimum=2
    )
    per_source: int = option(3, "streams of clips of one source, at most", minimum=1)
    count: int = option(20, "drawn videos with a change in them", minimum=1)
    thresholds: tuple[float, ...] = option(
        (0.5, 0.6, 0.7, 0.8, 0.9), "probabilities from which a window counts"
    )
    seeds: int = option(1, "cut into folds so many times, from 0 on", minimum=1)
