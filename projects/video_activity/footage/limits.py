"""How much a video may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the decoding of one video may cost.

    Attributes:
        progress: Seconds without a new frame after which decoding is given up.
        cpu: Seconds of CPU for one file.
        memory: Bytes of address space of the decoding process.
        side: Width or height of the largest picture, pixels.
        pixels: Of the largest picture; 8K (7680 x 4320) has 33 million.
        longest_side: Larger pictures are made smaller right after decoding.
        duration: Seconds of video after which a file is left.
        lag: Seconds by which the frames of a live source may come late; older ones
            are dropped.
        silence: Seconds without a frame after which a live source counts as lost.
    """

    progress: float = 20.0
    cpu: float = 3600.0
    memory: int = 2 << 30
    side: int = 8192
    pixels: int = 36_000_000
    longest_side: int = 640
    duration: float = 24 * 3600.0
    lag: float = 1.0
    silence: float = 10.0
