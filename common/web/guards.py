"""What stands between the network and an application: an ASGI middleware.

A page on this machine is within reach of every web site its user visits, by forged
requests and by names that are made to point here. So the host must be one of ours,
a request from a page must come from our page, and whoever listens to other machines
asks for a token. Size, time and number of requests are bounded.
"""

import hmac
import http.cookies
import math
from collections.abc import Mapping
from urllib.parse import parse_qs

from common.web.bodies import Limits, Upload, UploadLimits, read_body, replay
from common.web.hosts import host_name, is_loopback
from common.web.rates import RateLimit, client_name
from common.web.refusals import App, Message, Receive, RefusedError, Send, refuse

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


class Guard:
    """Let through to `app` what may pass; answer the rest with one line of JSON.

    The body of a request is read before the application sees it, but for uploads.

    Args:
        app: the application behind.
        local: whether the server is for this machine alone; then only names of
            this machine are taken for it.
        token: what every client has to bring: as `Authorization: Bearer`, or once
            as `?token=`, for which the browser gets a cookie.
        limits: see `Limits`.
        uploads: paths to which files may be posted, and how large.
        sockets: whether the application has WebSockets; else they are closed.
        headers: of all answers, instead of those of `HEADERS`.
    """

    def __init__(
        self,
        app: App,
        *,
        local: bool = True,
        token: str | None = None,
        limits: Limits | None = None,
        uploads: Mapping[str, UploadLimits] | None = None,
        sockets: bool = False,
        headers: Mapping[str, str] | None = None,
    ):
        self.app, self.local, self.token = app, local, token
        self.limits, self.uploads = limits or Limits(), uploads or {}
        self.sockets, self.headers = sockets, HEADERS | dict(headers or {})
        self._rate = RateLimit(self.limits.per_minute, self.limits.burst)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection of the ASGI protocol."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, self._with_headers(send))
        elif self.sockets:
            await self._connect(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        headers, method = _headers(scope), scope["method"]
        limits = self.uploads.get(scope["path"]) if method == "POST" else None
        upload = limits and Upload(receive, send, limits)
        if upload:
            receive, send = upload.receive, upload.send
        try:
            self._check(headers, scope)
            if upload:
                upload.check(headers)
            else:
                body = await read_body(headers, method, receive, self.limits)
                receive = replay(body, receive)
        except RefusedError as refusal:
            await refuse(refusal, send)
        except TimeoutError:
            await refuse(RefusedError(408, "The request took too long."), send)
        except ConnectionResetError:
            pass  # there is nobody left to answer
        else:
            await self.app(scope, receive, send)

    async def _connect(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            self._check(_headers(scope), scope)
        except RefusedError:
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self.app(scope, receive, send)

    def _check(self, headers: Mapping[str, str], scope: Message) -> None:
        self._check_rate(scope)
        # A WebSocket begins with a GET.
        self._check_origin(headers, scope.get("method", "GET"))
        self._check_token(headers, scope)

    def _check_rate(self, scope: Message) -> None:
        wait = self._rate.take(client_name(scope))
        if wait:
            seconds = math.ceil(wait)
            reason = f"Too many requests. Try again in {seconds} s."
            raise RefusedError(429, reason, retry_after=str(seconds))

    def _check_origin(self, headers: Mapping[str, str], method: str) -> None:
        host = headers.get("host", "")
        if self.local and not is_loopback(host_name(host)):
            raise RefusedError(403, "This server answers to the names of its machine.")
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            raise RefusedError(403, "Requests of other web sites are not answered.")
        site = headers.get("sec-fetch-site", "none")
        if method not in ("GET", "HEAD") and site not in ("none", "same-origin"):
            raise RefusedError(403, "Requests of other web sites are not answered.")

    def _check_token(self, headers: Mapping[str, str], scope: Message) -> None:
        if self.token is None:
            return
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        cookie = _cookie(headers.get("cookie", ""))
        if _same(cookie, self.token):
            return
        if kind.lower() == "bearer" and _same(bearer, self.token):
            return
        query = parse_qs(scope["query_string"].decode("latin-1"))
        given = query.get("token", [""])[0]
        if scope.get("method") == "GET" and _same(given, self.token):
            # On to the same place without the token, which history would keep. Lax:
            # a strict cookie is not sent along when a link from elsewhere leads here.
            kept = f"token={self.token}; HttpOnly; SameSite=Lax; Path=/"
            raise RefusedError(303, "Go on.", location="/", set_cookie=kept)
        reason = "The token of this server is needed: open the address it printed."
        raise RefusedError(401, reason, www_authenticate="Bearer")

    def _with_headers(self, send: Send) -> Send:
        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [name.lower() for name, _ in message["headers"]]
                added = [(k.encode(), v.encode()) for k, v in self.headers.items()]
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in added if pair[0] not in given),
                ]
            await send(message)

        return wrapped


def _headers(scope: Message) -> dict[str, str]:
    return {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}


def _cookie(header: str) -> str:
    try:
        return http.cookies.SimpleCookie(header)["token"].value
    except (KeyError, http.cookies.CookieError):
        return ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())
