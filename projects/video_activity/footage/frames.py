"""A picture and when it was taken; what goes wrong with videos."""

from dataclasses import dataclass

import numpy as np

from common.errors import UserError


class VideoError(UserError):
    """A video that cannot be read, or not any further: file, time and reason."""


@dataclass(frozen=True)
class Frame:
    """One picture of a video.

    Attributes:
        time: Seconds from the start of the source.
        image: uint8 (height, width, 3), RGB.
    """

    time: float
    image: np.ndarray


@dataclass(frozen=True)
class Probe:
    """What a video says of itself, and what was found to be otherwise.

    Attributes:
        duration: Seconds; None if the file does not say.
        frame_rate: Frames per second, 25 if the file says nothing sensible.
        width: Of the upright picture, pixels, before any shrinking.
        height: Of the upright picture.
        frames: How many; None if the file does not say.
        notes: What was strange, one sentence each.
    """

    duration: float | None
    frame_rate: float
    width: int
    height: int
    frames: int | None
    notes: tuple[str, ...] = ()
