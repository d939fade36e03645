"""A broker that others made: Debian's mosquitto, say."""

import os
import shutil
import socket
import subprocess
import threading
import time

import pytest

from tests.video_activity.alarms.local_servers import free_port


def _mosquitto():
    return os.environ.get("KERAS_PROJECTS_MOSQUITTO") or shutil.which("mosquitto")


class _Mosquitto:
    def __init__(self, folder, port):
        self.folder, self.port, self.process = folder, port, None

    def start(self):
        settings = self.folder / "mosquitto.conf"
        settings.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self.process = subprocess.Popen(
            [_mosquitto(), "-c", settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except ConnectionRefusedError:
                time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def mosquitto(tmp_path):
    if _mosquitto() is None:
        pytest.skip("no mosquitto (install it, or set KERAS_PROJECTS_MOSQUITTO)")
    broker = _Mosquitto(tmp_path, free_port())
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def listen(mosquitto):
    """Return a function that listens, and gives the list of what it hears."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    clients = []

    def listen():
        heard, ready = [], threading.Event()
        client = Client(CallbackAPIVersion.VERSION2)
        client.on_connect = lambda *_: client.subscribe("house/#", qos=1)
        client.on_subscribe = lambda *_: ready.set()
        client.on_message = lambda _, __, message: heard.append(message)
        client.connect("127.0.0.1", mosquitto.port)
        client.loop_start()
        clients.append(client)
        assert ready.wait(10)
        return heard

    yield listen
    for client in clients:
        client.disconnect()
        client.loop_stop()
