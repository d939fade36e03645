"""The options of `fuzz_videos.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option


@dataclass(frozen=True)
class FuzzVideosConfig:
    """What `fuzz_videos.py` was asked for."""

    videos: Path = option(Path("videos"), "folder of sound videos; small ones are best")
    count: int = option(1000, "damaged videos to try", minimum=1)
    seed: int = option(0, "decides the damages", minimum=0)
    url: str = option("", "page to upload to, as serve.py prints it")
    run_dir: Path | None = option(
        None, "give them to the program classify.py, with this run of train.py"
    )
    largest: int = option(500_000, "bytes of the largest video to take", minimum=1000)
    progress: float = option(
        10.0, "seconds without progress that count as hung", minimum=0.1
    )
    keep: Path | None = option(None, "folder that gets the videos that crash a decoder")
