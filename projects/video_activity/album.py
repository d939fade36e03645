"""Some pictures of a video, for its timeline."""

import cv2
import numpy as np

from projects.video_activity.footage.frames import Frame

_SIDE = 240  # pixels
_MOST = 64


class Album:
    """Small pictures, evenly spread over a video of any length.

    Attributes:
        pictures: Times in seconds, and uint8 `(height, width, 3)`, RGB.
    """

    def __init__(self) -> None:
        self.pictures: list[tuple[float, np.ndarray]] = []
        self._seen, self._step = 0, 1

    def add(self, frame: Frame) -> None:
        """Keep a frame, if it is its turn."""
        if self._seen % self._step == 0:
            self.pictures.append((frame.time, shrink(frame.image)))
        self._seen += 1
        if len(self.pictures) > _MOST:
            self.pictures, self._step = self.pictures[::2], 2 * self._step


def shrink(image: np.ndarray) -> np.ndarray:
    """Return an image `(height, width, 3)` as small as an album needs, uint8."""
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(1, round(scale * width)), max(1, round(scale * height))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
