"""Labeled stretches of videos, from a folder of classes or from a table."""

import math
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from common.errors import UserError, note
from projects.video_activity.footage.groups import by_pattern, by_table
from projects.video_activity.footage.rows import read_rows
from projects.video_activity.footage.video_folder import list_classes, list_videos

_COLUMNS = ("file", "start", "end", "label")


@dataclass(frozen=True)
class Span:
    """A stretch of a video in which one thing goes on.

    Attributes:
        path: The file.
        start: Seconds.
        end: Seconds; None: to the end of the file.
        label: The class.
        group: The source; clips of one source are never both learned from and
            tested on.
    """

    path: Path
    start: float
    end: float | None
    label: str
    group: str

    def __str__(self) -> str:
        """Return the file, with the times if it is not the whole file."""
        if self.start == 0 and self.end is None:
            return str(self.path)
        end = "end" if self.end is None else f"{self.end:g} s"
        return f"{self.path} ({self.start:g} s to {end})"


def read_folder(folder: Path, group_pattern: str | None = None) -> list[Span]:
    """Read a folder in which each sub-folder is a class.

    Hidden files, and files that are no videos by their suffix, are left out.

    Args:
        folder: The folder. A `groups.csv` in it (file, label, group) names sources.
        group_pattern: A regular expression whose first group, found in the path
            below `folder`, is the source; goes before `groups.csv`.

    Returns:
        One span for each video, ordered by path. Without pattern and groups.csv
        each video is its own source.

    Raises:
        UserError: No such folder, no videos, a broken pattern or groups.csv.
    """
    folder = Path(folder)
    classes = list_classes(folder)
    find_group = by_pattern(group_pattern) if group_pattern else by_table(folder)
    spans = []
    for place in classes:
        videos = list_videos(place)
        if not videos:
            note(f"{place}: there is no video in it, so it is no class.")
        for path in videos:
            group = find_group(path.relative_to(folder).as_posix())
            spans.append(Span(path, 0.0, None, place.name, group))
    if not spans:
        raise UserError(
            "Expected a folder with one sub-folder of videos (.mp4, .avi, .mkv, .mov,"
            f" .webm ...) for each class. Received: {folder}, with no video in a"
            " sub-folder. Sort the videos into such folders."
        )
    return spans


def read_table(table: Path) -> list[Span]:
    """Read a CSV file of `file,start,end,label` and, if wanted, `group`.

    Files are relative to the table. Times are seconds, or h:mm:ss; an empty start is
    the start of the file, an empty end its end, an empty group the file itself.

    Args:
        table: The CSV file.

    Returns:
        One span for each row, in order.

    Raises:
        UserError: With the number of the row: a column is missing, a time is no
            time or out of order, a file is not there, a label is empty, or two spans
            of one file overlap with different labels.
    """
    table = Path(table)
    read = read_rows(table, _COLUMNS)
    rows = [(number, _span(table, number, row)) for number, row in read]
    if not rows:
        raise UserError(
            f"Expected rows of labeled spans in {table}. Received: none. Write"
            " file,start,end,label below the first line."
        )
    by_file = defaultdict(list)
    for number, span in rows:
        by_file[span.path].append((span, f"row {number}"))
    for spans in by_file.values():
        refuse_conflicts(spans, f"{table}: ")
    return [span for _, span in rows]


def _span(table: Path, number: int, row: dict) -> Span:
    place = f"row {number} of {table}"
    name = os.path.normpath(row["file"])  # one file, one name
    path = table.parent / name
    if not row["file"] or not path.is_file():
        raise UserError(
            f"Expected a file, relative to the table. Received: {row['file'] or '?'},"
            f" which is not there, in {place}. Mend the name."
        )
    if not row["label"]:
        raise UserError(f"Expected a label. Received: nothing, in {place}. Fill it in.")
    start = _seconds(row["start"] or "0", place)
    end = _seconds(row["end"], place) if row["end"] else None
    if end is not None and end <= start:
        raise UserError(
            f"Expected a span that ends after its start. Received: {row['start']} to"
            f" {row['end']} in {place}. Mend the times."
        )
    return Span(path, start, end, row["label"], row.get("group") or name)


def _seconds(text: str, place: str) -> float:
    """Return the seconds of "83.5" or "1:23.5"."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = [math.nan]
    value = sum(part * 60**power for power, part in enumerate(reversed(parts)))
    if len(parts) > 3 or not all(map(_is_time, parts)):
        raise UserError(
            f"Expected a time in seconds, 0 or later, or as h:mm:ss. Received:"
            f" {text!r} in {place}. Mend it."
        )
    return value


def _is_time(value: float) -> bool:
    return math.isfinite(value) and value >= 0


def refuse_conflicts(spans: Iterable[tuple[Span, str]], place: str = "") -> None:
    """Refuse spans of the same pictures that overlap and differ in the label.

    Args:
        spans: Of one content, each with what to call it.
        place: Put before both names.

    Raises:
        UserError: Names the two.
    """
    ordered = sorted(spans, key=lambda item: item[0].start)
    for number, (first, name) in enumerate(ordered):
        end = math.inf if first.end is None else first.end
        for second, other in ordered[number + 1 :]:
            if second.start < end and second.label != first.label:
                raise UserError(
                    f"Expected one label for the same pictures. Received: {place}{name}"
                    f" is {first.label!r} and {other} is {second.label!r}. Decide on"
                    " one, and remove the other."
                )
