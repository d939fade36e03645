"""The options of `watch_for_a_day.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.places import ResultOptions
from common.run_options import QuietOptions


@dataclass(frozen=True)
class WatchForADayConfig(ResultOptions, QuietOptions):
    """What `watch_for_a_day.py` was asked for."""

    video: Path | None = option(
        None, "plays again and again; none: a drawn one, of 24 s, with an incident"
    )
    run_dir: Path | None = option(None, "run of train.py; none: the newest")
    event: str = option("criminal", "the class that raises alarms and has clips saved")
    threshold: float = option(0.5, "from which it does", minimum=0.01, maximum=1)
    hours: float = option(24.0, "of video", minimum=0.001)
    longest_side: int = option(
        96, "pixels; small pictures make a day short", minimum=16, maximum=1920
    )
    megabytes: float = option(1.0, "of clips that are kept", minimum=1)
    readings: int = option(12, "rows of the table", minimum=2, maximum=1000)
