"""Cameras of the server: named when it is started, watched until it stops."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from common.errors import UserError
from projects.video_activity.web.analysis import Analysis
from projects.video_activity.web.frame_store import FrameStore
from projects.video_activity.web.tools import Bounds, Decoder, Frame, Source, Tools

_STATUS_SECONDS = 2.0
_STOP_SECONDS = 5.0


class Cameras:
    """A thread for each camera, from `start` to `close`.

    Args:
        sources: Names and sources: see `Source`; addresses are not told
            to visitors, as they may hold a password.
        tools: See `Tools`.
        folder: Where pictures are kept.
        bounds: See `Bounds`.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, Source]],
        tools: Tools,
        folder: Path,
        bounds: Bounds,
    ):
        self._tools, self._bounds = tools, bounds
        self._decoders: list[Decoder] = []
        self._stopping = threading.Event()
        self.analyses, self._threads = [], []
        for number, (name, source) in enumerate(sources):
            pictures = FrameStore(folder / f"camera-{number}", 60 * bounds.live_minutes)
            camera = live_analysis(name, "camera", pictures, tools, bounds)
            self.analyses.append(camera)
            self._threads.append(
                threading.Thread(target=self._watch, args=(camera, source), daemon=True)
            )

    def find(self, name: str) -> Analysis | None:
        """Return a camera by its id."""
        return next((c for c in self.analyses if c.id == name), None)

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End all watching."""
        self._stopping.set()
        for camera in self.analyses:
            camera.stop()
            camera.feed.close()
        for decoder in list(self._decoders):
            decoder.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOP_SECONDS)

    def _watch(self, camera: Analysis, source: Source) -> None:
        frames = self._frames(camera, source)
        camera.run(frames, self._tools.watcher(), self._bounds.hop)

    def _frames(self, camera: Analysis, source: Source) -> Iterator[Frame]:
        with self._tools.decoder() as decoder:
            self._decoders.append(decoder)
            teller = threading.Thread(
                target=self._tell_status, args=(camera, decoder, source), daemon=True
            )
            teller.start()
            try:
                yield from decoder.live(
                    source,
                    interval=self._tools.interval,
                    realtime=isinstance(source, Path),
                )
            except UserError as error:
                raise UserError(_hide(str(error), source, camera.name)) from None
            finally:
                self._decoders.remove(decoder)

    def _tell_status(self, camera: Analysis, decoder: Decoder, source: Source) -> None:
        told = None
        while not self._stopping.wait(_STATUS_SECONDS) and camera.running:
            with contextlib.suppress(OSError, UserError):
                status = decoder.status()
                if status:
                    status = status | {"behind": round(status["behind"], 1)}
                    status["reason"] = _hide(status["reason"], source, camera.name)
                if status and status != told:
                    camera.say("camera", camera=status)
                told = status


def _hide(text: str, source: Source, name: str) -> str:
    """Tell of a camera by its name: its address may hold a password."""
    return text if isinstance(source, int) else text.replace(str(source), name)


def live_analysis(
    name: str, kind: str, pictures: FrameStore, tools: Tools, bounds: Bounds
) -> Analysis:
    """Return the analysis of a camera, which has no end and keeps its last minutes."""
    return Analysis(
        name,
        kind,
        pictures,
        alarms=tools.alarms(name, act=kind == "camera"),
        most=max(100, int(60 * bounds.live_minutes / bounds.hop)),
        duration=None,
    )
