import hashlib
import hmac
import json
import threading
import time

import pytest

from projects.video_activity.alarms.actions.action import GivenUpError
from projects.video_activity.alarms.actions.webhook import WebhookAction
from tests.video_activity.alarms.local_servers import Receiver, free_port, running
from tests.video_activity.alarms.made_events import make_notice


def make_hook(port, **changes):
    values = {"timeout": 2.0, "attempts": 3, "first_pause": 0.02} | changes
    hook = WebhookAction(url=f"http://127.0.0.1:{port}/alarms?key=k", **values)
    hook.open()
    return hook


def test_a_notice_arrives_as_json():
    with running(Receiver()) as server:
        assert make_hook(server.port).deliver(make_notice(source="Tür")) == 1
        ((path, headers, body),) = server.received
    assert path == "/alarms?key=k"
    assert headers["Content-Type"] == "application/json"
    assert headers["Alarm-Id"] == "0123456789ab-begin"
    assert "Alarm-Signature" not in headers
    assert json.loads(body) == {
        "event": "begin",
        "id": "0123456789ab",
        "label": "criminal",
        "start": 9.0,
        "end": 15.0,
        "peak": 0.93,
        "source": "Tür",
        "time": "2026-11-21T22:30:05+00:00",
        "verdict": {
            "start": 12.0,
            "end": 15.0,
            "label": "criminal",
            "judged": True,
            "reason": "",
            "probabilities": {"criminal": 0.93, "safe": 0.07},
        },
    }


def test_the_signature_is_that_of_the_time_and_the_body():
    with running(Receiver()) as server:
        make_hook(server.port, secret="geheim").deliver(make_notice())
        ((_, headers, body),) = server.received
    stamp = headers["Alarm-Timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    expected = hmac.new(b"geheim", stamp.encode() + b"." + body, hashlib.sha256)
    assert headers["Alarm-Signature"] == f"sha256={expected.hexdigest()}"


@pytest.mark.parametrize("code", [500, 503, 429, 408])
def test_it_tries_again_with_the_same_id_after_what_may_pass(code):
    with running(Receiver((code, {}), (code, {}), (204, {}))) as server:
        assert make_hook(server.port).deliver(make_notice()) == 1
        ids = [headers["Alarm-Id"] for _, headers, _ in server.received]
    assert ids == ["0123456789ab-begin"] * 3


@pytest.mark.parametrize("code", [400, 401, 404, 413])
def test_it_does_not_try_again_what_is_refused(code):
    with running(Receiver((code, {}))) as server:
        with pytest.raises(GivenUpError, match=f"answered {code}"):
            make_hook(server.port).deliver(make_notice())
        assert len(server.received) == 1


def test_redirections_are_not_followed():
    with running(Receiver()) as other:
        place = {"Location": f"http://127.0.0.1:{other.port}/"}
        with running(Receiver((302, place), (307, place))) as server:
            for code in (302, 307):
                with pytest.raises(GivenUpError, match=f"answered {code}"):
                    make_hook(server.port).deliver(make_notice())
        assert other.received == []


def test_a_server_that_always_fails_is_given_up():
    with running(Receiver((500, {}))) as server:
        with pytest.raises(GivenUpError, match="answered 500; 3 attempts"):
            make_hook(server.port).deliver(make_notice())
        assert len(server.received) == 3


def test_a_server_that_is_down_is_given_up_and_its_key_is_not_told():
    port = free_port()
    with pytest.raises(GivenUpError) as caught:
        make_hook(port).deliver(make_notice())
    assert f"http://127.0.0.1:{port}: " in str(caught.value)
    assert "key" not in str(caught.value)


def test_a_server_that_comes_back_gets_it():
    port, hook, back = free_port(), None, []
    hook = make_hook(port, attempts=20, first_pause=0.1)
    thread = threading.Thread(target=lambda: back.append(hook.deliver(make_notice())))
    thread.start()
    time.sleep(0.05)
    with running(Receiver(address=("127.0.0.1", port))) as server:
        thread.join(20)
        assert back == [1]
        assert len(server.received) == 1


def test_a_slow_server_is_left_after_the_timeout():
    with running(Receiver()) as server:
        server.may_answer.clear()
        hook = make_hook(server.port, timeout=0.1, attempts=2)
        with pytest.raises(GivenUpError, match="timed out; 2 attempts"):
            hook.deliver(make_notice())
        server.may_answer.set()


def test_the_pauses_grow_and_heed_the_server(monkeypatch):
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        return False

    busy = [(429, {"Retry-After": "30"}), (429, {"Retry-After": "soon"})]
    with running(Receiver(*busy, *[(500, {})] * 8)) as server:
        hook = make_hook(server.port, attempts=9, first_pause=1.0)
        monkeypatch.setattr(hook.stop, "wait", wait)
        with pytest.raises(GivenUpError):
            hook.deliver(make_notice())
    assert pauses[0] == 30
    plain = [2, 4, 8, 16, 32, 60, 60]
    for pause, expected in zip(pauses[1:], plain, strict=True):
        assert 0.8 * expected <= pause <= min(60, 1.2 * expected)


def test_a_stop_ends_the_pauses():
    with running(Receiver((500, {}))) as server:
        hook = make_hook(server.port, attempts=9, first_pause=30.0)
        threading.Timer(0.05, hook.stop.set).start()
        with pytest.raises(GivenUpError, match="no time for another attempt"):
            hook.deliver(make_notice())
