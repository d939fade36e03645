"""Videos that visitors brought: received, judged one after the other, removed."""

import asyncio
import contextlib
import errno
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import RawIOBase
from pathlib import Path

from common.errors import UserError
from common.web.model_thread import OverloadError
from common.web.refusals import RefusedError
from projects.video_activity.web.analysis import STOPPED, Analysis
from projects.video_activity.web.frame_store import FrameStore
from projects.video_activity.web.media import PLAYABLE, media_type
from projects.video_activity.web.tools import Bounds, Frame, Probe, Tools

_PART = 1 << 20  # bytes that are written at once
_MEGABYTE = 1_000_000
_RECENT = 60.0  # seconds after a look in which a video does not make room
_TOGETHER = 4  # windows: less work for each, and the first verdict still soon
_PROBES = 2  # files that are looked into at a time
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Library:
    """Holds uploads for as long as somebody looks at them.

    Args:
        tools: See `Tools`.
        folder: Where files are written; it is the caller's to remove.
        bounds: See `Bounds`.
    """

    def __init__(self, tools: Tools, folder: Path, bounds: Bounds):
        self._tools, self._folder, self._bounds = tools, folder, bounds
        self._videos: dict[str, Analysis] = {}
        self._files: dict[str, Path] = {}
        self._coming = 0
        self._sizes: dict[Path, int] = {}
        self._probes = asyncio.Semaphore(_PROBES)
        self._pool = ThreadPoolExecutor(bounds.at_once, thread_name_prefix="video")

    def videos(self) -> list[Analysis]:
        """Return all that are here, the newest first."""
        return sorted(self._videos.values(), key=lambda v: v.began, reverse=True)

    def find(self, name: str) -> Analysis | None:
        """Return a video by its id."""
        return self._videos.get(name)

    def file(self, name: str) -> Path | None:
        """Return the file of a video."""
        return self._files.get(name)

    async def receive(self, name: str, parts: AsyncIterator[bytes]) -> Analysis:
        """Write an upload to disk, look into it, and queue it.

        Args:
            name: As the visitor calls it; never used as a path.
            parts: The file.

        Returns:
            The video, which waits to be judged.

        Raises:
            OverloadError: Too many are here.
            RefusedError: It is no video, too long, or there is no room for it.
        """
        self._make_room()
        path = self._folder / secrets.token_hex(16)
        self._coming += 1
        try:
            await self._write(path, parts)
            probe = await self._look_into(path, name)
            return self._enter(name, path, probe)
        except BaseException:  # also when the visitor hangs up
            self._delete(path)
            raise
        finally:
            self._coming -= 1

    def remove(self, name: str) -> bool:
        """Forget a video and its file; False: there was none."""
        video = self._videos.pop(name, None)
        if video is None:
            return False
        video.stop()
        self._delete(self._files.pop(name))
        video.pictures.close()
        return True

    def tidy(self) -> None:
        """Remove what nobody has looked at for long."""
        for video in self._unseen(60 * self._bounds.keep_minutes):
            self.remove(video.id)

    def close(self) -> None:
        """End all work and remove all files."""
        for video in self._videos.values():
            video.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for name in list(self._videos):
            video = self._videos[name]
            if video.running:  # it waited, or ends within one window
                video.feed.close()
            self.remove(name)

    def _make_room(self) -> None:
        while len(self._videos) + self._coming >= self._bounds.waiting:
            unseen = self._unseen(_RECENT)
            if not unseen:
                raise OverloadError("Too many videos are here. Try again in a minute.")
            self.remove(unseen[0].id)

    def _unseen(self, seconds: float) -> list[Analysis]:
        """Return videos that are done and not looked at, the oldest look first."""
        now, found = time.monotonic(), []
        for video in self._videos.values():
            if video.feed.readers:
                video.seen = now
            if not video.running and now - video.seen > seconds:
                found.append(video)
        return sorted(found, key=lambda video: video.seen)

    async def _write(self, path: Path, parts: AsyncIterator[bytes]) -> None:
        held = bytearray()
        try:
            with open(path, "xb", buffering=0) as file:
                async for part in parts:
                    held += part
                    if len(held) >= _PART:
                        await self._put(file, path, held)
                await self._put(file, path, held)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise RefusedError(507, "The disk of the server is full.") from None

    async def _put(self, file: RawIOBase, path: Path, held: bytearray) -> None:
        self._sizes[path] = self._sizes.get(path, 0) + len(held)
        if sum(self._sizes.values()) > self._bounds.total_megabytes * _MEGABYTE:
            raise RefusedError(507, "The server holds too many videos. Try later.")
        await asyncio.to_thread(_write_all, file, bytes(held))
        held.clear()

    async def _look_into(self, path: Path, name: str) -> Probe:
        async with self._probes:
            try:
                probe = await asyncio.to_thread(self._probe, path)
            except UserError as error:
                raise RefusedError(415, _as_called(error, path, name)) from None
        minutes = (probe.duration or 0) / 60
        if minutes > self._bounds.minutes:
            most = f"A video may have {self._bounds.minutes:g} minutes."
            raise RefusedError(413, f"{most} Received: {minutes:.1f}. Cut it.")
        return probe

    def _probe(self, path: Path) -> Probe:
        with self._tools.decoder() as decoder:
            return decoder.probe(path)

    def _enter(self, name: str, path: Path, probe: Probe) -> Analysis:
        video = Analysis(
            name,
            "video",
            FrameStore(path.with_name(f"{path.name}.pictures")),
            alarms=self._tools.alarms(name, act=False),
            duration=probe.duration,
            plays=media_type(path) in PLAYABLE,
            notes=list(probe.notes),
        )
        self._videos[video.id], self._files[video.id] = video, path
        try:
            self._pool.submit(self._judge, video, path)
        except RuntimeError:
            self.remove(video.id)
            raise OverloadError("The server is stopping.") from None
        return video

    def _judge(self, video: Analysis, path: Path) -> None:
        if video.stopped:
            video.end(STOPPED)
        else:
            frames = self._frames(video, path)
            watcher, hop = self._tools.watcher(), self._bounds.hop
            video.run(frames, watcher, hop, together=_TOGETHER)

    def _frames(self, video: Analysis, path: Path) -> Iterator[Frame]:
        longest = 60 * self._bounds.minutes
        try:
            with self._tools.decoder() as decoder:
                yield from decoder.frames(
                    path, interval=self._tools.interval, end=longest
                )
                notes = [_as_called(note, path, video.name) for note in decoder.notes]
                if notes:
                    video.say("facts", notes=[*video.facts["notes"], *notes])
        except UserError as error:
            raise UserError(_as_called(error, path, video.name)) from None

    def _delete(self, path: Path) -> None:
        self._sizes.pop(path, None)
        with contextlib.suppress(OSError):
            path.unlink()


def _as_called(text: object, path: Path, name: str) -> str:
    """Tell of a file by the name that its owner knows."""
    return str(text).replace(str(path), name).replace(path.name, name)


def _write_all(file: RawIOBase, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
