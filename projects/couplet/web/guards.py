"""What stands between the network and an application: an ASGI middleware.

A page on this machine is within reach of every web site its user visits, by forged
requests and by names that are made to point here. So the host must be one of ours,
a request from a page must come from our page, and whoever listens to other machines
asks for a token. Size, time and number of requests are bounded.
"""

import asyncio
import hmac
import http.cookies
import ipaddress
import json
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from projects.couplet.web.hosts import host_name, is_loopback

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
        " img-src 'self' blob:; connect-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_MOST_CLIENTS = 4096


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


class RefusedError(Exception):
    """A request that is not let in: status, reason and headers of the answer."""

    def __init__(self, status: int, reason: str, **headers: str):
        super().__init__(reason)
        self.status = status
        self.headers = {name.replace("_", "-"): v for name, v in headers.items()}


class RateLimit:
    """A bucket of permits for each client, filled up steadily.

    Of clients that are many, the ones unheard for longest are forgotten.
    """

    def __init__(
        self,
        per_minute: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a permit; return 0, or the seconds until there is one."""
        now = self._clock()
        left, then = self._buckets.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._per_second)
        granted = left >= 1
        self._buckets[client] = (left - granted, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1 - left) / self._per_second


class Guard:
    """Let through to `app` what may pass; answer the rest with one line of JSON.

    The body of a request is read before the application sees it.

    Args:
        app: the application behind.
        local: whether the server is for this machine alone; then only names of
            this machine are taken for it.
        token: what every client has to bring: as `Authorization: Bearer`, or once
            as `?token=`, for which the browser gets a cookie.
        limits: see `Limits`.
    """

    def __init__(
        self,
        app: App,
        *,
        local: bool = True,
        token: str | None = None,
        limits: Limits | None = None,
    ):
        self.app, self.local, self.token = app, local, token
        self.limits = limits or Limits()
        self._rate = RateLimit(self.limits.per_minute, self.limits.burst)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection of the ASGI protocol."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {
            k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]
        }
        try:
            self._check_rate(scope)
            self._check_origin(headers, scope["method"])
            self._check_token(headers, scope)
            body = await self._read(headers, scope["method"], receive)
        except RefusedError as refusal:
            await _refuse(refusal, send)
        except TimeoutError:
            await _refuse(RefusedError(408, "The request took too long."), send)
        except ConnectionResetError:
            pass  # there is nobody left to answer
        else:
            await self.app(scope, _replay(body, receive), send)

    def _check_rate(self, scope: Message) -> None:
        wait = self._rate.take(_client(scope))
        if wait:
            seconds = math.ceil(wait)
            reason = f"Too many requests. Try again in {seconds} s."
            raise RefusedError(429, reason, retry_after=str(seconds))

    def _check_origin(self, headers: dict[str, str], method: str) -> None:
        host = headers.get("host", "")
        if self.local and not is_loopback(host_name(host)):
            raise RefusedError(403, "This server answers to the names of its machine.")
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            raise RefusedError(403, "Requests of other web sites are not answered.")
        site = headers.get("sec-fetch-site", "none")
        if method not in ("GET", "HEAD") and site not in ("none", "same-origin"):
            raise RefusedError(403, "Requests of other web sites are not answered.")

    def _check_token(self, headers: dict[str, str], scope: Message) -> None:
        if self.token is None:
            return
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        cookie = _cookie(headers.get("cookie", ""))
        if _same(cookie, self.token):
            return
        if kind.lower() == "bearer" and _same(bearer, self.token):
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["method"] == "GET" and _same(query.get("token", [""])[0], self.token):
            # On to the same place without the token, which history would keep. Lax:
            # a strict cookie is not sent along when a link from elsewhere leads here.
            kept = f"token={self.token}; HttpOnly; SameSite=Lax; Path=/"
            raise RefusedError(303, "Go on.", location="/", set_cookie=kept)
        reason = "The token of this server is needed: open the address it printed."
        raise RefusedError(401, reason, www_authenticate="Bearer")

    async def _read(
        self, headers: dict[str, str], method: str, receive: Receive
    ) -> bytes:
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self.limits.body:
            raise _too_large(self.limits)
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if method not in ("GET", "HEAD") and media != "application/json":
            raise RefusedError(415, "The request must be of type application/json.")
        body = b""
        async with asyncio.timeout(self.limits.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ConnectionResetError
                body += message.get("body", b"")
                if len(body) > self.limits.body:
                    raise _too_large(self.limits)
                if not message.get("more_body"):
                    return body


def _too_large(limits: Limits) -> RefusedError:
    return RefusedError(413, f"The request must have at most {limits.body} bytes.")


def _client(scope: Message) -> str:
    """Name a client; whoever has one address of IPv6 has all of its /64."""
    address = (scope.get("client") or ("",))[0]
    if ":" not in address:
        return address
    network = ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False)
    return str(network)


def _cookie(header: str) -> str:
    try:
        return http.cookies.SimpleCookie(header)["token"].value
    except (KeyError, http.cookies.CookieError):
        return ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [name.lower() for name, _ in message["headers"]]
            added = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
            message["headers"] = [
                *message["headers"],
                *(pair for pair in added if pair[0] not in given),
            ]
        await send(message)

    return wrapped


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def wrapped() -> Message:
        return waiting.pop() if waiting else await receive()

    return wrapped


async def _refuse(refusal: RefusedError, send: Send) -> None:
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
