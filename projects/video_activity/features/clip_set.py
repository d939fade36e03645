"""Features of many clips, with what is known of each."""

import dataclasses
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.files import atomic_write

_BROKEN = (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile)
_STREAM = "stream "  # before the names of streams in a file


@dataclass(frozen=True)
class ClipSet:
    """Clips, padded to one length.

    Attributes:
        features: float32 `(clips, num_frames, D)` of each stream; zero after the
            end of a clip.
        lengths: int64 `(clips,)`, frames that are there.
        labels: int64 `(clips,)`, places in `classes`.
        classes: The names of the classes.
        groups: object `(clips,)`, the source of each clip.
        paths: object `(clips,)`, the file of each clip, text.
        starts: float64 `(clips,)`, seconds in that file.
        skipped: What could not be used and why, one line each.
        notes: What was strange, one line each.
    """

    features: dict[str, np.ndarray]
    lengths: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    groups: np.ndarray
    paths: np.ndarray
    starts: np.ndarray
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.lengths)

    @property
    def dims(self) -> dict[str, int]:
        """The number of features of each stream."""
        return {name: values.shape[2] for name, values in self.features.items()}

    @property
    def num_frames(self) -> int:
        """Frames of a whole clip."""
        return next(iter(self.features.values())).shape[1]

    @property
    def mask(self) -> np.ndarray:
        """Which frames are there, bool `(clips, num_frames)`."""
        return np.arange(self.num_frames) < self.lengths[:, None]

    def select(self, indices: Sequence[int] | np.ndarray) -> "ClipSet":
        """Return some of the clips, in the order of their indices (or by a mask)."""
        rows = ("lengths", "labels", "groups", "paths", "starts")
        parts = {name: getattr(self, name)[indices] for name in rows}
        features = {name: values[indices] for name, values in self.features.items()}
        return dataclasses.replace(self, features=features, **parts)

    def save(self, path: Path) -> None:
        """Write all of it into an .npz file, atomically."""
        arrays = {_STREAM + name: values for name, values in self.features.items()}
        for field in dataclasses.fields(self)[1:]:
            value = getattr(self, field.name)
            texts = isinstance(value, tuple) or value.dtype == object
            arrays[field.name] = np.array(value, dtype=np.str_) if texts else value
        with atomic_write(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> "ClipSet":
        """Read what `save` wrote.

        Raises:
            UserError: It is not there, or no such file.
        """
        try:
            # Opened here: NumPy would not close a broken one.
            with open(path, "rb") as opened, np.load(opened) as file:
                arrays = {name: file[name] for name in file.files}
            features = {
                name.removeprefix(_STREAM): arrays.pop(name)
                for name in list(arrays)
                if name.startswith(_STREAM)
            }
            for name in ("groups", "paths"):
                arrays[name] = arrays[name].astype(object)
            for name in ("classes", "skipped", "notes"):
                arrays[name] = tuple(map(str, arrays[name]))
            return cls(features=features, **arrays)
        except (*_BROKEN, TypeError, AttributeError) as error:
            raise UserError(
                f"Features of clips expected in {path}. Received: {error}. Extract"
                " them again."
            ) from error
