"""The options of `calibrate.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import check_file


@dataclass(frozen=True)
class CalibrateConfig:
    """What `calibrate.py` was asked for."""

    normal: str = option(
        "",
        "footage on which nothing happens: video, folder, number or address of a"
        " camera, or .jsonl of verdicts",
    )
    run_dir: Path | None = option(None, "a finished run of train.py; none: the newest")
    hours: float | None = option(
        None, "how long to watch; none: 1 h of a camera, all of files", minimum=0.001
    )
    false_alarms: float = option(
        0.1, "false alarms per hour that are allowed, for each class", minimum=0
    )
    classes: tuple[str, ...] = option((), "classes that raise alarms, for a new file")
    alarms: Path | None = option(
        None, "file of alarms whose thresholds are chosen anew; all else stays"
    )
    least: float = option(
        0.5, "least threshold that is chosen", minimum=0.01, maximum=0.99
    )
    hop: float = option(3.0, "seconds from window to window", minimum=0.2, maximum=60)
    verdicts: Path | None = option(
        None, "new .jsonl that gets each verdict as it comes; --normal takes it"
    )
    threads: int = option(
        1, "cores that work at one window; decoding has its own", minimum=1, maximum=256
    )
    output: Path = option(Path("alarms.toml"), "file of alarms to write")
    overwrite: bool = option(False, "write over --output")

    def __post_init__(self) -> None:
        """Refuse what could not end well, before hours of watching."""
        if not self.normal:
            raise UserError(
                "Expected footage on which nothing happens. Received: none. Add"
                " --normal VIDEO, a folder of videos, or a camera."
            )
        if bool(self.classes) == bool(self.alarms):
            raise UserError(
                "Expected either --classes, for a new file, or --alarms, a file whose"
                f" thresholds are to be chosen. Received:"
                f" {'both' if self.alarms else 'neither'}."
            )
        check_file(self.output, self.overwrite)
        if self.verdicts and (  # hours of watching: nothing replaces them
            self.verdicts.suffix != ".jsonl" or self.verdicts.exists()
        ):
            raise UserError(
                "Expected --verdicts to be a new file that ends with .jsonl. Received:"
                f" {self.verdicts}. Name another."
            )
