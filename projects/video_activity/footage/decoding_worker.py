"""What the decoding process does for its parent."""

import contextlib
import math
import os
import queue
import resource
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from projects.video_activity.footage.capture import Refused, VideoFile
from projects.video_activity.footage.channel import Channel, ChannelClosed
from projects.video_activity.footage.limits import Limits
from projects.video_activity.footage.live_capture import LiveCapture
from projects.video_activity.footage.sampling import Schedule, sample

_HEARTBEAT = 1.0  # seconds between signs of life while no frame is due


class Worker:
    """Answers the requests of the parent, one after the other."""

    def __init__(self, channel: Channel, limits: Limits):
        """Begin to listen; this process ends when the parent is gone."""
        cv2.setNumThreads(1)
        self._channel, self._limits = channel, limits
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._stopped = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def run(self) -> None:
        """Answer for ever."""
        self._channel.send({"kind": "ready"})
        while True:
            request = self._requests.get()
            self._stopped.clear()
            allow_cpu(math.inf if request["do"] == "live" else self._limits.cpu)
            try:
                answer = self._answer(request)
            except Refused as error:
                answer = {"kind": "refused", "reason": str(error)}
            except OSError as error:
                answer = {"kind": "refused", "reason": error.strerror or str(error)}
            except (cv2.error, MemoryError) as error:
                reason = getattr(error, "err", "") or "not enough memory"
                answer = {"kind": "failed", "reason": f"decoding failed: {reason}"}
            self._channel.send(answer | {"id": request["id"]})

    def _listen(self) -> None:
        try:
            while True:
                request, _ = self._channel.receive()
                if request["do"] == "stop":
                    self._stopped.set()
                else:
                    self._requests.put(request)
        except ChannelClosed:
            os._exit(0)  # also when the decoder hangs

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["do"] == "live":
            return self._follow(request)
        video = VideoFile(Path(os.fsdecode(bytes(request["path"]))), self._limits)
        try:
            if request["do"] == "frames":
                self._send_frames(video, request)
            elif request["do"] == "play":
                self._play(video, request)
            return describe(video)
        finally:
            video.close()

    def _send_frames(self, video: VideoFile, request: dict[str, Any]) -> None:
        until = math.inf if request["end"] is None else request["end"]
        longest = request["start"] + self._limits.duration
        skip, found, told, last = request["skip"], False, time.monotonic(), None
        frames = sample(video, request["interval"], request["start"], until)
        for last, image in frames:
            if self._stopped.is_set():
                return
            if last > longest:
                video.notes.append(f"Left at {last:.0f} s, the longest allowed.")
                return
            found |= image is not None
            if image is not None and skip:
                skip -= 1
            elif image is not None:
                head = {"kind": "frame", "id": request["id"], "time": last}
                self._channel.send(head, image)
            elif time.monotonic() < told + _HEARTBEAT:
                continue
            else:
                self._channel.send({"kind": "alive", "id": request["id"]})
            told = time.monotonic()
        if not found and (last is None or last >= request["start"]):
            raise Refused("not one of its frames can be decoded")
        if video.ended:
            tell_of_end(video, last, request["start"], until)

    def _play(self, video: VideoFile, request: dict[str, Any]) -> None:
        """Send the frames of a file when they are due, as a camera would."""
        begun = time.monotonic()
        for last, image in sample(video, request["interval"], 0.0, math.inf):
            if self._stopped.wait(begun + last - time.monotonic()):
                return
            if image is not None:
                self._send_live(request, time.monotonic(), 0.0, image)

    def _follow(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send the frames of a camera until it is lost."""
        camera = LiveCapture(request["source"], self._limits)
        try:
            schedule = None
            while not self._stopped.is_set():
                now, late = camera.grab(), camera.lateness.seconds
                if now is None:
                    raise Refused("it sends no more frames")
                if late > request["latest"]:
                    return {"kind": "late", "reason": f"frames came {late:.0f} s late"}
                schedule = schedule or Schedule(request["interval"], now, camera.rate)
                if schedule.is_due(now):
                    self._send_live(request, now, late, camera.picture())
            return {"kind": "end"}
        finally:
            camera.close()

    def _send_live(
        self, request: dict[str, Any], now: float, late: float, image: np.ndarray | None
    ) -> None:
        head = {"kind": "frame", "id": request["id"], "time": now, "late": late}
        if image is not None:
            self._channel.send(head, image)


def tell_of_end(video: VideoFile, last: float, start: float, until: float) -> None:
    """Note that a video ended before it should have."""
    promised = min(until, video.duration or 0.0)
    reached = last + 1 / video.rate
    if last < start:
        video.notes.append(f"It ends at {reached:.1f} s, before {start:.1f} s.")
    elif promised - reached > max(1.0, 0.05 * promised):
        video.notes.append(
            f"It should have {promised:.1f} s, but ends at {reached:.1f} s."
        )


def describe(video: VideoFile) -> dict[str, Any]:
    """Return what is known of a video at the end of an answer."""
    width, height = video.size
    return {
        "kind": "end",
        "duration": video.duration,
        "frame_rate": video.rate,
        "width": width,
        "height": height,
        "frames": video.count,
        "notes": video.notes + video.stamps.notes,
    }


def bound(limits: Limits) -> None:
    """Bound what this process may take, and keep it from leaving a core dump."""
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def allow_cpu(seconds: float) -> None:
    """Allow that many seconds of CPU from now on; the system kills after them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = resource.RLIM_INFINITY
    if math.isfinite(seconds):
        allowed = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))
