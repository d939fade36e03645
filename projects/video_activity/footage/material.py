"""The videos to learn from: the user's, or made ones."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.download import cache_folder
from common.meter import Meter
from projects.video_activity.footage.checking import check_spans
from projects.video_activity.footage.contents import digest
from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.spans import Span, read_folder, read_table
from projects.video_activity.made_videos.making import CLASSES, make_videos

_MADE = "made_videos"  # the folder among the downloads
_GROUPS = 24


@dataclass(frozen=True)
class Material:
    """Labeled spans of videos.

    Attributes:
        name: What reports call it.
        spans: The spans.
        notes: What there is to say of them.
        sha256: Of their contents, times, labels and sources.
    """

    name: str
    spans: list[Span]
    notes: tuple[str, ...]
    sha256: str


def find_material(
    videos: Path | None,
    group_pattern: str | None = None,
    cache: Path | None = None,
    quiet: bool = False,
) -> Material:
    """Return the spans of a folder or table, or of videos made now.

    Args:
        videos: Folder of classes, or table; None: made videos, kept among the
            downloads.
        group_pattern: See `read_folder`.
        cache: The folder of downloads.
        quiet: Whether to say nothing of the progress.

    Raises:
        UserError: See `read_folder`, `read_table` and `check_spans`.
    """
    if videos is None:
        name, spans = "made videos", read_folder(_make(cache, quiet))
    elif videos.is_file():
        name, spans = videos.name, read_table(videos)
    else:
        name, spans = Path(videos).name, read_folder(videos, group_pattern)
    with Decoder() as decoder:
        checked, notes = check_spans(spans, decoder)
    return Material(name, checked, tuple(notes), _hash(checked))


def _make(cache: Path | None, quiet: bool) -> Path:
    folder = cache_folder(cache) / _MADE
    with Meter("making videos", _GROUPS * len(CLASSES), "videos", quiet=quiet) as meter:
        for number, _ in enumerate(make_videos(folder, _GROUPS), start=1):
            meter.show(number)
    return folder


def _hash(spans: Sequence[Span]) -> str:
    contents: dict[Path, str] = {}
    hashed = hashlib.sha256()
    for span in spans:
        if span.path not in contents:
            try:
                contents[span.path] = digest(span.path)
            except OSError:
                contents[span.path] = "unreadable"
        row = contents[span.path], span.start, span.end, span.label, span.group
        hashed.update(repr(row).encode())
    return hashed.hexdigest()
