"""The options of `export.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.export_options import ExportOptions


@dataclass(frozen=True)
class ExportConfig(ExportOptions):
    """What `export.py` was asked for."""

    run_dir: Path | None = option(
        None, "run of train.py; none: the model that comes along"
    )
    output: Path | None = option(None, "folder; none: export in the run's folder")
    length: int = option(
        7,
        "characters of a line in tflite files, which are fixed to it",
        minimum=1,
        maximum=64,
    )

    def __post_init__(self) -> None:
        """Refuse an export that has no place to go to."""
        super().__post_init__()
        if self.run_dir is None and self.output is None:
            raise UserError(
                "Expected --output for the model that comes along. Received: none."
                " Name a folder, or a run with --run-dir."
            )
