"""The options of `evaluate.py`."""

from dataclasses import dataclass

from common.config import option
from common.places import ResultOptions
from projects.video_activity.video_config import VideoOptions

SYSTEMS = ("baselines", "ablation", "jury", "recurrent", "auto", "slides")


@dataclass(frozen=True)
class EvaluateConfig(VideoOptions, ResultOptions):
    """What `evaluate.py` was asked for."""

    systems: tuple[str, ...] = option(
        ("baselines", "jury"), "what is compared", choices=SYSTEMS
    )
    folds: int = option(5, "parts, each tested once by what saw the others", minimum=2)
    seeds: int = option(5, "times that the clips are cut anew", minimum=1, maximum=100)
    clip_split: bool = option(
        True, "also cut clips by chance, as the slides do, to show what that flatters"
    )
    leave_one_out: bool = option(
        False, "also test each source by what saw all the others"
    )
    epochs: int = option(40, "of nets", minimum=1)
    seed: int = option(0, "of the first cut", minimum=0, maximum=2**31)
