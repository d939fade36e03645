"""The options of `classify.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import check_file, check_folder


@dataclass(frozen=True)
class ClassifyConfig:
    """What `classify.py` was asked for."""

    source: str | None = option(
        None,
        "video, folder of videos, number of a camera, or address (rtsp://...);"
        " env:NAME takes the address from the environment",
        positional=True,
    )
    run_dir: Path | None = option(None, "run of train.py; none: the newest")
    hop: float = option(
        3.0, "seconds from one verdict to the next", minimum=0.2, maximum=60
    )
    seconds: float | None = option(
        None, "how long to watch a camera; none: until Ctrl-C", minimum=0.1
    )
    realtime: bool = option(False, "play a video as if it came from a camera")
    alarms: Path | None = option(None, "file of alarms, as alarms/example.toml")

    # What is written.
    json: bool = option(False, "print a line of JSON for each verdict")
    output: Path | None = option(None, "table of all verdicts, .csv or .jsonl")
    annotate: Path | None = option(
        None, "copy of the video with class, probability and time, .mp4 or .webm"
    )
    figure: Path | None = option(None, "picture of the timeline, .png")
    explain: Path | None = option(
        None, "folder of pictures, one for each verdict: which frames told so"
    )
    overwrite: bool = option(False, "replace what is there")
    threads: int = option(
        2, "cores that work at one window; decoding has its own", minimum=1, maximum=256
    )

    def __post_init__(self) -> None:
        """Refuse what could not be written in the end."""
        if self.source is None:
            raise UserError(
                "Expected a video, a folder, or the number or address of a camera."
                " Received: none. Try: classify.py my_video.mp4"
            )
        if self.figure is not None and self.figure.suffix != ".png":
            raise UserError(
                f"Expected --figure to end with .png. Received: {self.figure}."
            )
        for name in ("output", "annotate", "figure"):
            path = getattr(self, name)
            if path is not None:
                check_file(path, self.overwrite, f"--{name}")
        if self.explain is not None:
            check_folder(self.explain, self.overwrite, "--explain")

    def check_source(self, name: str, files: int) -> None:
        """Refuse what is only written of one source.

        Args:
            name: Of the source.
            files: How many videos it is; 0 for a camera.
        """
        allowed = {"figure": files == 1, "annotate": files < 2, "explain": files < 2}
        for flag, fits in allowed.items():
            if getattr(self, flag) and not fits:
                raise UserError(
                    f"Expected --{flag} with one video. Received: {name}. Leave it"
                    " out, or name one video."
                )
