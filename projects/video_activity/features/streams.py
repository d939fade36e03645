"""From windows of frames to features: what is seen, what changes, what moves."""

import dataclasses
from collections.abc import Sequence

import cv2
import numpy as np

from projects.video_activity.features import motion
from projects.video_activity.features.backbone import (
    NONE,
    Backbone,
    build_backbone,
    choose_backbone,
)
from projects.video_activity.features.fast_backbone import fast_backbone
from projects.video_activity.features.region import crop, moving_region, small_grey
from projects.video_activity.features.settings import FeatureSettings

_GAIN = 4.0  # differences of frames are dark; so they look more like a picture


class Extractor:
    """Windows in, one row of features per frame and stream out.

    Attributes:
        settings: As given, "auto" replaced by the backbone that was chosen.
        streams: The number of features of each stream, by its name.
        digest: What names these features, for caches.
        backbone: The network, or None where none is needed.
        fast: The same as it is run.
    """

    def __init__(
        self,
        settings: FeatureSettings,
        *,
        download: bool = False,
        backbone: Backbone | None = None,
    ):
        """Build the backbone, if a stream needs one.

        Args:
            settings: What to extract.
            download: Whether weights may be downloaded.
            backbone: One that is built already; None builds that of the settings.

        Raises:
            UserError: See `build_backbone`.
        """
        self.settings = _settled(settings)
        self.backbone = backbone
        seen = [name for name in self.settings.streams if name != "motion"]
        if seen and backbone is None:
            self.backbone = build_backbone(
                self.settings.backbone,
                self.settings.size,
                self.settings.weights,
                download=download,
            )
        self.streams = {
            name: self.backbone.dim if name in seen else motion.DIM
            for name in self.settings.streams
        }
        self.digest = self.settings.digest(self.backbone.sha if seen else "")
        self.fast = fast_backbone(self.backbone) if seen else None

    def __call__(self, windows: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Return the features of windows.

        Args:
            windows: uint8 `(n, height, width, 3)` each, RGB; n at least 1 and not
                the same for all.

        Returns:
            For each window its streams, float32 `(n, features)`.
        """
        features: list[dict[str, np.ndarray]] = [{} for _ in windows]
        places, pictures = [], []
        for window, found in zip(windows, features, strict=True):
            grey = small_grey(window)
            if "motion" in self.streams:
                found["motion"] = motion.motion_statistics(window, grey)
            for name, seen in self._pictures(window, grey).items():
                places.append((found, name))
                pictures.append(seen)
        if pictures:  # all at once, so that the batches are full
            rows = self.fast(np.concatenate(pictures))
            ends = np.cumsum([len(seen) for seen in pictures])
            for (found, name), part in zip(
                places, np.split(rows, ends[:-1]), strict=True
            ):
                found[name] = part
        return features

    def _pictures(self, window: np.ndarray, grey: np.ndarray) -> dict[str, np.ndarray]:
        """Return what the backbone is to see of a window, by stream."""
        size = self.settings.size
        seen = {}
        if self.streams.keys() & {"appearance", "difference"}:
            seen["appearance"] = resize(window, size)
            seen["difference"] = differences(seen["appearance"])
        if self.streams.keys() & {"region", "region_difference"}:
            box = moving_region(grey, self.settings.region_share)
            seen["region"] = resize(crop(window, box), size)
            seen["region_difference"] = differences(seen["region"])
        return {name: seen[name] for name in self.streams if name in seen}


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
        uint8, the same shape; the first repeats the second, a single one is black.
    """
    changes = np.zeros_like(pictures)
    for t in range(1, len(pictures)):
        change = cv2.absdiff(pictures[t - 1], pictures[t])
        cv2.convertScaleAbs(change, changes[t], alpha=_GAIN)
    if len(pictures) > 1:
        changes[0] = changes[1]
    return changes


def _settled(settings: FeatureSettings) -> FeatureSettings:
    """Return settings that name a backbone, and the streams that it can give."""
    name = choose_backbone(settings.backbone)
    if name == NONE:
        return dataclasses.replace(settings, backbone=NONE, streams=("motion",))
    return dataclasses.replace(settings, backbone=name)
