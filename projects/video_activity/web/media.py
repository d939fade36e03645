"""What a file is, by how it begins; a browser is told no other types than these."""

from pathlib import Path

PLAYABLE = ("video/mp4", "video/webm", "video/ogg")  # a browser may try these
_HEAD = 64  # bytes


def media_type(path: Path) -> str:
    """Return the media type of a video that browsers may be able to play.

    Returns:
        "application/octet-stream" for all others.
    """
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide"):
        return "video/mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head else "video/x-matroska"
    if head.startswith(b"OggS"):
        return "video/ogg"
    return "application/octet-stream"
