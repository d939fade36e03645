"""What is said of a source, while it is watched and after."""

import asyncio
import logging

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.web.analysis import Analysis
from projects.video_activity.web.frame_store import FrameStore
from tests.video_activity.web.toy_tools import (
    BLUE,
    GREEN,
    RED,
    ToyAlarms,
    ToyFrame,
    ToyWatcher,
    picture,
)


@pytest.fixture
def analysis(tmp_path):
    return Analysis(
        "a", "video", FrameStore(tmp_path / "p"), alarms=ToyAlarms(True), duration=12
    )


def frames(*colors, each=15):
    for number in range(each * len(colors)):
        yield ToyFrame(number * 0.2, picture(colors[number // each]))


def told(analysis, kind):
    async def main():
        return [m async for _, m in analysis.feed.follow() if m["kind"] == kind]

    return asyncio.run(main())


def test_everything_is_told_in_order_and_can_be_asked_for_later(analysis):
    assert analysis.summary()["state"] == "waiting"
    analysis.run(frames(GREEN, GREEN, RED, BLUE), ToyWatcher(), 3.0)
    states = [m["state"] for m in told(analysis, "state")]
    assert states == ["running", "done"]
    labels = [m["label"] for m in told(analysis, "verdict")]
    assert labels == ["safe", "safe", "criminal", None]
    report = analysis.report()
    assert report["until"] == pytest.approx(12.0) and report["label"] is None
    assert [s["label"] for s in report["stretches"]] == ["safe", "criminal", None]
    assert [v["label"] for v in report["verdicts"]] == labels
    assert report["last"] == analysis.feed.count and report["pictures"] is True
    assert analysis.pictures.at(None)[0] == pytest.approx(11.8)


def test_an_incident_is_told_twice_and_ends_with_the_source(analysis):
    analysis.run(frames(GREEN, RED, RED), ToyWatcher(), 3.0)
    begin, end = told(analysis, "event")
    assert (begin["start"], begin["end"]) == (3.0, None)
    assert end == begin | {"end": pytest.approx(9.0), "peak": end["peak"]}
    assert analysis.report()["events"] == [
        {name: value for name, value in end.items() if name != "kind"}
    ]
    assert analysis._alarms.seen == 45 and analysis._alarms.closed


def test_a_clip_that_was_saved_is_told_once(analysis, tmp_path):
    class Watcher(ToyWatcher):
        def watch(self, given, hop_seconds, *, together=1):
            for verdict in super().watch(given, hop_seconds):
                yield verdict
                for event in analysis.events:
                    analysis._alarms.saved[event] = tmp_path / "clip.mp4"

    analysis.run(frames(RED, RED, RED), Watcher(), 3.0)
    clips = [m["clip"] for m in told(analysis, "event")]
    assert clips == [False, True, True]  # begin, saved, end
    (name,) = analysis.events
    assert analysis.clip(name) == tmp_path / "clip.mp4" and analysis.clip("x") is None


def test_what_goes_wrong_is_said_and_never_raised(analysis, tmp_path):
    def broken(error):
        yield from frames(GREEN)
        raise error

    analysis.run(broken(UserError("Expected\nvideo.")), ToyWatcher(), 3.0)
    assert analysis.summary()["state"] == "failed"
    assert analysis.error == "Expected video." and len(analysis.verdicts) == 1
    other = Analysis("b", "video", FrameStore(tmp_path / "q"))
    heard, handler = [], logging.Handler()
    handler.emit = lambda record: heard.append(str(record.exc_info))
    logging.getLogger("uvicorn.error").addHandler(handler)
    other.run(broken(ValueError("secret")), ToyWatcher(), 3.0)
    logging.getLogger("uvicorn.error").removeHandler(handler)
    assert other.state == "failed" and "secret" not in other.error
    assert "secret" in "".join(heard)


def test_who_stops_is_obeyed_at_the_next_frame(analysis):
    seen, closed = [], []

    def endless():
        try:
            for number in range(10**6):
                seen.append(number)
                if number == 20:
                    analysis.stop()
                yield ToyFrame(number * 0.2, picture(GREEN))
        finally:
            closed.append(True)

    analysis.run(endless(), ToyWatcher(), 3.0)
    assert analysis.state == "stopped" and seen[-1] == 20 and closed == [True]
    assert np.isclose(analysis.pictures.at(None)[0], 3.8)
