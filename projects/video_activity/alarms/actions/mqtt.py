"""Publish a notice to an MQTT broker."""

import importlib.util
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.errors import UserError
from projects.video_activity.alarms.actions.action import (
    Action,
    GivenUpError,
    read_events,
)
from projects.video_activity.alarms.actions.trusting import read_ca_file, trust
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.alarms.toml_table import Table

_PORT, _TLS_PORT = 1883, 8883
_KEEP_ALIVE = 30  # seconds
_PAUSES = {"min_delay": 1, "max_delay": 60}  # seconds before it connects again
_LONGEST_TOPIC = 65_535  # bytes


@dataclass(kw_only=True)
class MqttAction(Action):
    """Publishes JSON with quality of service 1: at least once.

    While the broker is gone the notices wait, and are sent in their order when it
    is back.

    Attributes:
        host: The broker.
        port: Its port.
        topic: Where it is published.
        user: The name at the broker; empty for none.
        password: Of that user.
        tls: Whether the connection is encrypted.
        ca_file: Certificate that it trusts, instead of those of the system.
        retain: Whether the broker gives the latest notice to those who come later.
        patience: Seconds without the broker after which the user is told.
    """

    host: str
    port: int = _PORT
    topic: str = "video_activity/alarm"
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ca_file: Path | None = None
    retain: bool = False
    patience: float = 5.0

    @classmethod
    def read(cls, table: Table) -> "MqttAction":
        """Read the settings out of a table of the file."""
        if importlib.util.find_spec("paho") is None:
            raise UserError(
                f"The package paho-mqtt must be installed for {table.place} of"
                f" {table.path}. Received: none. Run: pip install '.[mqtt]'"
            )
        tls = table.truth("tls", False)
        return cls(
            host=table.text("host"),
            port=table.whole("port", _TLS_PORT if tls else _PORT, least=1, most=65_535),
            topic=_read_topic(table),
            user=table.text("user", ""),
            password=table.secret("password_env"),
            tls=tls,
            ca_file=read_ca_file(table),
            retain=table.truth("retain", False),
            events=read_events(table, "both"),
        )

    def open(self) -> None:
        """Connect, and again whenever the connection is lost."""
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        self._received = threading.Condition()
        self._acknowledged: set[int] = set()
        self._state = "not reached"
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        if self.user:
            self._client.username_pw_set(self.user, self.password or None)
        if self.tls:
            self._client.tls_set_context(trust(self.ca_file))
        self._client.reconnect_delay_set(**_PAUSES)
        self._client.connect_async(self.host, self.port, _KEEP_ALIVE)
        self._client.loop_start()

    def deliver(self, notice: Notice) -> int:
        """Publish it and wait until the broker has it."""
        content = json.dumps(notice.to_dict(), ensure_ascii=True)
        message = self._client.publish(self.topic, content, qos=1, retain=self.retain)
        if not self._wait_for(message.mid, self.patience):
            self._tell("waiting for the broker")
            while not self._wait_for(message.mid, 0.2):
                if self.stop.is_set():
                    raise GivenUpError(self._describe())
            self._tell("the broker is back")
        return 1

    def close(self) -> int:
        """Take leave of the broker."""
        self._client.disconnect()
        self._client.loop_stop()
        return 0

    def _wait_for(self, message: int, seconds: float) -> bool:
        with self._received:
            arrived = self._received.wait_for(
                lambda: message in self._acknowledged or self.stop.is_set(), seconds
            )
            arrived = arrived and message in self._acknowledged
            self._acknowledged.discard(message)
        return arrived

    def _on_connect(self, client: Any, data: Any, flags: Any, reason: Any, _: Any):
        self._state = f"refused us ({reason})" if reason.is_failure else "reached"

    def _on_disconnect(self, client: Any, data: Any, flags: Any, reason: Any, _: Any):
        if self._state == "reached":
            self._state = f"lost ({reason})"

    def _on_publish(self, client: Any, data: Any, message: int, reason: Any, _: Any):
        with self._received:
            self._acknowledged.add(message)
            self._received.notify_all()

    def _describe(self) -> str:
        return f"{self.host}:{self.port} {self._state}"

    def _tell(self, what: str) -> None:
        self.tell(f"mqtt: {what}: {self._describe()}")


def _read_topic(table: Table) -> str:
    topic = table.text("topic", "video_activity/alarm")
    if set(topic) & {"#", "+", "\0"} or len(topic.encode()) > _LONGEST_TOPIC:
        table.refuse("topic", "a topic without # and +", topic)
    return topic
