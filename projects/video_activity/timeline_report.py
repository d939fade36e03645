"""What was said of videos, summed up: text, and the picture of a timeline."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from common.errors import UserError
from common.plotting import save_figure
from common.reporting import Table
from projects.video_activity.album import Album
from projects.video_activity.figures import draw_timeline
from projects.video_activity.timeline import count_seconds, find_stretches, summarize
from projects.video_activity.verdicts import Verdict


def sum_up(found: Mapping[Path, Sequence[Verdict]], classes: Sequence[str]) -> str:
    """Return the stretches of one video, or a table of many.

    Args:
        found: The verdicts of each video.
        classes: All classes.
    """
    if len(found) == 1:
        return summarize(find_stretches(*found.values()), classes)
    rows = []
    for path, verdicts in found.items():
        seconds = count_seconds(find_stretches(verdicts), classes)
        rows.append([str(path), *(f"{value:.1f}" for value in seconds.values())])
    columns = ["video", *classes, "not judged"]
    return Table("Seconds of each class", columns, rows).to_text()


def save_timeline(
    path: Path,
    verdicts: Sequence[Verdict],
    classes: Sequence[str],
    title: str,
    album: Album,
) -> None:
    """Write the picture of a timeline.

    Args:
        path: Of the PNG.
        verdicts: Of one video.
        classes: All classes.
        title: Above the picture.
        album: Pictures of the video.

    Raises:
        UserError: There are no verdicts.
    """
    if not verdicts:
        raise UserError(
            f"Expected a video with verdicts for {path}. Received: {title} without"
            " any. Name another video."
        )
    figure = draw_timeline(verdicts, classes, title, pictures=album.pictures)
    save_figure(figure, path)
