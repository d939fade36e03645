"""Tools without a model: what is red is criminal, what is blue is not judged."""

import threading
import time
from dataclasses import dataclass

import cv2
import numpy as np

from common.errors import UserError
from projects.video_activity.alarms.incidents import Incidents
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.verdicts import Verdict

CLASSES = ("criminal", "safe", "suspicious")
RED, GREEN, YELLOW, BLUE = (200, 20, 20), (20, 160, 30), (200, 180, 20), (20, 20, 200)
FRAMES = 15


@dataclass(frozen=True)
class ToyFrame:
    time: float
    image: np.ndarray


@dataclass(frozen=True)
class ToyProbe:
    duration: float | None
    notes: tuple[str, ...] = ()


class ToyDecoder:
    """Decodes in this process: for videos that tests have written."""

    def __init__(self):
        self.notes, self.closed = [], threading.Event()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def probe(self, path):
        capture = self._open(path)
        count, rate = capture.get(cv2.CAP_PROP_FRAME_COUNT), capture.get(5)
        return ToyProbe(count / rate)

    def frames(self, path, *, interval, end=None):
        capture, due = self._open(path), 0.0
        while capture.grab():
            at = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if at >= due - 1e-3 and (end is None or at < end):
                due += interval
                image = capture.retrieve()[1]
                yield ToyFrame(at, cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
        self.notes = ["It was short."]

    def live(self, source, *, interval, realtime=False):
        if source == "rtsp://secret@nowhere":
            raise UserError(f"Expected a camera. Received: {source}.")
        number = 0
        while not self.closed.wait(interval / 4):  # four times as fast as life
            color = RED if number // FRAMES % 4 >= 2 else GREEN
            yield ToyFrame(number * interval, picture(color, number))
            number += 1

    def status(self):
        return {"connected": True, "dropped": 3, "behind": 0.04, "reason": ""}

    def close(self):
        self.closed.set()

    def _open(self, path):
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise UserError(f"Expected a video. Received: {path}: it is none.")
        return capture


class ToyWatcher:
    """Judges every 15 frames by their color."""

    def __init__(self, wait=0.0):
        self._wait = wait

    def watch(self, frames, hop_seconds, *, together=1):
        held = []
        for frame in frames:
            held.append(frame)
            if len(held) == FRAMES:
                yield self._judge(held)
                held = []
        if len(held) >= 5:
            yield self._judge(held)

    def _judge(self, held):
        time.sleep(self._wait)
        start, end = held[0].time, held[-1].time + 0.2
        red, green, blue = np.mean([frame.image for frame in held], axis=(0, 1, 2))
        if blue > max(red, green):
            return Verdict.not_judged(start, end, "the camera moves")
        sure = 0.85 + 0.1 * np.sin(start)
        shares = [0.5 - sure / 2] * 3
        shares[0 if green < red / 2 else 2 if red > green else 1] = sure
        return Verdict.of(start, end, CLASSES, np.array(shares) / sum(shares))


class ToyAlarms:
    """Tells incidents, and remembers what it was shown."""

    def __init__(self, act):
        self.act, self.seen, self.closed = act, 0, False
        self.saved = {}
        self._incidents = Incidents([Rule("criminal", 0.7, 0.5, 1, 1)])

    def frame(self, frame):
        self.seen += 1

    def update(self, verdict):
        return self._incidents.update(verdict)

    def finish(self):
        return self._incidents.finish()

    def clips(self):
        return self.saved

    def close(self):
        self.closed = True


class ToyTools:
    """See `projects.video_activity.web.tools.Tools`."""

    classes, window, interval = CLASSES, 3.0, 0.2

    def __init__(self, alarming=("criminal",), wait=0.0):
        self.alarming, self.wait, self.made = alarming, wait, []

    def decoder(self):
        return ToyDecoder()

    def watcher(self):
        return ToyWatcher(self.wait)

    def alarms(self, name, act):
        if not self.alarming:
            return None
        self.made.append(ToyAlarms(act))
        return self.made[-1]


def picture(color, number=0, size=(96, 64)):
    """Return an RGB picture of a color, with something that walks up and down."""
    texture = np.random.default_rng(0).integers(-20, 20, (size[1] // 8, size[0] // 8))
    ground = np.kron(texture, np.ones((8, 8)))[..., None] + color
    image = np.ascontiguousarray(np.clip(ground, 0, 255), np.uint8)
    way = size[0] - 16
    place = 8 + way - abs(way - 2 * number % (2 * way))
    cv2.circle(image, (place, size[1] // 2), 6, (90,) * 3, -1)
    return image


def toy_video(path, seconds=((GREEN, 6), (RED, 6)), rate=10, size=(96, 64)):
    """Write a video that has each color for some seconds; .mp4, or .webm (VP8)."""
    codec = {"webm": "VP80", "avi": "MJPG"}.get(path.name.rsplit(".", 1)[-1], "mp4v")
    fourcc = cv2.VideoWriter.fourcc(*codec)
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, rate, size)
    assert writer.isOpened()
    number = 0
    for color, length in seconds:
        for _ in range(int(length * rate)):
            writer.write(picture(color, number, size)[..., ::-1].copy())
            number += 1
    writer.release()
    return path
