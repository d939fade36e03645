"""What features are made of; equal settings and weights mean equal features."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass

from common.errors import UserError

STREAMS = ("appearance", "difference", "region", "region_difference", "motion")
DEFAULT_STREAMS = ("region", "region_difference", "difference", "motion")
_FORMAT = 1  # of the features: raised when the same settings make others


@dataclass(frozen=True)
class FeatureSettings:
    """How frames become features.

    Attributes:
        backbone: A name out of keras.applications in small letters
            ("inception_v3"), "motion" for none, or "auto" for the best at hand.
        weights: "imagenet", the path of a weights file, "none" for random ones
            (speed tests only), or None: those of ImageNet if a backbone is used.
        size: Side in pixels of the pictures that the backbone sees.
        num_frames: Frames of a clip.
        frame_interval: Seconds from one frame to the next.
        hop: Frames from the beginning of a clip to that of the next.
        streams: Names out of `STREAMS`.
        longest_side: Frames are made smaller than that after decoding, in pixels.
        region_share: Area of the moving region, as a share of the frame.
    """

    backbone: str = "auto"
    weights: str | None = None
    size: int = 200
    num_frames: int = 15
    frame_interval: float = 0.2
    hop: int = 15
    streams: tuple[str, ...] = DEFAULT_STREAMS
    longest_side: int = 640
    region_share: float = 0.1

    def __post_init__(self) -> None:
        """Refuse streams that there are not."""
        unknown = [name for name in self.streams if name not in STREAMS]
        if unknown or not self.streams or len(set(self.streams)) < len(self.streams):
            raise UserError(
                f"Streams out of {', '.join(STREAMS)} expected, each once. Received:"
                f" {', '.join(self.streams) or 'none'}."
            )

    def digest(self, weights_sha: str) -> str:
        """Return 16 hexadecimal digits that name these features.

        Args:
            weights_sha: Hash of the weights of the backbone; empty without one.
        """
        values = dataclasses.asdict(self)
        del values["weights"]  # a path; their hash says more
        text = json.dumps([_FORMAT, values, weights_sha], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
