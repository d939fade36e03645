"""Options that many programs have: one name and one meaning in all of them."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import note


@dataclass(frozen=True)
class QuietOptions:
    """This call."""

    quiet: bool = option(False, "no progress on the screen, results only")

    def tell(self, text: str) -> None:
        """Say on stderr how far it is, unless `quiet`."""
        if not self.quiet:
            note(text)


@dataclass(frozen=True)
class DataOptions:
    """This call."""

    data_dir: Path | None = option(
        None, "where downloads and what is made of them are kept; none: data/"
    )


@dataclass(frozen=True)
class CallOptions(DataOptions, QuietOptions):
    """This call."""


@dataclass(frozen=True)
class RunOptions(CallOptions):
    """This run."""

    seed: int = option(0, "decides all that is random", minimum=0, maximum=2**31)
    run_dir: Path | None = option(None, "its folder; none: named after the time")
    resume: bool = option(False, "go on with a run that was cut off")
    overwrite: bool = option(False, "begin anew in a folder that holds a run")
