import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from projects.video_activity.alarms import inbox, worker
from projects.video_activity.alarms.actions.action import Action, GivenUpError
from projects.video_activity.alarms.actions.clip import ClipAction
from projects.video_activity.alarms.actions.printing import PrintAction
from projects.video_activity.alarms.actions.webhook import WebhookAction
from projects.video_activity.alarms.daily_hours import DailyHours
from projects.video_activity.alarms.dispatcher import Dispatcher, local_time
from projects.video_activity.alarms.inbox import Inbox
from projects.video_activity.alarms.incidents import Incidents
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.alarms.settings import Settings
from projects.video_activity.footage.frames import Frame
from tests.video_activity.alarms.local_servers import Receiver, running
from tests.video_activity.alarms.made_events import (
    NOW,
    make_event,
    make_image,
    make_verdict,
    make_verdicts,
)


@dataclass(kw_only=True)
class Probe(Action):
    """Notes what it gets; waits where `go` is clear, fails where told."""

    takes_frames = True
    log: list
    go: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None

    def open(self):
        self.log.append("open")

    def deliver(self, notice):
        self.go.wait(10)
        self.log.append(notice)
        if self.error:
            raise self.error
        return 1

    def see(self, frame):
        self.go.wait(10)
        self.log.append(frame.time)
        return 0

    def rest(self):
        self.log.append("rest")
        return 0

    def close(self):
        self.log.append("close")
        return 0


def make_probe(go=True, **changes):
    probe = Probe(log=[], **changes)
    if go:
        probe.go.set()
    return probe


def make_dispatcher(actions, told=None, **changes):
    rules = changes.pop("rules", [Rule("criminal")])
    settings = Settings(tuple(rules), actions, Path("alarms.toml"))
    tell = (told if told is not None else []).append
    values = {"clock": lambda: NOW, "tell": tell, "source": "porch"} | changes
    return Dispatcher(settings, **values)


def make_frame(time):
    return Frame(time, make_image(0))


def test_events_and_frames_come_in_their_order():
    probe = make_probe()
    verdict = make_verdict(12.0, 0.9)
    with make_dispatcher({"probe": probe}) as dispatcher:
        dispatcher.frame(make_frame(0.0))
        assert dispatcher.send(make_event(), verdict)
        assert list(dispatcher.tap([make_frame(0.2)]))[0].time == 0.2
        dispatcher.source = "garden"
        dispatcher.send(make_event("end"))
    opened, first, begin, second, end, closed = probe.log
    assert (opened, first, second, closed) == ("open", 0.0, 0.2, "close")
    assert (begin.event, begin.verdict, begin.source) == (
        make_event(),
        verdict,
        "porch",
    )
    assert (begin.time, end.verdict, end.source) == (NOW, None, "garden")
    assert dispatcher.status()["probe"] == {
        "delivered": 2,
        "given_up": 0,
        "waiting": 0,
        "frames_missed": 0,
    }


def test_each_class_has_its_actions_and_each_action_its_events():
    probes = {"a": make_probe(), "b": make_probe(events=("begin",)), "c": make_probe()}
    rules = [Rule("criminal"), Rule("suspicious", actions=("c",))]
    with make_dispatcher(probes, rules=rules) as dispatcher:
        dispatcher.send(make_event("begin", id="1"))
        dispatcher.send(make_event("end", id="1"))
        dispatcher.send(make_event("begin", "suspicious", id="2"))
    got = {
        name: [(n.event.kind, n.event.id) for n in probe.log[1:-1]]
        for name, probe in probes.items()
    }
    assert got == {
        "a": [("begin", "1"), ("end", "1")],
        "b": [("begin", "1")],
        "c": [("begin", "1"), ("end", "1"), ("begin", "2")],
    }


def test_in_quiet_hours_an_incident_is_held_back_from_begin_to_end():
    probe = make_probe()
    rules = [Rule("criminal", quiet=(DailyHours.parse("22:00-23:00"),))]
    times = iter([NOW, NOW.replace(hour=23), NOW.replace(hour=21), NOW])
    dispatcher = make_dispatcher(
        {"probe": probe}, rules=rules, clock=times.__next__
    ).start()
    assert not dispatcher.send(make_event("begin", id="1"))
    assert not dispatcher.send(make_event("end", id="1"))
    assert dispatcher.send(make_event("begin", id="2"))
    assert dispatcher.send(make_event("end", id="2"))  # it was told of the begin
    dispatcher.close()
    assert [notice.event.id for notice in probe.log[1:-1]] == ["2", "2"]
    assert dispatcher.held_back == 1


def test_nobody_waits_for_an_action_that_hangs():
    stuck, well, told = make_probe(go=False), make_probe(), []
    dispatcher = make_dispatcher({"stuck": stuck, "well": well}, told).start()
    began = time.perf_counter()
    for number in range(inbox.MOST_NOTICES + 10):
        dispatcher.send(make_event(id=str(number)))
        dispatcher.frame(make_frame(number / 5))
    assert time.perf_counter() - began < 5
    dispatcher.close(0.3)
    assert len([n for n in well.log if hasattr(n, "event")]) == inbox.MOST_NOTICES + 10
    status = dispatcher.status()["stuck"]
    assert status["given_up"] >= 10
    assert status["frames_missed"] >= inbox.MOST_NOTICES - 2 * inbox.MOST_FRAMES
    assert any("too many wait already" in line for line in told)
    assert any("did not end in time" in line for line in told)
    stuck.go.set()


