import json
import threading
import time

import pytest

from projects.video_activity.alarms.actions.action import GivenUpError
from projects.video_activity.alarms.actions.mqtt import MqttAction
from tests.video_activity.alarms.local_servers import free_port, running
from tests.video_activity.alarms.made_broker import Broker
from tests.video_activity.alarms.made_events import make_notice

pytest.importorskip("paho.mqtt.client", reason="paho-mqtt is not installed")


@pytest.fixture
def make_action():
    made = []

    def make(port, **changes):
        action = MqttAction(host="127.0.0.1", port=port, patience=0.3, **changes)
        action.told = []
        action.tell = action.told.append
        action.open()
        made.append(action)
        return action

    yield make
    for action in made:
        action.close()


def test_a_notice_is_published(make_action):
    with running(Broker()) as broker:
        action = make_action(broker.port, topic="house/ärger", retain=True)
        assert action.deliver(make_notice()) == 1
        assert action.deliver(make_notice("end")) == 1
        topics, contents, retained = zip(*broker.published, strict=True)
    assert set(topics) == {"house/ärger"}
    assert all(retained)
    assert [json.loads(content)["event"] for content in contents] == ["begin", "end"]
    assert json.loads(contents[0]) == make_notice().to_dict()
    assert broker.logins == [(None, None)]
    assert action.told == []


def test_user_and_password_are_told(make_action):
    with running(Broker()) as broker:
        make_action(broker.port, user="me", password="x").deliver(make_notice())
        assert broker.logins == [("me", "x")]


def test_notices_wait_for_a_broker_that_comes_late(make_action):
    port = free_port()
    action, done = make_action(port), []
    thread = threading.Thread(target=lambda: done.append(action.deliver(make_notice())))
    thread.start()
    thread.join(0.5)
    assert done == []
    assert action.told == [
        f"mqtt: waiting for the broker: 127.0.0.1:{port} not reached"
    ]
    with running(Broker(port)) as broker:
        thread.join(20)
        assert done == [1]
        assert len(broker.published) == 1
    assert action.told[1:] == [f"mqtt: the broker is back: 127.0.0.1:{port} reached"]


@pytest.mark.parametrize("way", ["refuses", "is silent"])
def test_without_a_broker_it_ends_when_it_has_to(make_action, way):
    with running(Broker(code=5 if way == "refuses" else 0)) as broker:
        broker.acknowledges = False
        action = make_action(broker.port)
        threading.Timer(0.6, action.stop.set).start()
        with pytest.raises(GivenUpError) as caught:
            action.deliver(make_notice())
        state = "refused us (Not authorized)" if way == "refuses" else "reached"
        assert str(caught.value) == f"127.0.0.1:{broker.port} {state}"


# A broker that others made: Debian's mosquitto, say.


def _wait_for(heard, number):
    end = time.monotonic() + 10
    while len(heard) < number and time.monotonic() < end:
        time.sleep(0.02)
    return [json.loads(message.payload)["id"] for message in heard]


def test_a_real_broker_passes_it_on_and_may_be_gone_for_a_while(
    mosquitto, listen, make_action
):
    heard = listen()
    action = make_action(mosquitto.port, topic="house/alarm", retain=True)
    action.deliver(make_notice(id="first"))
    assert _wait_for(heard, 1) == ["first"]
    assert (heard[0].topic, heard[0].qos) == ("house/alarm", 1)
    mosquitto.stop()
    done = []
    thread = threading.Thread(
        target=lambda: done.append(action.deliver(make_notice(id="second")))
    )
    thread.start()
    thread.join(0.6)
    assert done == []
    mosquitto.start()
    again = listen()
    thread.join(20)
    assert done == [1]
    assert _wait_for(again, 1) == ["second"]  # retained, so it cannot be too late
