"""The options that all programs share which make features of labeled videos."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.run_options import CallOptions
from projects.video_activity.features.settings import DEFAULT_STREAMS, FeatureSettings


@dataclass(frozen=True)
class VideoOptions(CallOptions):
    """Which videos, and what is made of them."""

    videos: Path | None = option(
        None,
        "a FOLDER with one sub-folder of videos for each class, or a CSV of"
        " file,start,end,label[,group]; none: made videos, drawn on the spot",
    )
    group_pattern: str | None = option(
        None, "regular expression; its first group is the source in a video's path"
    )
    backbone: str = option(
        "auto",
        "inception_v3, mobilenet_v2, any other of keras.applications, motion (needs no"
        " weights); auto: the best whose weights are at hand",
    )
    weights: str | None = option(
        None, "imagenet, a FILE of weights for the backbone, or none (random)"
    )
    download: bool = option(False, "let Keras download the backbone's weights")
    size: int = option(200, "side of the pictures, pixels", minimum=32, maximum=1024)
    num_frames: int = option(15, "frames of a clip", minimum=2, maximum=1000)
    frame_interval: float = option(
        0.2, "seconds from frame to frame", minimum=0.01, maximum=60
    )
    workers: int = option(
        1, "processes of this machine that extract features", minimum=1, maximum=256
    )

    def feature_settings(
        self, streams: tuple[str, ...] = (), hop: int | None = None
    ) -> FeatureSettings:
        """Return how frames become features.

        Args:
            streams: Of features; none: all but the appearance.
            hop: Frames from clip to clip; None: as many as a clip has.
        """
        return FeatureSettings(
            backbone=self.backbone,
            weights=self.weights,
            size=self.size,
            num_frames=self.num_frames,
            frame_interval=self.frame_interval,
            hop=hop or self.num_frames,
            streams=streams or DEFAULT_STREAMS,
        )
