"""A classifier at work: features in, probabilities out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.compiled import compiled
from common.errors import UserError
from common.files import atomic_write, read_json, write_json
from common.lstm import FusedLSTM
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.streams import Extractor
from projects.video_activity.network.pooling import Pool

_FORM, _MODEL = "classifier.json", "model.keras"
_LAYERS = {"video_activity>Pool": Pool, "common>FusedLSTM": FusedLSTM}


@dataclass(frozen=True, eq=False)
class Classifier:
    """A finished training.

    Attributes:
        model: From streams and mask to probabilities.
        classes: Their names, in the order of the probabilities.
        settings: Of the features that it learned from.
        digest: Which names those features and the backbone's weights.
    """

    model: keras.Model
    classes: tuple[str, ...]
    settings: FeatureSettings
    digest: str

    def save(self, folder: Path) -> None:
        """Write model and form into a folder."""
        with atomic_write(folder / _MODEL) as path:
            self.model.save(path)
        form = {"classes": self.classes, "digest": self.digest}
        write_json(folder / _FORM, form | {"features": asdict(self.settings)})

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Read what `save` wrote.

        Raises:
            UserError: A file is missing or broken.
        """
        folder = Path(folder)
        if not (folder / _FORM).is_file():
            raise UserError(
                f"Expected a trained classifier. Received: {folder} without {_FORM}."
                " Name the folder of a finished run of train.py."
            )
        form = read_json(folder / _FORM, "the form of a classifier")
        try:
            features = form["features"] | {
                "streams": tuple(form["features"]["streams"])
            }
            settings = FeatureSettings(**features)
            classes, digest = tuple(form["classes"]), str(form["digest"])
        except (KeyError, TypeError) as error:
            raise UserError(
                f"Expected classes, digest and features in {folder / _FORM}. Received:"
                f" {error}. Restore the file, or train again."
            ) from None
        return cls(_load_model(folder / _MODEL), classes, settings, digest)

    @cached_property
    def extractor(self) -> Extractor:
        """What makes the features.

        Raises:
            UserError: The backbone's weights are not at hand, or are others.
        """
        extractor = Extractor(self.settings)
        if extractor.digest != self.digest:
            raise UserError(
                f"Expected the weights of {self.settings.backbone} that the classifier"
                f" learned with ({self.digest}). Received: others ({extractor.digest})."
                " Restore them, or train again."
            )
        return extractor

    def probabilities(self, features: Sequence[Mapping[str, np.ndarray]]) -> np.ndarray:
        """Classify windows.

        Args:
            features: For each window its streams, float (n, dim), n at most
                `settings.num_frames`.

        Returns:
            float32, (windows, classes), rows summing to 1.
        """
        if not features:
            return np.zeros((0, len(self.classes)), np.float32)
        return np.asarray(self._run(self._pad(features)))

    def prepare(self) -> None:
        """Build and trace now what the first window would wait for.

        Raises:
            UserError: See `extractor`.
        """
        side = self.settings.size
        black = np.zeros((self.settings.num_frames, side, side, 3), np.uint8)
        self.probabilities(self.extractor([black]))

    @cached_property
    def _run(self) -> Any:
        return compiled(self.model)

    def _pad(self, features: Sequence[Mapping[str, np.ndarray]]) -> dict[str, Any]:
        count, frames = len(features), self.settings.num_frames
        streams = {
            name: np.zeros((count, frames, tensor.shape[-1]), np.float32)
            for name, tensor in self.model.input.items()
            if name != "mask"
        }
        mask = np.zeros((count, frames), bool)
        for row, found in enumerate(features):
            for name, padded in streams.items():
                padded[row, : len(found[name])] = found[name]
                mask[row, : len(found[name])] = True
        return streams | {"mask": mask}


def _load_model(path: Path) -> keras.Model:
    try:
        return keras.saving.load_model(path, _LAYERS, compile=False)
    except (OSError, ValueError, TypeError, KeyError) as error:
        reason = " ".join(str(error).split())[:120]
        raise UserError(
            f"Expected a Keras model in {path}. Received: {reason}. Restore the file,"
            " or train again."
        ) from error
