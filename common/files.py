"""Files that are whole or not there at all, whoever is killed while writing.

(The locks are those of Unix: Linux, macOS, WSL.)
"""

import contextlib
import fcntl
import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common.errors import UserError, note


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Write a file so that whoever looks sees the old one or the whole new one.

    The temporary path has the name of the file (Keras goes by its ending) in a
    temporary folder beside it. It becomes the file once it is safely on the disk,
    and is removed after any error.

    Args:
        path: The file; its folder exists.

    Yields:
        Where to write meanwhile.
    """
    path = Path(path)
    folder = Path(tempfile.mkdtemp(prefix=".", suffix=".tmp", dir=path.parent))
    try:
        yield folder / path.name
        _sync(folder / path.name)
        os.replace(folder / path.name, path)
        with contextlib.suppress(OSError):  # not all network disks sync a folder
            _sync(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically."""
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically; numbers of NumPy are plain, NaN and infinity null."""
    text = json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    with atomic_write(path) as temporary:
        # A lone surrogate (a file name that is no UTF-8) becomes JSON's own \udcXX.
        temporary.write_bytes(f"{text}\n".encode(errors="backslashreplace"))


def write_csv(path: Path, frame: Any, index: bool = True) -> None:
    """Write a pandas frame atomically; every float is read back as it was."""
    with atomic_write(path) as temporary:
        frame.to_csv(temporary, index=index, float_format="%.17g")


def read_json(path: Path, what: str) -> Any:
    """Read a JSON file.

    Args:
        path: The file.
        what: What it holds, for the error.

    Raises:
        UserError: The file is missing or is no JSON.
    """
    try:
        return json.loads(Path(path).read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        reason = "no such file"
    except (ValueError, RecursionError) as error:
        reason = f"broken JSON ({error})"
    raise UserError(
        f"Expected {what} in {path}. Received: {reason}. Restore it or train again."
    )


@contextlib.contextmanager
def locked(path: Path, busy: str, wait: bool = False) -> Iterator[None]:
    """Hold the lock file `path`; the system frees it even after `kill -9`.

    Args:
        path: The lock file; it is made and stays.
        busy: What to say when another process holds it.
        wait: Whether to say so on stderr and wait, rather than raise.

    Raises:
        UserError: Another process holds the lock and `wait` is false.
    """
    with open(path, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise UserError(busy) from None
            note(busy)
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Path):
        return str(value)
    return _plain(value.tolist()) if hasattr(value, "tolist") else value
