"""From windows of frames to features: what is seen, what changes, what moves."""

import dataclasses
import functools
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from projects.video_activity.features import motion
from projects.video_activity.features.region import crop, moving_region, small_grey
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.weights import (
    NONE,
    choose_backbone,
    find_weights,
    hash_weights,
)

if TYPE_CHECKING:
    from projects.video_activity.features.backbone import Backbone
    from projects.video_activity.features.fast_backbone import FastBackbone

_GAIN = 4.0  # differences of frames are dark; so they look more like a picture


class Extractor:
    """Windows in, one row of features per frame and stream out.

    The network is built when it is first needed: whoever finds all features in a
    cache does without.

    Attributes:
        settings: As given, "auto" replaced by the backbone that was chosen.
        digest: What names these features, for caches.
    """

    def __init__(
        self,
        settings: FeatureSettings,
        *,
        download: bool = False,
        backbone: "Backbone | None" = None,
    ):
        """Choose the backbone and find its weights.

        Args:
            settings: What to extract.
            download: Whether weights may be downloaded.
            backbone: One that is built already; None: that of the settings.

        Raises:
            UserError: See `build_backbone`.
        """
        self.settings = _settled(settings)
        self._download = download
        if backbone is not None:
            self.backbone = backbone
        self.digest = self.settings.digest(self._hash_weights())

    @functools.cached_property
    def backbone(self) -> "Backbone | None":
        """The network; None where no stream needs one."""
        if self.settings.streams == ("motion",):
            return None
        # Here: motion alone does without Keras.
        from projects.video_activity.features.backbone import build_backbone

        wanted = self.settings
        return build_backbone(
            wanted.backbone, wanted.size, wanted.weights, download=self._download
        )

    @functools.cached_property
    def fast(self) -> "FastBackbone":
        """The network as it is run."""
        from projects.video_activity.features.fast_backbone import fast_backbone

        return fast_backbone(self.backbone)

    def only(self, streams: Collection[str]) -> "Extractor":
        """Return an extractor of some of these streams; what is built is shared."""
        names = tuple(name for name in self.settings.streams if name in streams)
        settings = dataclasses.replace(self.settings, streams=names)
        return Extractor(
            settings, download=self._download, backbone=vars(self).get("backbone")
        )

    @property
    def streams(self) -> dict[str, int]:
        """The number of features of each stream, by its name."""
        return {
            name: motion.DIM if name == "motion" else self.backbone.dim
            for name in self.settings.streams
        }

    def __call__(self, windows: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Return the features of windows.

        Args:
            windows: uint8 `(n, height, width, 3)` each, RGB; n at least 1 and not
                the same for all.

        Returns:
            For each window its streams, float32 `(n, features)`. What tells of a
            step has the second row twice: nothing leads to the first frame.
        """
        features: list[dict[str, np.ndarray]] = [{} for _ in windows]
        places, pictures = [], []
        for window, found in zip(windows, features, strict=True):
            grey = small_grey(window)
            if "motion" in self.settings.streams:
                found["motion"] = motion.motion_statistics(window, grey)
            for name, seen in self._pictures(window, grey).items():
                places.append((found, name, len(window)))
                pictures.append(seen)
        if pictures:  # all at once, so that the batches are full
            rows = self.fast(np.concatenate(pictures))
            ends = np.cumsum([len(seen) for seen in pictures])
            parts = np.split(rows, ends[:-1])
            for (found, name, n), part in zip(places, parts, strict=True):
                # There is a difference less than there are frames.
                found[name] = np.concatenate([part[: n - len(part)], part])
        return features

    def _pictures(self, window: np.ndarray, grey: np.ndarray) -> dict[str, np.ndarray]:
        """Return what the backbone is to see of a window, by stream."""
        size, wanted = self.settings.size, set(self.settings.streams)
        seen = {}
        if wanted & {"appearance", "difference"}:
            seen["appearance"] = resize(window, size)
            seen["difference"] = differences(seen["appearance"])
        if wanted & {"region", "region_difference"}:
            box = moving_region(grey, self.settings.region_share)
            seen["region"] = resize(crop(window, box), size)
            seen["region_difference"] = differences(seen["region"])
        return {name: seen[name] for name in self.settings.streams if name in seen}

    def _hash_weights(self) -> str:
        wanted = self.settings
        if wanted.streams == ("motion",):
            return ""
        if "backbone" not in vars(self):
            path = find_weights(
                wanted.backbone, wanted.weights, download=self._download
            )
            if path is not None:
                return hash_weights(path)
        return self.backbone.sha


def resize(frames: np.ndarray, size: int) -> np.ndarray:
    """Return frames `(n, height, width, 3)` as squares `(n, size, size, 3)`, uint8."""
    small = np.empty((len(frames), size, size, 3), np.uint8)
    for frame, target in zip(frames, small, strict=True):
        shrinks = min(frame.shape[:2]) >= size
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        cv2.resize(frame, (size, size), dst=target, interpolation=how)
    return small


def differences(pictures: np.ndarray) -> np.ndarray:
    """Return how each picture differs from the one before, as a bright picture.

    Args:
        pictures: uint8 `(n, height, width, 3)`.

    Returns:
        uint8 `(n - 1, height, width, 3)`; of a single picture a black one.
    """
    changes = np.zeros_like(pictures[: max(1, len(pictures) - 1)])
    pairs = zip(pictures[:-1], pictures[1:], strict=True)
    for change, (before, after) in zip(changes, pairs, strict=False):
        cv2.convertScaleAbs(cv2.absdiff(before, after), change, alpha=_GAIN)
    return changes


def _settled(settings: FeatureSettings) -> FeatureSettings:
    """Return settings that name a backbone, and the streams that it can give."""
    name = choose_backbone(settings.backbone)
    if name == NONE:
        return dataclasses.replace(settings, backbone=NONE, streams=("motion",))
    return dataclasses.replace(settings, backbone=name)
