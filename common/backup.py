"""Backups of a training that survive kill -9 at any moment.

Each backup is a directory of its own, complete before it gets its name:

    epoch-000012/arrays.npz   all arrays, no pickle
    epoch-000012/state.json   everything else; refers to the arrays by number
    epoch-000012/SHA256SUMS   of both; `sha256sum -c SHA256SUMS` checks them

The newest two are kept. Reading takes the newest that is whole, so a damaged one
costs an epoch and not the training.
"""

import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import keras
import numpy as np

from common.distribution import process_count, share, share_bytes
from common.errors import note
from common.state import TrainingState, capture, restore

_ARRAYS, _STATE, _SUMS = "arrays.npz", "state.json", "SHA256SUMS"


class Backup(keras.callbacks.Callback):
    """Write the state of the training at the end of epochs; resume from it.

    It must be the last callback, so that the others have done their part of the
    epoch when it looks at them, and begun when it reminds them.
    """

    def __init__(
        self,
        folder: Path | None,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        *,
        minimum_seconds: float = 1.0,
    ):
        """Read what lies in the folder and clean away unfinished writes.

        Args:
            folder: Where the backups lie; made if missing. None: nothing is written.
                Where several processes train, all take the state that the first
                one has read, so that all go on at the same epoch.
            callbacks: The callbacks whose memory belongs to the state.
            minimum_seconds: No backup is written sooner than this after the one
                before, in seconds; the last epoch of a training always is.
        """
        super().__init__()
        self.folder = None if folder is None else Path(folder)
        self.minimum_seconds = minimum_seconds
        self._callbacks = callbacks
        self._pending: TrainingState | None = None
        self._written = -float("inf")
        stored = None
        if self.folder is not None:
            remove_unfinished(self.folder)
            stored = read_newest(self.folder)
        self.state = stored if process_count() == 1 else _share(stored)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Restore model and callbacks, which have just forgotten everything."""
        if self.state is not None:
            restore(self.model, self.state, callbacks=self._callbacks)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Take the state and write it, unless the last write was just now."""
        self._pending = self.state = capture(
            self.model, epochs=epoch + 1, callbacks=self._callbacks
        )
        if time.monotonic() - self._written >= self.minimum_seconds:
            self.flush()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Write the last epoch."""
        self.flush()

    def flush(self) -> None:
        """Write the last finished epoch if it is not on the disk yet."""
        if self._pending is not None and self.folder is not None:
            write_state(self._pending, self.folder)
            self._pending = None
            self._written = time.monotonic()


def write_state(state: TrainingState, folder: Path) -> Path:
    """Add a backup to a folder and keep the newest two.

    Args:
        state: The state to write.
        folder: Where backups lie; made if missing.

    Returns:
        The directory of the backup.

    Raises:
        OSError: The system refused (disk full, no permission); the backups
            before are untouched.
    """
    target = folder / f"epoch-{state.epochs:06d}"
    unfinished = folder / f"{target.name}.tmp-{os.getpid()}"
    try:
        unfinished.mkdir(parents=True)
        _write_files(state, unfinished)
        # A directory of this name can only be a damaged one that was passed over.
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)  # gives the space back
        raise
    _sync(folder)
    others = [path for path in _backups(folder) if path != target]
    before = [path for path in others if path.name < target.name]
    for path in set(others) - set(before[-1:]):
        shutil.rmtree(path, ignore_errors=True)
    return target


def read_newest(folder: Path) -> TrainingState | None:
    """Read the newest backup that is whole.

    Args:
        folder: Where backups lie; it may be missing.

    Returns:
        The state, or None if there is no backup or all are damaged. Each damaged
        one is told on stderr.
    """
    backups = _backups(folder)
    for path in reversed(backups):
        try:
            return _read_files(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            note(f"warning: passed over a damaged backup, {path}: {error}")
    if backups:
        note("warning: no backup is whole; training starts afresh")
    return None


def remove_unfinished(folder: Path) -> None:
    """Remove what killed processes left behind in the middle of a write."""
    for path in folder.glob("epoch-*.tmp-*"):
        shutil.rmtree(path, ignore_errors=True)


def _backups(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("epoch-*") if ".tmp-" not in p.name)


def _write_files(state: TrainingState, folder: Path) -> None:
    arrays: list[np.ndarray] = []
    text = json.dumps(_pack(vars(state), arrays), indent=1)
    with (folder / _ARRAYS).open("wb") as stream:
        np.savez(stream, *arrays, allow_pickle=False)
    (folder / _STATE).write_text(text, encoding="utf-8")
    sums = [f"{_sha256(folder / name)}  {name}\n" for name in (_ARRAYS, _STATE)]
    (folder / _SUMS).write_text("".join(sums), encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        _sync(path)


def _read_files(folder: Path) -> TrainingState:
    lines = (folder / _SUMS).read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    for name in (_ARRAYS, _STATE):
        if _sha256(folder / name) != sums.get(name):
            raise ValueError(f"{name} does not match its sum in {_SUMS}")
    arrays = _read_arrays(folder / _ARRAYS)
    text = (folder / _STATE).read_text(encoding="utf-8")
    return TrainingState(**_unpack(json.loads(text), arrays))


def _read_arrays(file: Path | BinaryIO) -> list[np.ndarray]:
    with np.load(file) as stored:
        return [stored[f"arr_{number}"] for number in range(len(stored.files))]


def _share(state: TrainingState | None) -> TrainingState | None:
    """Return the state that the first of several processes has read."""
    arrays: list[np.ndarray] = []
    told = share(None if state is None else _pack(vars(state), arrays))
    stream = io.BytesIO()
    np.savez(stream, *arrays)
    data = share_bytes(stream.getvalue())
    if told is None:
        return None
    return TrainingState(**_unpack(told, _read_arrays(io.BytesIO(data))))


def _pack(value: Any, arrays: list[np.ndarray]) -> Any:
    """Return `value` fit for JSON, its arrays moved to the list."""
    if isinstance(value, np.ndarray):
        # Types that numpy does not know (bfloat16) go as plain bits.
        bits = value.view(f"V{value.itemsize}") if value.dtype.kind == "V" else value
        arrays.append(bits)
        return {"array": len(arrays) - 1, "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: _pack(item, arrays) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_pack(item, arrays) for item in value]
    return value


def _unpack(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, list):
        return [_unpack(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"array", "dtype"}:
        return arrays[value["array"]].view(value["dtype"])
    return {key: _unpack(item, arrays) for key, item in value.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until the disk has a file, or the names in a directory."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such call for directories
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
