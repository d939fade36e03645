"""The options of `evaluate.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import ResultOptions
from common.run_options import CallOptions


@dataclass(frozen=True)
class EvaluateConfig(ResultOptions, CallOptions):
    """What `evaluate.py` was asked for."""

    # Which models.
    run_dir: Path | None = option(
        None, "run of train.py; none: the model that comes along"
    )
    compare: tuple[str, ...] = option((), "several runs of train.py, in one table")
    baselines: bool = option(
        True, "beside them commonest partners and the count model, fitted in a minute"
    )

    # On what.
    part: str = option(
        "test", "valid is to choose by, test to report", choices=("valid", "test")
    )
    lines: int = option(0, "look at so many lines, drawn by chance; 0: all", minimum=0)
    picks: tuple[int, ...] = option(
        (1000, 500),
        "lines to be picked among 10 and among 100, drawn by chance; 0: all",
        minimum=0,
    )
    data: str | None = option(
        None, "line pairs, as for train.py; left out: those the run learned from"
    )
    limit: int = option(
        0, "baselines learn from so many pairs, the first; 0: all", minimum=0
    )
    seed: int = option(0, "of all that is drawn", minimum=0, maximum=2**32 - 1)

    # How answers are ranked.
    judges: tuple[str, ...] = option(
        (),
        "more weights of the judges to try, as 0.5:-0.2 (of log p(first | second) and"
        " of log p(second)); the usual ones and none are always shown",
    )

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        super().__post_init__()
        if self.run_dir is not None and self.compare:
            raise UserError(
                "Expected --run-dir or --compare. Received: both. Name all runs"
                " behind --compare, with commas between."
            )
        if len(self.picks) != 2:
            raise UserError(
                "Expected two numbers for --picks, as 1000,500. Received:"
                f" {len(self.picks)}."
            )
        _ = self.weightings

    @property
    def weightings(self) -> tuple[tuple[float, float], ...]:
        """The weights to try: of the reverse judge and of fluency."""
        return tuple(map(_read_weights, self.judges))


def _read_weights(text: str) -> tuple[float, float]:
    try:
        reverse, fluency = map(float, text.split(":"))
    except ValueError:
        raise UserError(
            "Expected weights as 0.5:-0.2 for --judges. Received:"
            f" {text!a}. The first is of log p(first | second)."
        ) from None
    return reverse, fluency
