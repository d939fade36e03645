"""How a video is refused: what is seen before decoding, and the words for it."""

import stat
from pathlib import Path

from projects.video_activity.footage.frames import VideoError
from projects.video_activity.footage.sniffing import UNKNOWN, describe_file


def check_file(path: Path) -> None:
    """Refuse what is no readable file, before any decoder sees it.

    Raises:
        VideoError: It is missing, a folder, a device, empty, or may not be read.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refusal(path, "it is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise refusal(path, "it is no plain file")
        with open(path, "rb"):
            pass
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from None
    if not status.st_size:
        raise refusal(path, "the file is empty")


def refusal(path: Path, reason: str, time: float = 0.0) -> VideoError:
    """Return the error for a video.

    Args:
        path: The file.
        reason: What is wrong with it, without a stop at the end.
        time: How far it was decoded, seconds.
    """
    if reason == UNKNOWN:
        try:
            reason = describe_file(path)
        except OSError:
            pass  # gone in the meantime
    place = f" at {time:.1f} s" if time else ""
    return VideoError(
        f"Expected a video that can be decoded. Received: {path}{place}: {reason}."
        " Leave it out, or write it anew with a video editor."
    )
