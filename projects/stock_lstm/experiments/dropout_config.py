"""The options of `dropout.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.experiments import ExperimentOptions


@dataclass(frozen=True)
class DropoutConfig(ExperimentOptions):
    """What `dropout.py` was asked for."""

    data: str = option("tata", "series without --csv", choices=("tata", "goog"))
    csv: Path | None = option(None, "your price file; most layouts are recognized")
    column: str | None = option(None, "price column to forecast; none: Open if known")
    rates: tuple[float, ...] = option(
        (0.0, 0.2, 0.5), "shares to drop, one net each", minimum=0, maximum=0.9
    )
    cuts: tuple[float, ...] = option(
        (0.4,),
        "shares of the rows to learn from; what follows each is held out",
        minimum=0.1,
        maximum=0.95,
    )
    held_out: float = option(
        0.15, "share of the rows that is held out", minimum=0.02, maximum=0.5
    )
    epochs: int = option(40, "passes over the training windows", minimum=1)

    # What `sources.load_series` asks for besides: rows in order of time, of one file.
    sort, test_csv = True, None
