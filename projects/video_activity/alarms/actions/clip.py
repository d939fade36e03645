"""Save the video around an incident, with a JSON file beside it."""

import collections
import re
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import cv2
import numpy as np

from common.files import write_json
from projects.video_activity.alarms.actions.action import Action, GivenUpError
from projects.video_activity.alarms.actions.clip_folder import ClipFolder
from projects.video_activity.alarms.incidents import BEGIN
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.alarms.toml_table import Table
from projects.video_activity.footage.recording import (
    CODECS,
    Recording,
    RecordingError,
)

if TYPE_CHECKING:
    from projects.video_activity.footage.frames import Frame

_LATE = 30.0  # seconds that may pass from the start of an incident to its notice
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 90]
_USUAL_RATE, _LEAST_RATE, _GREATEST_RATE = 5.0, 1.0, 30.0  # frames per second
_KNOWN_CLIPS = 100


@dataclass(kw_only=True)
class ClipAction(Action):
    """Keeps the latest frames, as JPEG, and writes those around an incident.

    Attributes:
        folder: Where the clips go.
        before: Seconds of video before the start of the incident.
        after: Seconds after its end.
        longest: Seconds after which a clip ends, whatever goes on.
        format: "mp4", or "webm", which browsers play and which takes more work.
        megabytes: Of all clips in the folder, at most; then the oldest go.
        saved: The latest clips: the id of the incident and the file.
    """

    takes_frames: ClassVar[bool] = True

    folder: Path
    before: float = 5.0
    after: float = 5.0
    longest: float = 120.0
    format: str = "mp4"
    megabytes: float = 2000.0
    saved: collections.deque[tuple[str, Path]] = field(
        default_factory=lambda: collections.deque(maxlen=_KNOWN_CLIPS), init=False
    )

    @classmethod
    def read(cls, table: Table) -> "ClipAction":
        """Read the settings out of a table of the file."""
        folder = table.subfolder("folder", "alarm_clips")
        if folder.exists() and not folder.is_dir():
            table.refuse("folder", "a folder", folder)
        return cls(
            folder=folder,
            before=table.number("before", 5.0, least=0, most=120),
            after=table.number("after", 5.0, least=0, most=120),
            longest=table.number("longest", 120.0, least=1, most=3600),
            format=table.text("format", "mp4", choices=tuple(CODECS)),
            megabytes=table.number("megabytes", 2000.0, least=1, most=1e9),
        )

    def open(self) -> None:
        """Begin with no frame and no clip."""
        self._recent: collections.deque[tuple[float, np.ndarray]] = collections.deque()
        self._clips: dict[str, _Clip] = {}

    def see(self, frame: "Frame") -> int:
        """Keep a frame, and write it to the clips that are open."""
        finished = 0
        if self._recent and frame.time < self._recent[-1][0]:  # another file or camera
            finished = self._finish(list(self._clips))
            self._recent.clear()
        image = np.ascontiguousarray(frame.image[..., ::-1])
        self._recent.append((frame.time, cv2.imencode(".jpg", image, _QUALITY)[1]))
        while self._recent[0][0] < frame.time - self.before - _LATE:
            self._recent.popleft()
        for clip in list(self._clips.values()):
            self._add(clip, frame.time, image)
        over = [name for name, clip in self._clips.items() if clip.is_over(self)]
        return finished + self._finish(over)

    def deliver(self, notice: Notice) -> int:
        """Begin a clip, or note when it has to end."""
        name = notice.event.id
        if notice.event.kind == BEGIN:
            self._begin(notice)
        elif name in self._clips:
            clip = self._clips[name]
            clip.end = notice
            return self._finish([name] if clip.is_over(self) else [])
        return 0

    def rest(self) -> int:
        """Finish the clips that are open: a camera that is gone may stay away."""
        return self._finish(list(self._clips))

    def close(self) -> int:
        """Finish the clips that are open."""
        return self.rest()

    def _begin(self, notice: Notice) -> None:
        stamp = notice.time.strftime("%Y-%m-%d_%H-%M-%S")
        label = re.sub(r"[^\w-]+", "_", notice.event.label)[:40]
        path = self.folder / f"{stamp}_{label}_{notice.event.id}.{self.format}"
        try:
            clip = _Clip(notice, Recording(path, self._rate()))
        except RecordingError as error:
            raise GivenUpError(str(error)) from None
        self._clips[notice.event.id] = clip
        for time, picture in self._recent:
            if time >= notice.event.start - self.before:
                self._add(clip, time, cv2.imdecode(picture, cv2.IMREAD_COLOR))

    def _add(self, clip: "_Clip", time: float, image: np.ndarray) -> None:
        try:
            clip.recording.add(time, image)
        except RecordingError as error:
            del self._clips[clip.begin.event.id]
            clip.recording.drop()
            raise GivenUpError(str(error)) from None

    def _rate(self) -> float:
        times = [time for time, _ in self._recent]
        steps = [b - a for a, b in zip(times, times[1:], strict=False) if b > a]
        rate = 1 / statistics.median(steps) if steps else _USUAL_RATE
        return round(min(max(rate, _LEAST_RATE), _GREATEST_RATE), 2)

    def _finish(self, names: list[str]) -> int:
        clips = [self._clips.pop(name) for name in names]
        failed = None
        for clip in clips:
            try:
                self._save(clip)
            except (RecordingError, OSError) as error:
                failed = GivenUpError(str(error))
        if failed:
            raise failed
        return len(clips)

    def _save(self, clip: "_Clip") -> None:
        clip.recording.finish()
        path = clip.recording.path
        write_json(path.with_suffix(".json"), clip.to_dict())
        self.saved.append((clip.begin.event.id, path))
        if removed := ClipFolder(self.folder, self.megabytes).make_room(path):
            self.tell(
                f"clip: removed the oldest {removed}, as {self.folder} is to hold"
                f" {self.megabytes:g} MB"
            )


@dataclass
class _Clip:
    """A clip that is being written."""

    begin: Notice
    recording: Recording
    end: Notice | None = None

    def is_over(self, action: ClipAction) -> bool:
        recording = self.recording
        if recording.frames / recording.rate >= action.longest:
            return True
        if self.end is None:
            return False
        return recording.end >= self.end.event.end + action.after

    def to_dict(self) -> dict:
        recording = self.recording
        return {
            "begin": self.begin.to_dict(),
            "end": self.end and self.end.to_dict(),
            "clip": {
                "file": recording.path.name,
                "start": round(recording.start, 3),
                "end": round(recording.end, 3),
                "frames": recording.frames,
                "rate": recording.rate,
            },
        }
