"""Which source a video is from: by a pattern of its name, or by a table."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from common.errors import UserError
from projects.video_activity.footage.rows import read_rows

GROUPS_FILE = "groups.csv"
_COLUMNS = ("file", "label", "group")

# From the path of a video below its folder, with /, to the name of its source.
FindGroup = Callable[[str], str]


def by_pattern(text: str) -> FindGroup:
    """Return what finds the source as the first group of a regular expression.

    Raises:
        UserError: It is no such expression; when called: a name has no such part.
    """
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise UserError(
            f"Expected a regular expression that finds the source of a video."
            f" Received: {text!r} ({error}). Mend it."
        ) from None
    if not pattern.groups:
        raise UserError(
            "Expected a regular expression with the source in parentheses. Received:"
            f" {text!r}. Write for example '([^/]+)_[0-9]+'."
        )

    def find(name: str) -> str:
        match = pattern.search(name)
        if match is None or not match.group(1):
            raise UserError(
                f"Expected the pattern {text!r} to find the source of each video."
                f" Received: {name}. Mend the pattern, or rename the video."
            )
        return match.group(1)

    return find


def by_table(folder: Path) -> FindGroup:
    """Return what finds the source in the folder's `groups.csv`.

    A video that is not in it, or all of them if there is none, is its own source.

    Raises:
        UserError: The table is broken, or names none of the folder's files.
    """
    path = folder / GROUPS_FILE
    groups = dict(_read(path)) if path.is_file() else {}
    if groups and not any((folder / name).is_file() for name in groups):
        raise UserError(
            f"Expected files below {folder} in {path}. Received: {next(iter(groups))},"
            " which is not there, and no other that is. Write <class>/<name>."
        )
    return lambda name: groups.get(name, name)


def _read(path: Path) -> Iterator[tuple[str, str]]:
    for number, row in read_rows(path, _COLUMNS):
        name = row["file"].replace("\\", "/")
        if row["label"] != name.split("/")[0]:
            raise UserError(
                f"Expected the label to be the sub-folder. Received: {row['label']!r}"
                f" for {name} in row {number} of {path}. Mend the row."
            )
        if not row["group"]:
            raise UserError(
                f"Expected a group for {name}. Received: nothing, in row {number} of"
                f" {path}. Fill it in, or take the row out."
            )
        yield name, row["group"]