def test_frames_of_a_file_are_waited_with():
    probe = make_probe(go=False)
    dispatcher = make_dispatcher({"probe": probe}, live=False).start()
    threading.Timer(0.1, probe.go.set).start()
    for number in range(3 * inbox.MOST_FRAMES):
        dispatcher.frame(make_frame(number))
    dispatcher.close()
    assert probe.log[1:-1] == list(range(3 * inbox.MOST_FRAMES))
    assert dispatcher.status()["probe"]["frames_missed"] == 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (GivenUpError("it is down"), "it is down"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
    ],
)
def test_an_action_that_fails_is_told_and_counted_and_goes_on(error, reason):
    probe, told = make_probe(error=error), []
    with make_dispatcher({"probe": probe}, told) as dispatcher:
        dispatcher.send(make_event(id="1"))
        dispatcher.send(make_event(id="2"))
    assert [n.event.id for n in probe.log[1:-1]] == ["1", "2"]
    assert dispatcher.status()["probe"]["given_up"] == 2
    assert reason in told[0]
    assert told[1].startswith("alarm action probe gave up: ")


def test_an_action_that_cannot_begin_gives_up_what_it_gets(monkeypatch):
    monkeypatch.setattr(worker, "SILENCE", 0.02)

    class Broken(Probe):
        def open(self):
            raise OSError("no such device")

        def rest(self):
            raise OSError("there is nothing to rest")

    told = []
    with make_dispatcher({"broken": Broken(log=[])}, told) as dispatcher:
        time.sleep(0.1)
        dispatcher.send(make_event())
    first, second = told
    assert "no such device" in first
    assert "it could not begin" in second


def test_an_action_is_told_when_nothing_comes(monkeypatch):
    monkeypatch.setattr(worker, "SILENCE", 0.05)
    probe = make_probe()
    with make_dispatcher({"probe": probe}):
        time.sleep(0.3)
    assert "rest" in probe.log


def test_two_dispatchers_share_no_state(tmp_path):
    actions = {"clip": ClipAction(folder=tmp_path / "clips")}
    one, other = make_dispatcher(actions).start(), make_dispatcher(actions).start()
    one.frame(make_frame(0.0))
    one.frame(make_frame(3.0))
    one.send(make_event(start=1.0))
    one.close()
    other.close()
    assert list(one.clips()) == ["0123456789ab"]
    assert other.clips() == {}


def test_a_line_is_printed_that_no_terminal_obeys():
    told = []
    with make_dispatcher(
        {"print": PrintAction()}, told, source="\x1b[2Jporch\n"
    ) as dispatcher:
        dispatcher.send(make_event(start=3725.04))
        dispatcher.send(make_event("end", start=59.96, end=61.0))
    assert told == [
        "2026-11-21 22:30:05 ALARM criminal 0.93 at 1:02:05.0 of �[2Jporch�"
        " (0123456789ab)",
        "2026-11-21 22:30:05 over: criminal, 01:00.0 to 01:01.0, at most 0.93 of"
        " �[2Jporch� (0123456789ab)",
    ]


def test_a_webhook_that_is_down_or_slow_holds_nothing_up(tmp_path):
    """The whole way: verdicts, incidents, webhook and clip."""
    told, rule = [], Rule("criminal", on=0.8, off=0.5, windows=2, of=3)
    with running(Receiver((200, {}))) as server:
        server.may_answer.clear()
        url = f"http://127.0.0.1:{server.port}/"
        actions = {
            "hook": WebhookAction(url=url, timeout=5),
            "clip": ClipAction(folder=tmp_path, before=3.0, after=3.0),
        }
        incidents = Incidents([rule])
        dispatcher = make_dispatcher(
            actions, told, rules=[rule], live=False, clock=local_time
        )
        dispatcher.start()
        verdicts = make_verdicts([0.1] * 3 + [0.9] * 4 + [0.1] * 4)
        began = time.perf_counter()
        for place, verdict in enumerate(verdicts):
            for k in range(15):
                dispatcher.frame(make_frame(place * 3 + k / 5))
            for event in incidents.update(verdict):
                dispatcher.send(event, verdict)
        assert time.perf_counter() - began < 4
        server.may_answer.set()
        dispatcher.close()
        assert len(server.received) == 2
    assert told == []
    status = dispatcher.status()
    assert (status["hook"]["delivered"], status["clip"]["delivered"]) == (2, 1)
    (path,) = dispatcher.clips().values()
    assert path.is_file()


def test_a_closed_mailbox_gives_out_what_it_has_and_takes_no_more():
    box = Inbox()
    assert box.put("one")
    box.close()
    assert not box.put("two")
    assert not box.put("two", frame=True, wait=True)
    assert (box.take(1.0), box.take(1.0)) == ("one", None)


def test_an_empty_mailbox_is_not_waited_at_for_ever():
    with pytest.raises(TimeoutError):
        Inbox().take(0.01)
