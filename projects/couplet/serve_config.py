"""The options of `serve.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.web.serve_options import ServeOptions


@dataclass(frozen=True)
class ServeConfig(ServeOptions):
    """What `serve.py` was asked for."""

    run_dir: Path | None = option(None, "run of train.py; none: the shipped model")
    poet: Path | None = option(
        None, "run of train_poems.py, for first lines; none: the shipped model"
    )
    waiting: int = option(
        64, "questions that may wait; more are refused", minimum=1, maximum=10_000
    )
    timeout: float = option(
        30.0, "seconds until a question is given up", minimum=0.1, maximum=3600
    )
    data_dir: Path | None = option(None, "where the page's font and tables are kept")
