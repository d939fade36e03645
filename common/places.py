"""Where results go: what is there already is never replaced unasked."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError


@dataclass(frozen=True)
class ResultOptions:
    """Where the results go."""

    output: Path | None = option(
        None, "a new folder for the results; none: the run's own, or one in runs/"
    )
    overwrite: bool = option(False, "replace what is there")

    def __post_init__(self) -> None:
        """Refuse a folder in use, before anything is computed."""
        if self.output is not None:
            check_folder(self.output, self.overwrite)


def check_file(path: Path, overwrite: bool, flag: str = "--output") -> None:
    """Refuse before long work a file that must not, or could not, be written.

    Args:
        path: The file; its folders need not be there.
        overwrite: Whether it may replace another file.
        flag: What the user named it by.

    Raises:
        UserError: A file is there and `overwrite` is false, or a folder is there, or
            a file stands where a folder would be.
    """
    if path.is_dir():
        raise UserError(
            f"Expected a file for {flag}. Received: {path}, which is a folder. Name"
            " another."
        )
    if path.exists() and not overwrite:
        raise UserError(
            f"Expected a new file for {flag}. Received: {path}, which is there. Name"
            " another, or add --overwrite."
        )
    _check_way(path.absolute().parent, flag)


def check_folder(
    folder: Path,
    overwrite: bool,
    flag: str = "--output",
    replaced: Iterable[Path] | None = None,
) -> None:
    """Refuse before long work a folder that must not, or could not, be written to.

    Args:
        folder: The folder; it need not be there.
        overwrite: Whether what is in it may be replaced.
        flag: What the user named it by.
        replaced: The files that would be written; None: any file is in the way.

    Raises:
        UserError: Something would be replaced and `overwrite` is false, or a file
            stands where a folder would be.
    """
    _check_way(folder.absolute(), flag)
    if overwrite or not folder.is_dir():
        return
    if replaced is None:  # but what a killed program left behind
        replaced = (p for p in folder.iterdir() if not p.name.startswith("."))
    found = next((path for path in replaced if path.exists()), None)
    if found is not None:
        raise UserError(
            f"Expected a new or empty folder for {flag}. Received: {folder}, which"
            f" has {found.name}. Name another, or add --overwrite."
        )


def _check_way(folder: Path, flag: str) -> None:
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir():
        raise UserError(
            f"Expected a folder for {flag}. Received: {nearest}, which is a file. Name"
            " another."
        )
