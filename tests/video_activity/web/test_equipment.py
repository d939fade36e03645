"""The tools of a real server: a shared model, decoders that may die, alarms."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from common.web.model_thread import ModelThread
from projects.video_activity.alarms.settings import read_settings
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.web.equipment import Equipment, SharedModel
from tests.video_activity.web.toy_server import follow, get, serving, until, upload
from tests.video_activity.web.toy_tools import CLASSES, GREEN, RED, toy_video

ALARMS = """
[[alarm]]
class = "criminal"
on = 0.7
windows = 1
of = 1

[action.clip]
folder = "clips"
before = 1
after = 1
"""


class ToyModel:
    """What is red is criminal; remembers who asked."""

    classes = CLASSES
    settings = FeatureSettings(backbone="motion", streams=("motion",), longest_side=96)

    def __init__(self):
        self.threads, self.busy = set(), 0

    def prepare(self):
        """See `Classifier.prepare`."""

    def extractor(self, windows):
        self.threads.add(threading.get_ident())
        self.busy += 1
        time.sleep(0.001)
        assert self.busy == 1
        self.busy -= 1
        return [{"motion": window.mean((1, 2))} for window in windows]

    def probabilities(self, features):
        self.threads.add(threading.get_ident())
        reds = [found["motion"][:, 0].mean() > 120 for found in features]
        return np.array([[0.9, 0.05, 0.05] if r else [0.1, 0.8, 0.1] for r in reds])


@pytest.fixture
def model():
    return ToyModel()


@pytest.fixture
def make_tools(model, tmp_path):
    def make(alarms=None):
        path = tmp_path / "alarms.toml"
        if alarms:
            path.write_text(alarms)
        settings = read_settings(path) if alarms else None
        return Equipment(model, ModelThread(), 10.0, settings)

    return make


def test_one_thread_asks_the_model_whoever_wants_to_know(model):
    shared = SharedModel(model, ModelThread())
    windows = [np.full((15, 4, 4, 3), 200, np.uint8)]

    def judge(_):
        return shared.probabilities(shared.extractor(windows))

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(judge, range(24)))
    assert len(model.threads) == 1 and len(told) == 24
    assert all(np.argmax(rows) == 0 for rows in told)


def test_what_the_page_has_to_know(make_tools):
    tools = make_tools(ALARMS)
    assert (tools.classes, tools.alarming) == (CLASSES, ("criminal",))
    assert (tools.window, tools.interval) == (3.0, 0.2)
    plain = make_tools()
    assert plain.alarming == () and plain.alarms("a", act=True) is None


def test_a_video_from_upload_to_verdicts_with_the_real_decoder(
    make_tools, video, tmp_path
):
    with serving(tmp_path / "work", tools=make_tools(ALARMS)) as (port, _):
        status, told = upload(port, video.read_bytes())
        assert status == 201
        said = [message for _, message in follow(port, told["id"])]
        labels = [m["label"] for m in said if m["kind"] == "verdict"]
        assert labels == ["safe"] * 2 + ["criminal"] * 2
        assert [m["start"] for m in said if m["kind"] == "event"] == [6.0, 6.0]
        assert not (tmp_path / "clips").exists()  # nothing is done about uploads


def test_a_camera_raises_alarms_and_its_clip_can_be_fetched(make_tools, tmp_path):
    film = toy_video(tmp_path / "film.avi", [(GREEN, 3.2), (RED, 3.2)])
    cameras = [("Porch", film)]
    tools = make_tools(ALARMS)
    with serving(tmp_path / "work", tools=tools, cameras=cameras) as (port, _):
        source = get(port, "/api/sources")[1][0]["id"]

        def saved():
            found = get(port, f"/api/sources/{source}")[1]["events"]
            return [event for event in found if event["clip"]]

        (event,) = until(saved)
        assert event["label"] == "criminal" and event["end"]
        listed = get(port, "/api/sources")[1][0]
        assert listed["name"] == "Porch" and str(film) not in str(listed)
    clips = list((tmp_path / "clips").glob("*.mp4"))
    capture = cv2.VideoCapture(str(clips[0]))
    assert len(clips) == 1 and capture.read()[0]


def test_hostile_files_kill_their_decoder_and_nothing_else(
    make_tools, mirror, video, tmp_path
):
    hostile = (mirror / "video" / "hostile").glob("*.avi")
    with serving(tmp_path / "work", tools=make_tools()) as (port, desk):
        for path in hostile:
            status, told = upload(port, path.read_bytes(), "hostile.avi")
            if status == 201:  # it dies later
                states = [m for _, m in follow(port, told["id"]) if "error" in m]
                assert states[-1]["state"] in ("failed", "done")
                assert str(tmp_path) not in states[-1]["error"]
            else:
                assert status == 415 and str(tmp_path) not in told["error"]
        large = bytearray(video.read_bytes())
        place = large.index(b"mp4v", large.index(b"stsd"))
        large[place + 28 : place + 32] = b"\x40\x00\x40\x00"  # 16384 x 16384
        head = large.index(b"tkhd")
        large[head + 80 : head + 88] = b"\x40\x00\x00\x00\x40\x00\x00\x00"
        assert upload(port, bytes(large), "large.mp4")[0] in (201, 415)
        assert upload(port, video.read_bytes())[0] == 201
