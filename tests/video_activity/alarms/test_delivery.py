"""The whole program: from a video to a webhook, a real broker and a clip."""

import json
import time

import cv2
import numpy as np

from projects.video_activity import classify
from tests.video_activity.alarms.local_servers import Receiver, running

ALARMS = """
[[alarm]]
class = "moving"
on = 0.6
windows = 1
of = 1
clear_windows = 1

[action.office]
kind = "webhook"
url = "http://127.0.0.1:{webhook}/alarms"

[action.mqtt]
host = "127.0.0.1"
port = {broker}
topic = "house/alarm"

[action.clip]
folder = "clips"
before = 1
after = 1
"""


def _images():
    """Return 3 s of stillness, 3 s of a square that goes to and fro, 3 s without."""
    ground = 40 + 150 * (np.indices((48, 64)).sum(0) // 24 % 2)[..., None]
    for number in range(90):
        image = np.repeat(ground, 3, axis=2).astype(np.uint8)
        left = 4 + 3 * abs(number % 20 - 10) * (30 <= number < 60)
        image[16:28, left : left + 8] = 230, 180, 40
        yield image


def test_an_alarm_is_delivered_and_its_clip_plays(
    mosquitto, listen, run_dir, write_video, tmp_path
):
    video, heard, alarms = (
        write_video("a.mp4", _images()),
        listen(),
        tmp_path / "a.toml",
    )
    with running(Receiver()) as office:
        alarms.write_text(ALARMS.format(webhook=office.port, broker=mosquitto.port))
        arguments = [video, "--run-dir", run_dir, "--alarms", alarms]
        assert classify.main(list(map(str, arguments))) == 0
        posted = [json.loads(body) for _, _, body in office.received]

    end = time.monotonic() + 10
    while len(heard) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    published = [json.loads(message.payload) for message in heard]
    assert [notice["event"] for notice in posted] == ["begin", "end"]
    assert published == posted and {message.topic for message in heard} == {
        "house/alarm"
    }
    assert (posted[0]["label"], posted[0]["start"]) == ("moving", 3.0)
    (clip,) = (tmp_path / "clips").glob("*.mp4")
    told = json.loads(clip.with_suffix(".json").read_text())
    assert told["begin"]["id"] == posted[0]["id"] == clip.stem[-12:]
    opened = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG)
    frames = [opened.read()[1] for _ in range(told["clip"]["frames"])]
    assert not opened.read()[0]
    changes = [
        cv2.absdiff(a, b).mean() for a, b in zip(frames, frames[1:], strict=False)
    ]
    assert max(changes[:4]) < 1 < max(changes[5:20])  # still for a second, then not
