"""One run over sources: verdicts, and with them alarms and annotated copies."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from common.errors import UserError, note
from projects.video_activity.alarms.alarms import Alarms
from projects.video_activity.alarms.dispatcher import local_time
from projects.video_activity.alarms.settings import Settings
from projects.video_activity.annotate import AnnotatedCopy, annotate
from projects.video_activity.footage.decoder import Decoder, Limits
from projects.video_activity.footage.frames import Frame, VideoError
from projects.video_activity.live_status import LiveStatus
from projects.video_activity.verdicts import Verdict
from projects.video_activity.watching import Judged, Model, Watcher

_TOGETHER = 4  # windows of a file that are judged at once
_COPY_SIDE, _COPY_RATE = 1280, 30.0  # pixels and frames per second of a copy, at most

Look = Callable[[Frame], None]
Tell = Callable[[str, Verdict], None]


class Session:
    """Watches one source after the other with the same model, decoder and alarms."""

    def __init__(
        self,
        model: Model,
        decoder: Decoder,
        *,
        hop: float = 3.0,
        alarms: Settings | None = None,
        judged: Judged | None = None,
    ):
        """Bring together what is needed.

        Args:
            model: Judges.
            decoder: Reads; who made it closes it.
            hop: Seconds from one verdict to the next.
            alarms: What to do about which class; None: nothing.
            judged: See `Watcher`.
        """
        self._model, self._decoder, self._judged = model, decoder, judged
        self._hop, self._alarms = hop, alarms
        self._interval = model.settings.frame_interval

    def watch_file(self, path: Path, look: Look | None = None) -> Iterator[Verdict]:
        """Yield the verdicts of a video, as fast as it goes.

        Args:
            path: The video.
            look: Is shown each frame that is judged.

        Raises:
            VideoError: It cannot be read.
        """
        frames = self._decoder.frames(path, interval=self._interval)
        return self._watch(frames, str(path), look, live=False)

    def watch_files(
        self, paths: Sequence[Path], tell: Tell, look: Look | None = None
    ) -> dict[Path, list[Verdict]]:
        """Watch videos in turn; those that cannot be read are named and left out.

        Args:
            paths: The videos.
            tell: Is told the path and each verdict as it comes.
            look: See `watch_file`.

        Returns:
            The verdicts of the videos that could be read.

        Raises:
            UserError: None of them can be read.
        """
        found: dict[Path, list[Verdict]] = {}
        for path in paths:
            verdicts = []
            try:
                for verdict in self.watch_file(path, look):
                    verdicts.append(verdict)
                    tell(str(path), verdict)
            except VideoError as error:
                if len(paths) == 1:
                    raise
                note(f"left out: {error}")
                continue
            for remark in self._decoder.notes:
                note(f"{path}: {remark}")
            found[path] = verdicts
        if not found:
            raise UserError(
                f"Expected videos that can be decoded. Received: {len(paths)}, none of"
                " which can. Write them anew with a video editor."
            )
        return found

    def watch_live(
        self, camera: int | str | Path, name: str, look: Look | None = None
    ) -> Iterator[Verdict]:
        """Yield the verdicts of a camera as they come, until the decoder is closed.

        Args:
            camera: Its number or address; or a file that plays at its own pace.
            name: What it is called in alarms.
            look: Is shown each frame that is judged.
        """
        frames = self._decoder.live(
            camera, interval=self._interval, realtime=isinstance(camera, Path)
        )
        return self._watch(frames, name, look, live=True)

    def follow(
        self,
        camera: int | str | Path,
        name: str,
        tell: Tell,
        *,
        seconds: float | None = None,
        output: Path | None = None,
    ) -> None:
        """Watch a camera until it is enough, and tell how it does.

        Args:
            camera: See `watch_live`.
            name: Of the camera.
            tell: Is told the name and each verdict as it comes.
            seconds: For how long; None: until the process is stopped.
            output: Gets an annotated copy, each frame with the latest verdict.
        """
        latest: Verdict | None = None
        with contextlib.ExitStack() as opened:
            look = None
            if output is not None:
                copy = AnnotatedCopy(output, 1 / self._interval, self._model.classes)
                opened.enter_context(copy)

                def look(frame: Frame) -> None:
                    copy.add(frame, latest)

            note(f"{name}: times are counted from {local_time():%Y-%m-%d %H:%M:%S %z}")
            opened.enter_context(LiveStatus(self._decoder, name, seconds))
            for latest in self.watch_live(camera, name, look):
                tell(name, latest)

    def annotate(self, path: Path, verdicts: Sequence[Verdict], output: Path) -> None:
        """Write a copy of a video with its verdicts, at its own frame rate.

        Raises:
            UserError: The video cannot be read any more, or the copy not written.
        """
        with Decoder(Limits(longest_side=_COPY_SIDE)) as decoder:
            rate = min(decoder.probe(path).frame_rate, _COPY_RATE)
            with AnnotatedCopy(output, rate, self._model.classes) as copy:
                annotate(decoder.frames(path, interval=1 / rate), verdicts, copy)

    def _watch(
        self, frames: Iterable[Frame], name: str, look: Look | None, *, live: bool
    ) -> Iterator[Verdict]:
        shown = frames if look is None else _show(frames, look)
        watcher = Watcher(self._model, judged=self._judged)
        if self._alarms is None:
            together = 1 if live else _TOGETHER
            yield from watcher.watch(shown, self._hop, together=together)
            return
        with Alarms(self._alarms, source=name, live=live) as alarms:
            for verdict in watcher.watch(alarms.tap(shown), self._hop):
                alarms.update(verdict)
                yield verdict


def _show(frames: Iterable[Frame], look: Look) -> Iterator[Frame]:
    for frame in frames:
        look(frame)
        yield frame
