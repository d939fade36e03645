"""The files of one run: written whole or not at all, never mixed with another's.

A run begins with `config.json` and is finished when `report.md` is there, which is
therefore written last.
"""

import contextlib
import datetime
import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from common.environment import REPOSITORY, describe_environment
from common.errors import UserError, note
from common.files import (
    atomic_write,
    locked,
    read_json,
    write_csv,
    write_json,
    write_text,
)

__all__ = [
    "REPOSITORY",
    "RUNS",
    "RunDirectory",
    "atomic_write",
    "read_json",
    "write_csv",
    "write_json",
    "write_text",
]

RUNS = REPOSITORY / "runs"

_CONFIG, _REPORT, _LOCK = "config.json", "report.md", ".lock"
# What a run writes and `overwrite` may remove: the mark of a finished run first and
# the mark of a run last, so that one killed in between is an unfinished run.
_WRITTEN = (
    _REPORT,
    "metrics.json",
    "history.csv",
    "forecasts.csv",
    "prices.csv",
    "model.keras",
    "model.json",
    "classifier.json",
    "weights.npz",
    "poet",
    "vectors.npy",
    "vectors.txt",
    "vectors.bin",
    "vocabulary.txt",
    "projector",
    "map.html",
    "evaluation",
    "scaler.json",
    "figures",
    "checkpoints",
    "events",
    _CONFIG,
)


