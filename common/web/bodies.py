"""Bodies of requests: JSON is read whole, an upload is passed on as it comes."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

from common.web.refusals import Message, Receive, RefusedError, Send

_LINGER = 2.0  # seconds for which the rest of a refused upload is read


@dataclass(frozen=True)
class Limits:
    """What one client may ask for.

    Attributes:
        body: bytes of one request.
        body_seconds: until they must be here.
        per_minute: requests, in the long run.
        burst: requests at once.
    """

    body: int = 16_384
    body_seconds: float = 10.0
    per_minute: float = 300.0
    burst: int = 120


@dataclass(frozen=True)
class UploadLimits:
    """What one upload may be.

    Attributes:
        body: bytes.
        seconds: until they must be here.
        silence: seconds without a single byte.
    """

    body: int
    seconds: float = 900.0
    silence: float = 15.0


async def read_body(
    headers: Mapping[str, str], method: str, receive: Receive, limits: Limits
) -> bytes:
    """Return the body of a request.

    Raises:
        RefusedError: it is too long, or a POST of another type than JSON: what a
            form of another site can send without asking first.
        TimeoutError: it does not come.
        ConnectionResetError: the client has gone.
    """
    _check_length(headers, limits.body)
    if method == "POST" and _media(headers) != "application/json":
        raise RefusedError(415, "The request must be of type application/json.")
    body = b""
    async with asyncio.timeout(limits.body_seconds):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            body += message.get("body", b"")
            if len(body) > limits.body:
                raise _too_large(limits.body)
            if not message.get("more_body"):
                return body


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body which was read already."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def wrapped() -> Message:
        return waiting.pop() if waiting else await receive()

    return wrapped


class Upload:
    """A body on its way: `receive` and `send` for the application behind.

    Whoever refuses an upload in the middle and hangs up is not heard: the client
    still sends. So the rest is read for a moment before the answer ends.
    """

    def __init__(self, receive: Receive, send: Send, limits: UploadLimits):
        self._receive, self._send, self._limits = receive, send, limits
        self._deadline = time.monotonic() + limits.seconds
        self._seen, self._ended = 0, False

    def check(self, headers: Mapping[str, str]) -> None:
        """Refuse by the headers alone what would not be taken.

        Raises:
            RefusedError: too long, or of a type that forms of other sites can send.
        """
        _check_length(headers, self._limits.body)
        kind = _media(headers)
        if kind != "application/octet-stream" and not kind.startswith("video/"):
            reason = "An upload must be of type application/octet-stream or video/..."
            raise RefusedError(415, reason)

    async def receive(self) -> Message:
        """Return the next part.

        Raises:
            RefusedError: it does not come, or is one too many.
        """
        if self._ended:
            return await self._receive()
        wait = min(self._limits.silence, self._deadline - time.monotonic())
        try:
            async with asyncio.timeout(max(0.0, wait)):
                message = await self._receive()
        except TimeoutError:
            raise RefusedError(408, "The upload took too long.") from None
        self._seen += len(message.get("body", b""))
        self._ended = not message.get("more_body")  # also when the client has gone
        if self._seen > self._limits.body:
            raise _too_large(self._limits.body)
        return message

    async def send(self, message: Message) -> None:
        """Send on; the end of the answer waits for the end of the question."""
        last = message["type"] == "http.response.body" and not message.get("more_body")
        if not last or self._ended:
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while not self._ended:
                    self._ended = not (await self._receive()).get("more_body")
        await self._send({"type": "http.response.body", "body": b""})


def _check_length(headers: Mapping[str, str], most: int) -> None:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > most:
        raise _too_large(most)


def _media(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _too_large(most: int) -> RefusedError:
    return RefusedError(413, f"The request must have at most {most} bytes.")
