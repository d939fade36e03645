"""The options of `train.py`: which videos, which features, which net."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from projects.video_activity.network.recipe import HEADS


@dataclass(frozen=True)
class Config:
    """What `train.py` was asked for; stored in the run's config.json."""

    # The videos.
    videos: Path | None = option(
        None,
        "a FOLDER with one sub-folder of videos for each class, or a CSV of"
        " file,start,end,label[,group]; none: made videos, drawn on the spot",
    )
    group_pattern: str | None = option(
        None, "regular expression; its first group is the source in a video's path"
    )
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

    # The features.
    backbone: str = option(
        "auto",
        "inception_v3, mobilenet_v2, any other of keras.applications, motion (needs no"
        " weights); auto: the best whose weights are at hand",
    )
    weights: str | None = option(
        None, "imagenet, a FILE of weights for the backbone, or none"
    )
    download: bool = option(False, "let Keras download the backbone's weights")
    size: int = option(200, "side of the pictures, pixels", minimum=32, maximum=1024)
    num_frames: int = option(15, "frames of a clip", minimum=2, maximum=1000)
    frame_interval: float = option(
        0.2, "seconds from frame to frame", minimum=0.01, maximum=60
    )
    streams: tuple[str, ...] = option(
        (),
        "appearance, difference, region, region_difference, motion; none: what suits"
        " the head",
    )
    workers: int = option(1, "processes that extract features", minimum=1, maximum=256)

    # The net.
    head: str = option(
        "auto",
        "jury: logistic regressions on summaries; recurrent: reads frame by frame;"
        " slides: the lecture's; auto: what foretells held-out sources best",
        choices=HEADS,
    )
    members: tuple[str, ...] = option(
        (),
        "of the jury, stream:kind, kind out of mean, max, change, deviation; none: what"
        " suits the backbone",
    )
    strengths: tuple[float, ...] = option(
        (1e-4, 1e-3, 1e-2, 1e-1), "of the jury's fits, to choose from"
    )
    inner_folds: int = option(
        5, "parts of the training clips, to choose and calibrate by", minimum=2
    )
    epochs: int = option(40, "of nets", minimum=1)
    batch_size: int = option(32, "clips in a step", minimum=1)
    seed: int = option(0, "decides all that is random", minimum=0, maximum=2**31)

    # The run.
    run_dir: Path | None = option(None, "run directory; none: named after the time")
    overwrite: bool = option(False, "begin anew in a directory that holds a run")
    resume: bool = option(False, "go on with a training that was cut off")
    data_dir: Path | None = option(None, "where downloads and features are kept")
    quiet: bool = option(False, "no progress on the screen")


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
