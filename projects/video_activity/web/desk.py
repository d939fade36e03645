"""The desk: everything that is watched, found by its id."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from projects.video_activity.class_colors import NOT_JUDGED, choose_colors
from projects.video_activity.web.analysis import Analysis
from projects.video_activity.web.cameras import Cameras
from projects.video_activity.web.library import Library
from projects.video_activity.web.tools import Bounds, Source, Tools
from projects.video_activity.web.visitors import Visitors


class Desk:
    """Videos, cameras of the server, and cameras of visitors.

    Args:
        tools: See `Tools`.
        folder: Where files are kept; it is the caller's to remove.
        bounds: See `Bounds`.
        cameras: Names and sources of the server's cameras.
    """

    def __init__(
        self,
        tools: Tools,
        folder: Path,
        bounds: Bounds | None = None,
        cameras: Sequence[tuple[str, Source]] = (),
    ):
        self.bounds = bounds or Bounds()
        self._tools = tools
        self.library = Library(tools, folder, self.bounds)
        self.cameras = Cameras(cameras, tools, folder, self.bounds)
        self.visitors = Visitors(tools, folder, self.bounds)

    def about(self) -> dict[str, Any]:
        """Return what the page has to know before anything else."""
        return {
            "classes": list(self._tools.classes),
            "colors": choose_colors(self._tools.classes),
            "not_judged": NOT_JUDGED,
            "alarming": list(self._tools.alarming),
            "window": self._tools.window,
            "hop": self.bounds.hop,
            "interval": self._tools.interval,
            "megabytes": self.bounds.megabytes,
            "minutes": self.bounds.minutes,
            "live_minutes": self.bounds.live_minutes,
            "browsers": self.bounds.browsers,
        }

    def sources(self) -> list[dict[str, Any]]:
        """Return what there is to look at: cameras, then videos, the newest first.

        Cameras of visitors are theirs: only who knows the id finds them.
        """
        found = self.cameras.analyses + self.library.videos()
        return [analysis.summary() for analysis in found]

    def find(self, name: str) -> Analysis | None:
        """Return what has an id."""
        rooms = (self.library, self.cameras, self.visitors)
        return next(filter(None, (room.find(name) for room in rooms)), None)

    def remove(self, name: str) -> bool:
        """Forget a video, or a visitor's camera that ended; False: there is none."""
        return self.library.remove(name) or self.visitors.remove(name)

    def tidy(self) -> None:
        """Forget what nobody has looked at for long."""
        self.library.tidy()
        self.visitors.tidy()

    def close(self) -> None:
        """End everything; readers come to their end."""
        self.cameras.close()
        self.visitors.close()
        self.library.close()
