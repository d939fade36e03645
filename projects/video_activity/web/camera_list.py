"""Cameras as they are written on a command line."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from common.errors import UserError
from projects.video_activity.footage.live import check_source
from projects.video_activity.web.tools import Source

_NAMED = re.compile(r"([\w .()-]{1,60})=(.+)", re.DOTALL)
_ENVIRONMENT = "env:"


def read_cameras(texts: Sequence[str]) -> list[tuple[str, Source]]:
    """Return names and sources of cameras.

    Args:
        texts: `SOURCE` or `name=SOURCE`. A source is the number of a camera of this
            machine, an address (rtsp://..., http://...), `env:VARIABLE` for an
            address in the environment: a command line can be read by others of this
            machine, and addresses hold passwords; or a file, which plays as if it
            came from a camera.

    Raises:
        UserError: A variable is not set, two have the same name, or there is no
            such source.
    """
    cameras: dict[str, Source] = {}
    for number, text in enumerate(texts, start=1):
        named = _NAMED.fullmatch(text.strip())
        name, source = named.groups() if named else (f"Camera {number}", text.strip())
        name = name.strip()
        if name in cameras:
            raise UserError(
                f"Expected a name of its own for each camera. Received: {name} twice."
            )
        cameras[name] = _source(source, name)
    return list(cameras.items())


def _source(text: str, name: str) -> Source:
    if text.startswith(_ENVIRONMENT):
        variable = text.removeprefix(_ENVIRONMENT)
        text = os.environ.get(variable, "")
        if not text:
            raise UserError(
                f"Expected the address of {name} in the environment variable"
                f" {variable}. Received: nothing. Set it."
            )
    if Path(text).is_file():
        return Path(text)
    return check_source(int(text) if text.isdecimal() else text)
