"""Beginning a run, or going on with one: its options count, its inputs are the same."""

import contextlib
import shlex
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from common.config import config_from_dict, config_to_dict
from common.errors import UserError
from common.run_options import RunOptions
from common.runs import REPOSITORY, RunDirectory, read_json

Config = TypeVar("Config", bound=RunOptions)

# Options about this call rather than about the run.
_KEPT = ("quiet", "data_dir", "distribute")
_OF_THE_CALL = frozenset({"resume", "run_dir", "overwrite", *_KEPT})


class RunStart:
    """A program that begins a run, or goes on with one that was cut off.

    Attributes:
        config: What counts: of a run that goes on, the options it was begun with.
        resumed: The run that goes on; None for a new one.
        command: What a reader can repeat.
    """

    def __init__(self, project: str, config: Any, given: Collection[str], command: str):
        """Open the run with `--resume`, or see that there is room for a new one.

        Args:
            project: Names the folder in `RUNS`.
            config: What the command line says; with the fields `resume`, `run_dir`,
                `overwrite`, `quiet` and `data_dir`.
            given: The fields that the command line spoke of.
            command: See `command_of`.

        Raises:
            UserError: There is no such run, or no such room; or an option
                contradicts those of the run.
        """
        self.project, self.config, self.command = project, config, command
        self.resumed: RunDirectory | None = None
        self._inputs: dict[str, Any] = {}
        if config.resume:
            self.config, self.resumed = resume_run(project, config, given)
        else:
            RunDirectory.check(config.run_dir, config.overwrite)

    def set_inputs(self, **inputs: Any) -> None:
        """Say what tells the data apart, such as their sha256.

        Raises:
            UserError: They are not those that the run began with.
        """
        self._inputs = inputs
        if self.resumed is not None:
            check_inputs(self.resumed, inputs)

    @contextlib.contextmanager
    def begin(self, config: Any = None, **facts: Any) -> Iterator[RunDirectory]:
        """Give the run's directory, and keep other processes out of it meanwhile.

        Args:
            config: The options if the data decided some; None: `self.config`.
            facts: Further ones for config.json.
        """
        run = self.resumed
        if run is None:
            config = config or self.config
            run = RunDirectory.create(self.project, config.run_dir, config.overwrite)
            facts = {"inputs": self._inputs, "command": self.command, **facts}
            run.save_config(config_to_dict(config), **facts)
        with run.lock():
            yield run


def resume_run(
    project: str, config: Config, given: Collection[str]
) -> tuple[Config, RunDirectory]:
    """Open an unfinished run with the options that it was begun with.

    Args:
        project: as for `RunDirectory.resume`.
        config: what the command line says; its fields `run_dir` and `quiet` hold.
        given: the fields that the command line spoke of.

    Returns:
        The options of the run, and the run.

    Raises:
        UserError: there is no such run, or an option contradicts it.
    """
    run = RunDirectory.resume(project, config.run_dir)
    saved = config_from_dict(type(config), run.config())
    ours, theirs = config_to_dict(config), config_to_dict(saved)
    for name in sorted(set(given) - _OF_THE_CALL):
        if ours[name] != theirs[name]:
            flag = "--" + name.replace("_", "-")
            raise UserError(
                f"{flag} must be {theirs[name]} as when the run began. Received:"
                f" {ours[name]}. Leave {flag} out, or start another run."
            )
    kept = {name: getattr(config, name) for name in _KEPT if name in ours}
    return replace(saved, resume=True, run_dir=run.path, **kept), run


def check_inputs(run: RunDirectory, inputs: dict[str, Any]) -> None:
    """Raise a UserError if the data are not those that the run began with.

    Args:
        run: an unfinished run, begun by `save_config(..., inputs=inputs)`.
        inputs: what tells the data apart, such as their sha256.
    """
    saved = read_json(run.path / "config.json", "the configuration of a run")
    before = saved.get("inputs")
    if before != inputs:
        raise UserError(
            f"The data must be those that {run.path} began with: {before}."
            f" Received: {inputs}. Give the same files, or start another run."
        )


def command_of(program: str, argv: Sequence[str] | None) -> str:
    """Return the command line that a reader can repeat.

    Args:
        program: `__file__` of the entry point.
        argv: its arguments; None: those of the process.
    """
    name = Path(program).resolve().relative_to(REPOSITORY).as_posix()
    return shlex.join(["python", name, *(sys.argv[1:] if argv is None else argv)])
