"""The options of `serve.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.web.serve_options import ServeOptions


@dataclass(frozen=True)
class ServeConfig(ServeOptions):
    """What `serve.py` was asked for."""

    run_dir: Path | None = option(None, "a finished run of train.py; none: the newest")
    port: int = option(8761, "port; 0 takes a free one", minimum=0, maximum=65535)
    alarms: Path | None = option(
        None, "file of alarms; actions are taken for --cameras, others are shown only"
    )
    cameras: tuple[str, ...] = option(
        (),
        "cameras to watch: 0, rtsp://..., porch=rtsp://..., porch=env:PORCH for an"
        " address in the environment",
    )
    hop: float = option(
        3.0, "seconds from one verdict to the next", minimum=0.2, maximum=60
    )
    megabytes: float = option(2000, "of one upload", minimum=1, maximum=1e6)
    total_megabytes: float = option(8000, "of all uploads", minimum=1, maximum=1e7)
    minutes: float = option(120, "of one video", minimum=0.1, maximum=1440)
    waiting: int = option(
        32, "uploads that are here at a time", minimum=1, maximum=1000
    )
    at_once: int = option(2, "uploads judged at a time", minimum=1, maximum=64)
    browsers: int = option(4, "cameras of browsers at a time", minimum=0, maximum=64)
    keep_minutes: float = option(
        30, "until an upload that nobody looks at is removed", minimum=0.1, maximum=1e5
    )
    live_minutes: float = option(
        10, "of a camera that can be looked at again", minimum=1, maximum=1440
    )
    upload_dir: Path | None = option(
        None, "where uploads are kept meanwhile; none: the folder for temporary files"
    )
    per_minute: int = option(
        1500, "requests of one client in the long run", minimum=1, maximum=100_000
    )
