"""An experiment: one claim, one command, one folder with what was found.

`projects/<name>/experiments/<claim>.py` writes into `runs/<name>/experiments/<claim>/`.
A later call replaces what an earlier one found there; a folder of one's own is only
written over with --overwrite.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.config import option
from common.places import ResultOptions
from common.run_options import CallOptions
from common.runs import RUNS

if TYPE_CHECKING:  # it loads what draws, and options must be read at once
    from common.reporting import Report


@dataclass(frozen=True)
class ExperimentOptions(ResultOptions, CallOptions):
    """This experiment."""

    seeds: int = option(3, "repeat all with so many seeds, from 0 on", minimum=1)


def save_experiment(report: "Report", program: str, output: Path | None = None) -> Path:
    """Write report.md, metrics.json and the figures.

    Args:
        report: What was found.
        program: `__file__` of the entry point, which names the folder.
        output: Another folder.

    Returns:
        The folder.
    """
    path = Path(program).resolve()
    project, claim = path.parents[1].name, path.stem
    folder = Path(output or RUNS / project / "experiments" / claim)
    report.save(folder)
    return folder
