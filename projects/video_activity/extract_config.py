"""The options of `extract.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import check_file
from projects.video_activity.video_config import VideoOptions


@dataclass(frozen=True)
class ExtractConfig(VideoOptions):
    """What `extract.py` was asked for."""

    videos: Path | None = option(
        None,
        "a FOLDER with one sub-folder of videos for each class, or a CSV of"
        " file,start,end,label[,group]",
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
    scheduler: str | None = option(
        None,
        "work with Dask: local:2 for two processes here, or the address of a running"
        " scheduler (dask extra)",
    )
    output: Path | None = option(None, "an .npz file for all clips besides")
    overwrite: bool = option(False, "replace what is there")

    def __post_init__(self) -> None:
        """Refuse to work at nothing, and two ways of working at once."""
        if self.videos is None:
            raise UserError(
                "Expected a folder of videos, or a CSV, for --videos. Received: none."
            )
        if self.scheduler and self.workers > 1:
            raise UserError(
                "Expected --workers or --scheduler. Received: both. Leave one out."
            )
        if self.output is not None:
            check_file(self.output, self.overwrite)
