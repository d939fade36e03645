"""Send a notice to an address of the web, signed."""

import contextlib
import functools
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from projects.video_activity.alarms.actions.action import (
    Action,
    GivenUpError,
    read_events,
)
from projects.video_activity.alarms.actions.retrying import TryLaterError, keep_trying
from projects.video_activity.alarms.actions.trusting import read_ca_file, trust
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.alarms.toml_table import Table

_BUSY = {408, 425, 429}  # answers after which another attempt may help, as after 5xx


@dataclass(kw_only=True)
class WebhookAction(Action):
    """POSTs JSON.

    The header Alarm-Signature is `sha256=` and the HMAC-SHA256, in hexadecimal, of
    the header Alarm-Timestamp (seconds since 1970), a dot and the body. It is the
    same incident and event as before where Alarm-Id was seen before.

    Attributes:
        url: The address; redirections are not followed.
        secret: The key of the signature; empty for none.
        timeout: Seconds for each step of an attempt.
        attempts: How often it is tried.
        ca_file: Certificate that https trusts, instead of those of the system.
        first_pause: Seconds after the first failure; see `keep_trying`.
    """

    url: str
    secret: str = field(default="", repr=False)
    timeout: float = 10.0
    attempts: int = 6
    ca_file: Path | None = None
    first_pause: float = 1.0

    @classmethod
    def read(cls, table: Table) -> "WebhookAction":
        """Read the settings out of a table of the file."""
        url = table.text("url")
        if not _is_address(url):
            table.refuse("url", "an address like https://host/path", url)
        return cls(
            url=url,
            secret=table.secret("secret_env"),
            timeout=table.number("timeout", 10.0, least=0.1, most=120),
            attempts=table.whole("attempts", 6, least=1, most=20),
            ca_file=read_ca_file(table),
            events=read_events(table, "both"),
        )

    def open(self) -> None:
        """Prepare the connections."""
        trusting = urllib.request.HTTPSHandler(context=trust(self.ca_file))
        self._opener = urllib.request.build_opener(_NoRedirect, trusting)

    def deliver(self, notice: Notice) -> int:
        """Send it, again and again if need be."""
        body = json.dumps(notice.to_dict(), ensure_ascii=True).encode()
        name = f"{notice.event.id}-{notice.event.kind}"
        attempt = functools.partial(self._post, body, name)
        keep_trying(attempt, self.attempts, self.stop, self.first_pause)
        return 1

    def _post(self, body: bytes, name: str) -> None:
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "video-activity",
            "Alarm-Id": name,
            "Alarm-Timestamp": stamp,
        }
        if self.secret:
            headers["Alarm-Signature"] = sign(self.secret, stamp, body)
        request = urllib.request.Request(  # noqa: S310 - checked in `read`
            self.url, body, headers, method="POST"
        )
        try:
            with self._opener.open(request, timeout=self.timeout):
                return
        except urllib.error.HTTPError as answer:
            _refuse(answer)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise TryLaterError(
                f"{_show(self.url)}: {reason or type(error).__name__}"
            ) from None


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body that was sent at a time."""
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The address is the one in the file: nobody else is told of the incident."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _refuse(answer: urllib.error.HTTPError) -> None:
    with answer:
        reason = f"answered {answer.code}"
        if answer.code < 500 and answer.code not in _BUSY:
            raise GivenUpError(reason)
        pause = None
        with contextlib.suppress(ValueError):  # it may also be a date
            pause = float(answer.headers.get("Retry-After", "0"))
        raise TryLaterError(reason, pause)


def _is_address(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
        _ = parts.port  # ValueError if it is no number
    except ValueError:
        return False
    plain = url.isascii() and " " not in url and "@" not in parts.netloc
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def _show(url: str) -> str:
    """Leave out the path: in many services it is the key."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or parts.scheme}"