class RunDirectory:
    """The folder of one run.

    Attributes:
        path: The folder itself.
    """

    def __init__(self, path: Path):
        self.path = Path(path)

    @classmethod
    def create(
        cls, project: str, run_dir: Path | None = None, overwrite: bool = False
    ) -> "RunDirectory":
        """Make the folder of a new run; call it once the inputs are known as good.

        Args:
            project: Names the folder in `RUNS` when `run_dir` is None; the run is
                then called after the local time.
            run_dir: A new or empty folder, or a run if `overwrite`.
            overwrite: Whether to remove what the run in `run_dir` has written.

        Raises:
            UserError: `run_dir` is in use, or holds what no run has written.
        """
        if run_dir is None:
            return cls(_make_dated_folder(RUNS / project))
        run = cls(run_dir)
        try:
            run.path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            run._refuse("a new or empty folder", "is a file", "Name another --run-dir.")
        except FileNotFoundError:
            run._refuse("a folder", "cannot be made there", "Name another --run-dir.")
        if run._is_a_run():
            run._make_room(overwrite)
        else:
            run._check_free(overwrite)
        return run

    @classmethod
    def check(cls, run_dir: Path | None, overwrite: bool = False) -> None:
        """Refuse before long work what `create` would refuse after it.

        Raises:
            UserError: `run_dir` is in use, or holds what no run has written.
        """
        if run_dir is not None and Path(run_dir).is_dir():
            cls(run_dir)._check_free(overwrite)

    @classmethod
    def open(cls, run_dir: Path) -> "RunDirectory":
        """Open a finished run in order to use it.

        Raises:
            UserError: There is no run, or it is not finished.
        """
        run = cls(run_dir)
        missing = [name for name in (_CONFIG, _REPORT) if not run._has(name)]
        if missing:
            advice = "Train first, go on with --resume, or name another --run-dir."
            run._refuse("a finished run", f"lacks {' and '.join(missing)}", advice)
        return run

    @classmethod
    def open_newest(cls, project: str, run_dir: Path | None = None) -> "RunDirectory":
        """Open `run_dir`, or the newest finished run of the project, and say which.

        Raises:
            UserError: There is no such run, or it is not finished.
        """
        if run_dir is not None:
            return cls.open(run_dir)
        reports = list((RUNS / project).glob(f"*/{_REPORT}"))
        if not reports:
            raise UserError(
                f"Expected a finished run in {RUNS / project}. Received: none. "
                "Train first, or name one with --run-dir."
            )
        newest = max(reports, key=lambda report: report.stat().st_mtime_ns).parent
        note(f"using the run {newest}")
        return cls.open(newest)

    @classmethod
    def resume(cls, project: str, run_dir: Path | None = None) -> "RunDirectory":
        """Open an unfinished run in order to go on with it.

        Args:
            project: Whose newest unfinished run is meant when `run_dir` is None;
                a line on stderr then says which that is.
            run_dir: The folder of an unfinished run.

        Raises:
            UserError: There is no such run, or another process is at work in it.
        """
        if run_dir is None:
            run = cls(_find_newest_unfinished(RUNS / project))
            note(f"resuming {run.path}")
        else:
            run = cls(run_dir)
        if not run._is_a_run():
            advice = "Start one without --resume, or name another --run-dir."
            run._refuse("an unfinished run", "is not a run", advice)
        if run.finished:
            advice = "Leave out --resume, or name another --run-dir."
            run._refuse("an unfinished run", "is finished", advice)
        with run.lock():
            run._remove_leftovers()
        return run

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end."""
        return self._has(_REPORT)

    @property
    def figures(self) -> Path:
        """The folder of the figures, made when it is first asked for."""
        return self._folder("figures")

    @property
    def checkpoints(self) -> Path:
        """The folder of the checkpoints, made when it is first asked for."""
        return self._folder("checkpoints")

    def save_config(self, values: dict[str, Any], **facts: Any) -> None:
        """Write `config.json`: the options, further facts, the environment."""
        environment = describe_environment()
        write_json(self.path / _CONFIG, {"config": values, **facts, **environment})

    def config(self) -> dict[str, Any]:
        """Return the options that `save_config` was given.

        Raises:
            UserError: `config.json` is missing, broken or not that of a run.
        """
        saved = read_json(self.path / _CONFIG, "the configuration of a run")
        if not self._is_a_run():
            self._refuse("a run", "is not one", "Name another --run-dir.")
        return saved["config"]

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes out of the run; a killed process keeps nobody out.

        Raises:
            UserError: Another process is at work in the run.
        """
        busy = f"Another process is at work in {self.path}. Name another --run-dir."
        with locked(self.path / _LOCK, busy):
            yield

    def _has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def _is_a_run(self) -> bool:
        # Other programs have a config.json too; ours is known by its two parts.
        try:
            saved = json.loads((self.path / _CONFIG).read_bytes())
        except (OSError, ValueError):
            return False
        return isinstance(saved, dict) and {"config", "versions"} <= saved.keys()

    def _folder(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(exist_ok=True)
        return folder

    def _make_room(self, overwrite: bool) -> None:
        with self.lock():
            self._check_free(overwrite)
            for name in _WRITTEN:
                _remove(self.path / name)
            self._remove_leftovers()

    def _check_free(self, overwrite: bool) -> None:
        other, advice = "", "Name another --run-dir or add --overwrite."
        if not self._is_a_run():
            if not all(map(_is_leftover, self.path.iterdir())):
                other = "holds files that are not a run's"
                advice = "Name another --run-dir."
        elif not overwrite:
            other = "holds a finished run"
            if not self.finished:
                other = "holds an unfinished run"
                advice = "Go on with it by --resume, or begin again by --overwrite."
        if other:
            self._refuse("a new or empty folder", other, advice)

    def _remove_leftovers(self) -> None:
        for path in list(self.path.rglob("*.tmp")):
            _remove(path)

    def _refuse(self, expected: str, received: str, advice: str) -> NoReturn:
        raise UserError(
            f"Expected {expected}. Received: {self.path}, which {received}. {advice}"
        )


def _is_leftover(path: Path) -> bool:
    return path.name == _LOCK or (path.name[0] == "." and path.suffix == ".tmp")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _make_dated_folder(parent: Path) -> Path:  # type: ignore[return] # it is endless
    parent.mkdir(parents=True, exist_ok=True)
    name = datetime.datetime.now().strftime("%Y-%m-%dT%H-%M-%S")
    for number in itertools.count(1):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()  # also decides between two that start in this second
            return folder


def _find_newest_unfinished(parent: Path) -> Path:
    begun = [
        config
        for config in parent.glob(f"*/{_CONFIG}")
        if not RunDirectory(config.parent).finished
    ]
    if not begun:
        raise UserError(
            f"Expected an unfinished run in {parent}. Received: none. "
            "Start one without --resume, or name it with --run-dir."
        )
    return max(begun, key=lambda config: config.stat().st_mtime_ns).parent
