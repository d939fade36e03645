"""Answers to requests that are not let in, in the words of the ASGI protocol."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class RefusedError(Exception):
    """A request that is not let in: status, reason and headers of the answer."""

    def __init__(self, status: int, reason: str, **headers: str):
        super().__init__(reason)
        self.status = status
        self.headers = {name.replace("_", "-"): v for name, v in headers.items()}


async def refuse(refusal: RefusedError, send: Send) -> None:
    """Answer with one line of JSON."""
    text = json.dumps({"error": str(refusal)}).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(text)),
        "connection": "close",  # what is left of the request is not read
    } | refusal.headers
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    start = {"type": "http.response.start", "status": refusal.status, "headers": pairs}
    await send(start)
    await send({"type": "http.response.body", "body": text})
