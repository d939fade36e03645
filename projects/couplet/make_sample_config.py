"""The options of `make_sample.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.run_options import CallOptions
from projects.couplet.decoding.request import Request

ENDINGS = (".tsv", ".tsv.gz", ".tsv.xz")


@dataclass(frozen=True)
class MakeSampleConfig(CallOptions):
    """What `make_sample.py` was asked for."""

    # What is written.
    couplets: int = option(8000, "how many", minimum=1, maximum=1_000_000)
    lengths: tuple[int, ...] = option(
        (5, 7), "characters of a line, in turns", choices=(5, 7)
    )
    temperature: float = option(
        0.7,
        "of first lines; low: what is probable, high: what is not",
        minimum=0.05,
        maximum=2,
    )
    beam: int = option(
        Request.beam,
        "second lines that the search follows at once",
        minimum=1,
        maximum=256,
    )
    avoid: tuple[str, ...] = option(
        (),
        "what no line is written again of: line pairs, as for train.py --data, or poems"
        " (the Tang poems)",
    )
    seed: int = option(0, "another seed, other couplets", minimum=0, maximum=2**32 - 1)

    # Where.
    output: Path = option(
        Path("couplets.tsv.xz"), f"file to write, which ends with {', '.join(ENDINGS)}"
    )
    overwrite: bool = option(False, "replace what is there")

    # The models.
    poet: Path | None = option(
        None, "a run of train_poems.py; none: the one that comes along"
    )
    run_dir: Path | None = option(
        None, "run of train.py; none: the model that comes along"
    )

    def __post_init__(self) -> None:
        """Refuse a file of another kind, and no length at all."""
        if not self.output.name.endswith(ENDINGS):
            raise UserError(
                f"Expected --output to end with {', '.join(ENDINGS)}. Received:"
                f" {self.output}. Rename it."
            )
