"""What a user points at: videos, or a camera."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from common.errors import UserError
from projects.video_activity.footage.live import check_source
from projects.video_activity.footage.video_folder import list_videos

_ENVIRONMENT = "env:"
_SECRET = re.compile(r"(?<=://)[^@/]*@")


@dataclass(frozen=True)
class GivenSource:
    """Videos in order, or a camera.

    Attributes:
        name: What it is called in tables and messages; without any password.
        files: The videos; none for a camera.
        camera: Number or address of the camera, or the video that plays as if it
            came from one; None for videos.
    """

    name: str
    files: tuple[Path, ...] = ()
    camera: int | str | Path | None = None


def find_source(text: str, *, realtime: bool = False) -> GivenSource:
    """Return what a text on the command line means.

    Args:
        text: A video, a folder, the number of a camera, an address such as
            rtsp://..., or env:VARIABLE for an address in the environment: command
            lines are seen by others, and addresses hold passwords.
        realtime: Whether a video is to play as if it came from a camera.

    Raises:
        UserError: There is no such thing, or a folder without videos.
    """
    name = hide_password(text)
    if text.startswith(_ENVIRONMENT):
        text = _look_up(text.removeprefix(_ENVIRONMENT))
    path = Path(text)
    if text.isdecimal() and not path.exists():
        return GivenSource(f"camera {text}", camera=int(text))
    if "://" in text:
        return GivenSource(name, camera=check_source(text))
    files = list_videos(path) if path.is_dir() else [path]
    if not files or not path.exists():
        received = "holds no videos" if path.exists() else "is not there"
        raise UserError(
            "Expected a video, a folder of videos, or the number or address of a"
            f" camera. Received: {text or '(empty)'}, which {received}."
        )
    if realtime and path.is_file():
        return GivenSource(name, camera=path)
    return GivenSource(name, tuple(files))


def hide_password(address: str) -> str:
    """Return an address without the user and the password in it."""
    return _SECRET.sub("", address)


def _look_up(variable: str) -> str:
    if not os.environ.get(variable):
        raise UserError(
            f"Expected the address of a camera in the environment variable {variable}."
            " Received: nothing. Set it."
        )
    return os.environ[variable]
