"""The options of `train.py`: which videos, which features, which net."""

from dataclasses import dataclass

from common.config import option
from common.run_options import RunOptions
from projects.video_activity.network.recipe import HEADS
from projects.video_activity.video_config import VideoOptions


@dataclass(frozen=True)
class Config(VideoOptions, RunOptions):
    """What `train.py` was asked for; stored in the run's config.json."""

    # What is tested on.
    split: str = option(
        "group",
        "what is held out to test on: whole sources, or clips drawn by chance as in"
        " the slides, which flatters",
        choices=("group", "clip"),
    )
    test_share: float = option(
        0.2, "share of the clips to test on", minimum=0.05, maximum=0.5
    )
    refit: bool = option(
        True, "save a model that then learned from all clips, the tested ones too"
    )

    # The net, and what it sees.
    streams: tuple[str, ...] = option(
        (),
        "appearance, difference, region, region_difference, motion; none: what suits"
        " the head",
    )
    head: str = option(
        "auto",
        "jury: logistic regressions on summaries; recurrent: reads frame by frame;"
        " slides: the lecture's; auto: what foretells held-out sources best",
        choices=HEADS,
    )
    members: tuple[str, ...] = option(
        (),
        "of the jury, stream:kind, kind out of mean, max, change, acceleration,"
        " deviation; none: what suits the backbone",
    )
    strengths: tuple[float, ...] = option(
        (1e-4, 1e-3, 1e-2, 1e-1), "of the jury's fits, to choose from"
    )
    inner_folds: int = option(
        5, "parts of the training clips, to choose and calibrate by", minimum=2
    )
    epochs: int = option(40, "of nets", minimum=1)
    batch_size: int = option(32, "clips in a step", minimum=1)
    learning_rate: float = option(
        0.002, "step size of the recurrent net", minimum=1e-6, maximum=1
    )


PRESETS: dict[str, dict[str, object]] = {
    # Section 2 of the slides, to the letter: also its split by clips.
    "slides": {
        "backbone": "inception_v3",
        "streams": ("appearance",),
        "head": "slides",
        "epochs": 1500,
        "batch_size": 100,
        "split": "clip",
        "refit": False,
    },
}
