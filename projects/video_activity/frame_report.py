"""Pictures of windows that show which of their frames decided the verdict."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from common.plotting import save_figure
from projects.video_activity.album import shrink
from projects.video_activity.features.region import crop, moving_region
from projects.video_activity.figures import draw_frame_shares
from projects.video_activity.footage.windows import Window
from projects.video_activity.network.frame_shares import frame_shares
from projects.video_activity.verdicts import Verdict
from projects.video_activity.watching import Judged, Model

_SHOWN_SHARE = 0.25  # of the frame


def explain_into(folder: Path, model: Model) -> Judged:
    """Return what draws each window that is judged, one PNG for each.

    The files are called after the begin of the window, "00012.0 s.png".

    Args:
        folder: For the pictures; it is made.
        model: What judged.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def judged(
        window: Window, features: Mapping[str, np.ndarray], verdict: Verdict
    ) -> None:
        place = model.classes.index(verdict.label)
        figure = draw_frame_shares(
            frame_shares(model.probabilities, features, place),
            window.times,
            f"{verdict.label} {verdict.probability:.0%}: which frames told so",
            pictures=[shrink(frame) for frame in _zoom(window.frames)],
        )
        save_figure(figure, folder / f"{window.start:07.1f} s.png")

    return judged


def _zoom(frames: np.ndarray) -> np.ndarray:
    """Return the quarter of the frames in which most moves: they are shown small."""
    return crop(frames, moving_region(frames, _SHOWN_SHARE))
