"""The options of `extract.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError


@dataclass(frozen=True)
class ExtractConfig:
    """What `extract.py` was asked for."""

    videos: Path | None = option(
        None,
        "a FOLDER with one sub-folder of videos for each class, or a CSV of"
        " file,start,end,label[,group]",
    )
    group_pattern: str | None = option(
        None, "regular expression; its first group is the source in a video's path"
    )
    backbone: str = option(
        "auto",
        "inception_v3, mobilenet_v2, any other of keras.applications, motion (needs no"
        " weights); auto: the best whose weights are at hand",
    )
    weights: str | None = option(
        None, "imagenet, a FILE of weights for the backbone, or none (random)"
    )
    download: bool = option(False, "let Keras download the backbone's weights")
    size: int = option(200, "side of the pictures, pixels", minimum=32, maximum=1024)
    num_frames: int = option(15, "frames of a clip", minimum=2, maximum=1000)
    frame_interval: float = option(
        0.2, "seconds from frame to frame", minimum=0.01, maximum=60
    )
    hop: int | None = option(
        None,
        "frames from clip to clip; none: as many as a clip has",
        minimum=1,
        maximum=1000,
    )
    streams: tuple[str, ...] = option(
        (),
        "appearance, difference, region, region_difference, motion; none: all but the"
        " first",
    )
    workers: int = option(
        1, "processes of this machine that work at it", minimum=1, maximum=256
    )
    scheduler: str | None = option(
        None,
        "work with Dask: local:2 for two processes here, or the address of a running"
        " scheduler (dask extra)",
    )
    output: Path | None = option(None, "an .npz file for all clips besides")
    data_dir: Path | None = option(None, "where downloads and features are kept")
    quiet: bool = option(False, "no progress on the screen")

    def __post_init__(self) -> None:
        """Refuse to work at nothing, and two ways of working at once."""
        if self.videos is None:
            raise UserError(
                "A folder of videos, or a CSV, expected for --videos. Received: none."
            )
        if self.scheduler and self.workers > 1:
            raise UserError(
                "Either --workers or --scheduler expected. Received: both. Leave one"
                " out."
            )
