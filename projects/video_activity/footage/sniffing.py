"""What a file is that no decoder takes, for people to whom it is a video."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

UNKNOWN = "it is no video that can be decoded"
_HEAD = 4096  # bytes
_MOST_BOXES = 1000
_BEGINNINGS = {
    b"ID3": "a sound file",
    b"fLaC": "a sound file",
    b"\xff\xfb": "a sound file",
    b"\x89PNG": "a still picture",
    b"\xff\xd8\xff": "a still picture, or a camera's raw stream of them",
    b"PK\x03\x04": "an archive",
    b"%PDF": "a document",
}


def describe_file(path: Path) -> str:
    """Return what is likely in a file that cannot be decoded as a video.

    Args:
        path: A file that can be read.
    """
    with open(path, "rb") as file:
        head = file.read(_HEAD)
        if head[4:8] == b"ftyp":
            return _describe_mp4(set(_boxes(file)))
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "it is a sound file"
    for beginning, what in _BEGINNINGS.items():
        if head.startswith(beginning):
            return f"it is {what}"
    if _is_text(head):
        return "it is text, whatever its name says"
    return UNKNOWN


def _describe_mp4(boxes: set[bytes]) -> str:
    if b"moov" not in boxes:
        return "it was cut off before its index (no moov in it)"
    return "no pictures in it can be decoded (sound only, or damaged)"


def _boxes(file: BinaryIO) -> Iterator[bytes]:
    """Yield the names of the outermost parts of an mp4."""
    end, place = os.fstat(file.fileno()).st_size, 0
    for _ in range(_MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return
        yield head[4:8]
        size = int.from_bytes(head[:4], "big")
        size = int.from_bytes(head[8:], "big") if size == 1 else size or end
        place += max(8, size)
        if place >= end:
            return


def _is_text(head: bytes) -> bool:
    try:
        text = head[: len(head) // 4 * 4 or None].decode()
    except UnicodeDecodeError as error:
        text = "" if error.start < len(head) - 8 else head[: error.start].decode()
    return bool(text) and all(sign.isprintable() or sign in "\r\n\t" for sign in text)
