"""The options of `evaluate.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option

SYSTEMS = ("baselines", "ablation", "jury", "recurrent", "auto", "slides")


@dataclass(frozen=True)
class EvaluateConfig:
    """What `evaluate.py` was asked for."""

    # The videos.
    videos: Path | None = option(
        None,
        "a FOLDER with one sub-folder of videos for each class, or a CSV of"
        " file,start,end,label[,group]; none: made videos",
    )
    group_pattern: str | None = option(
        None, "regular expression; its first group is the source in a video's path"
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
    workers: int = option(1, "processes that extract features", minimum=1, maximum=256)

    # The exam.
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

    output: Path | None = option(
        None, "folder of the report; none: runs/video_activity/evaluations/..."
    )
    data_dir: Path | None = option(None, "where downloads and features are kept")
    quiet: bool = option(False, "no progress on the screen")
