"""The options of the stock forecaster: one dataclass for all its programs."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import ResultOptions
from common.run_options import QuietOptions, RunOptions

KINDS = ("lstm", "gru", "rnn", "bilstm", "stacked", "mlp", "ar", "narx")


@dataclass(frozen=True)
class FileOptions:
    """How a price file is written, where it does not tell by itself."""

    column: str | None = option(None, "price column to forecast; none: Open if known")
    date_column: str | None = option(None, "the column of dates, if several could be")
    date_order: str | None = option(
        None, "order of numeric dates", choices=("ymd", "dmy", "mdy")
    )
    delimiter: str | None = option(None, "what separates the cells, if not clear")
    decimal: str | None = option(
        None, "decimal sign, if not clear", choices=("point", "comma")
    )
    encoding: str | None = option(None, "text encoding, if not clear (e.g. cp1252)")
    drop_missing: bool = option(False, "leave out rows with missing prices")
    last_rows: int = option(0, "use only the newest rows; 0: all", minimum=0)


@dataclass(frozen=True)
class Config(FileOptions, RunOptions):
    """What `train.py` was asked for; stored in the run's config.json."""

    # The data.
    data: str = option(
        "goog", "built-in series when no --csv is given", choices=("goog", "tata")
    )
    csv: Path | None = option(None, "your price file; most layouts are recognized")
    test_csv: Path | None = option(
        None, "later rows of the same layout; its days become the test days"
    )
    until: str | None = option(None, "ignore rows after this date (YYYY-MM-DD)")
    sort: bool = option(True, "put rows in order of time (--no-sort: slides only)")

    # The problem.
    target: str = option(
        "price",
        "what to forecast: the price column, log(High/Low) or volume",
        choices=("price", "range", "volume"),
    )
    horizon: int = option(1, "rows (trading days) ahead", minimum=1, maximum=60)

    # The net.
    recipe: str = option(
        "changes",
        "changes: residual over the last known price; levels: the slides' net on"
        " prices scaled to 0..1",
        choices=("changes", "levels"),
    )
    model: str = option("lstm", "kind of net", choices=KINDS)
    context_length: int = option(20, "rows in one input window", minimum=2)
    units: int = option(32, "width of the recurrent layer", minimum=1)
    dropout: float = option(0.1, "share dropped in training", minimum=0, maximum=0.9)
    learning_rate: float | None = option(
        None,
        "step size of Adam; none: 0.003 for prices, 0.001 for range and volume",
        minimum=1e-7,
        maximum=1,
    )
    batch_size: int = option(64, "windows in one step", minimum=1)
    epochs: int = option(60, "most passes over the training windows", minimum=1)
    patience: int = option(10, "epochs without gain before stopping", minimum=1)
    nets: int = option(3, "nets averaged, one per seed", minimum=1, maximum=50)

    # The test.
    test_days: int = option(250, "rows at the end to test on", minimum=10)
    refit_every: int = option(50, "test rows between two fits", minimum=1)
    validation_share: float = option(
        0.15, "newest share of the known windows, to stop on", minimum=0.05, maximum=0.5
    )

    classics: bool = option(False, "also ARIMA and ETS (needs the stats extra)")

    def __post_init__(self):
        """Refuse what contradicts itself before anything is read."""
        if self.classics and importlib.util.find_spec("statsmodels") is None:
            raise UserError(
                "--classics needs the package statsmodels. Received: an environment"
                " without it. Install it with: pip install -e '.[stats]'."
            )
        if self.test_csv and not self.csv:
            raise UserError(
                "--test-csv must come with --csv, the rows before it. Received: no"
                " --csv. Give both."
            )
        if self.until and self.test_csv:
            raise UserError(
                "--until cuts a series, --test-csv lengthens one. Received: both. Leave"
                " one of them out."
            )
        if not self.sort and self.recipe != "levels":
            raise UserError(
                "--no-sort keeps the order of the file, which only the slides'"
                " recipe can take. Received: --recipe changes. Leave out --no-sort or"
                " use --preset slides."
            )
        others = (self.model, self.until, self.nets) != ("stacked", None, 1)
        if self.recipe == "levels" and others:
            raise UserError(
                "The slides' recipe is of one stacked net and of whole files. Received:"
                f" --model {self.model} --nets {self.nets} --until {self.until}. Leave"
                " these out or leave out --preset slides."
            )
        if self.recipe == "levels" and (self.target != "price" or self.horizon != 1):
            raise UserError(
                "The slides' recipe forecasts a price one row ahead. Received:"
                f" --target {self.target} --horizon {self.horizon}. Leave these out"
                " or leave out --preset slides."
            )


@dataclass(frozen=True)
class CompareConfig(Config):
    """What `evaluate.py --compare` was asked for: `Config`, for several nets."""

    compare: tuple[str, ...] = option((), "kinds of net, in one table", choices=KINDS)
    nets: int = option(5, "seeds of each kind", minimum=1, maximum=50)
    csv: Path | None = option(None, "your price file; with --run-dir: later rows")
    refit: bool = option(False, "with --run-dir: fit anew as rows come in")
    output: Path | None = option(None, "folder of the report; none: in the run")


@dataclass(frozen=True)
class PredictConfig(FileOptions, ResultOptions, QuietOptions):
    """What `predict.py` was asked for."""

    run_dir: Path | None = option(None, "a finished run; none: the newest")
    csv: Path | None = option(None, "the newest prices; none: those of the run")


PRESETS = {
    "slides": {
        "recipe": "levels",
        "model": "stacked",
        "sort": False,
        "context_length": 60,
        "units": 50,
        "dropout": 0.2,
        "learning_rate": 1e-3,
        "batch_size": 32,
        "epochs": 100,
        "nets": 1,
    }
}
