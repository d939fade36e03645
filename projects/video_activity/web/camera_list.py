"""Cameras as they are written on a command line."""

import os
import re
from collections.abc import Sequence

from common.errors import UserError

_NAMED = re.compile(r"([\w .()-]{1,60})=(.+)", re.DOTALL)
_ENVIRONMENT = "env:"


def read_cameras(texts: Sequence[str]) -> list[tuple[str, int | str]]:
    """Return names and sources of cameras.

    Args:
        texts: `SOURCE` or `name=SOURCE`. A source is the number of a camera of this
            machine, an address (rtsp://..., http://...), or `env:VARIABLE` for an
            address in the environment: a command line can be read by others of this
            machine, and addresses hold passwords.

    Raises:
        UserError: A variable is not set, or two have the same name.
    """
    cameras: dict[str, int | str] = {}
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


def _source(text: str, name: str) -> int | str:
    if text.startswith(_ENVIRONMENT):
        variable = text.removeprefix(_ENVIRONMENT)
        text = os.environ.get(variable, "")
        if not text:
            raise UserError(
                f"Expected the address of {name} in the environment variable"
                f" {variable}. Received: nothing. Set it."
            )
    return int(text) if text.isdecimal() else text
