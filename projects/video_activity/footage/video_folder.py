"""The videos of a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from projects.video_activity.footage.rows import unreadable

# What OpenCV's FFmpeg reads. An animated GIF is a video like others.
SUFFIXES = frozenset(
    ".3g2 .3gp .asf .avi .dv .f4v .flv .gif .h264 .hevc .ivf .m2ts .m2v .m4v .mjpeg"
    " .mjpg .mkv .mov .mp4 .mpe .mpeg .mpg .mts .mxf .nut .ogg .ogv .qt .rm .rmvb .ts"
    " .vob .webm .wmv".split()
)


def list_classes(folder: Path) -> list[Path]:
    """Return the visible sub-folders, ordered by name.

    Raises:
        UserError: The folder is not there, no folder, or may not be read.
    """
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise unreadable(folder, error) from None
    return [path for path in inside if path.is_dir() and path.name[0] != "."]


def list_videos(folder: Path) -> list[Path]:
    """Return the visible files below a folder that are videos by their suffix.

    Returns:
        In the order of their paths, folder by folder.

    Raises:
        UserError: The folder, or one in it, may not be read.
    """
    return [path for path in _walk(folder) if path.suffix.lower() in SUFFIXES]


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise unreadable(error.filename, error) from None

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        yield from (Path(place, name) for name in sorted(names) if name[0] != ".")
