"""Features on the disk, by what was seen and how: found again, never made twice."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import note
from common.files import atomic_write

_STREAM = "stream "  # before the names of streams in a file


@dataclass(frozen=True)
class SpanFeatures:
    """The windows of one labeled stretch of a video.

    Attributes:
        features: float32 `(rows, D)` of each stream; window after window.
        lengths: int64 `(windows,)`, rows of each window.
        starts: float64 `(windows,)`, seconds.
        notes: What was strange about the video.
    """

    features: dict[str, np.ndarray]
    lengths: np.ndarray
    starts: np.ndarray
    notes: tuple[str, ...] = ()


class FeatureCache:
    """A folder of features, one file for a stretch of a video and settings."""

    def __init__(self, folder: Path):
        """Choose the folder; it is made when something is saved."""
        self.folder = Path(folder)

    def key(self, sha256: str, start: float, end: float | None, digest: str) -> str:
        """Return the name of features.

        Args:
            sha256: Hash of the content of the file.
            start: Seconds.
            end: Seconds, or None for the end of the file.
            digest: Of settings and weights, see `FeatureSettings.digest`.
        """
        text = f"{sha256} {float(start)} {end if end is None else float(end)} {digest}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def find(self, key: str) -> SpanFeatures | None:
        """Return what was saved, or None; a broken file is told and forgotten."""
        path = self._path(key)
        try:
            # Opened here: NumPy would not close a broken one.
            with open(path, "rb") as opened, np.load(opened) as file:
                return SpanFeatures(
                    {
                        name.removeprefix(_STREAM): file[name].astype(np.float32)
                        for name in file.files
                        if name.startswith(_STREAM)
                    },
                    file["lengths"],
                    file["starts"],
                    tuple(map(str, file["notes"])),
                )
        except FileNotFoundError:
            return None
        except (
            OSError,
            ValueError,
            LookupError,
            EOFError,
            zipfile.BadZipFile,
        ) as error:
            note(f"{path} is broken ({error}); its features are made again")
            return None

    def save(self, key: str, found: SpanFeatures) -> None:
        """Write features, as float16: they are no more exact than that."""
        largest = np.finfo(np.float16).max
        arrays = {
            _STREAM + name: np.clip(values, -largest, largest).astype(np.float16)
            for name, values in found.features.items()
        }
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary, open(temporary, "wb") as file:
            notes = np.array(found.notes, dtype=np.str_)
            about = {"lengths": found.lengths, "starts": found.starts, "notes": notes}
            np.savez(file, allow_pickle=False, **arrays, **about)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npz"
