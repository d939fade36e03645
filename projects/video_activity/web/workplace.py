"""A folder for what visitors bring, gone when the server has ended."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from common.errors import UserError

_PREFIX = "video-activity-"
_LOCK = "in-use"


@contextlib.contextmanager
def workplace(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder that only its owner can read, and remove it in the end.

    Folders of servers that were killed are removed first: a folder in use is locked.

    Args:
        parent: Where; None: the folder of the system for temporary files.

    Yields:
        The folder.

    Raises:
        UserError: `parent` is no folder in which one can be made.
    """
    parent = Path(tempfile.gettempdir() if parent is None else parent)
    for left in parent.glob(f"{_PREFIX}*"):
        _remove_if_unused(left)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    except OSError as error:
        raise UserError(
            f"Expected a folder for uploads. Received: {parent} ({error.strerror})."
            " Make it, or name another with --upload-dir."
        ) from None
    try:
        with open(folder / _LOCK, "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_unused(folder: Path) -> None:
    with contextlib.suppress(OSError):  # in use, of somebody else, or gone by now
        with open(folder / _LOCK, "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
