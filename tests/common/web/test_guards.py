"""The guard, called as a server would call it."""

import asyncio
import json

import pytest

from common.web.bodies import Limits
from common.web.guards import HEADERS, Guard
from common.web.hosts import host_name, is_loopback, web_address
from common.web.rates import RateLimit

TOKEN = "a-token-of-some-length"
HOME = {"host": "127.0.0.1:8760"}
JSON = {"content-type": "application/json"}


async def echo(scope, receive, send):
    """An application that answers with the body it got."""
    message = await receive()
    start = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    await send({"type": "http.response.body", "body": message["body"]})


def call(guard, headers=HOME, method="GET", chunks=(b"",), query="", client="10.0.0.1"):
    """Send a request through a guard; return status, headers and body."""
    sent = []
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": i + 1 < len(chunks)}
        for i, chunk in enumerate(chunks)
    ]

    async def receive():
        if waiting:
            return waiting.pop(0)
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "client": (client, 1234),
    }
    asyncio.run(guard(scope, receive, send))
    if not sent:
        return None
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], found, sent[1]["body"]


def post(guard, body=b"{}", headers=(), **more):
    chunks = body if isinstance(body, list) else [body]
    return call(guard, HOME | JSON | dict(headers), "POST", chunks, **more)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:8760", "[::1]:80", "LOCALHOST"]
)
def test_names_of_this_machine_are_answered(host):
    assert call(Guard(echo), {"host": host})[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.com", "localhost.evil.com", "10.0.0.1:8760", "", "127.0.0.1.evil.com"],
)
def test_other_names_are_not(host):
    status, headers, body = call(Guard(echo), {"host": host})
    assert status == 403 and "error" in json.loads(body)
    assert headers["content-type"] == "application/json"
    assert call(Guard(echo), {})[0] == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.com",
        "null",
        "http://127.0.0.1:9999",
        "http://127.0.0.1",
        "http://localhost:8760",
    ],
)
def test_other_web_sites_may_not_ask(origin):
    assert post(Guard(echo), headers={"origin": origin})[0] == 403
    assert call(Guard(echo), HOME | {"origin": origin})[0] == 403


def test_our_own_page_may():
    assert post(Guard(echo), headers={"origin": "http://127.0.0.1:8760"})[0] == 200
    assert post(Guard(echo), headers={"sec-fetch-site": "same-origin"})[0] == 200
    assert post(Guard(echo), headers={"sec-fetch-site": "cross-site"})[0] == 403
    followed = HOME | {"sec-fetch-site": "cross-site"}
    assert call(Guard(echo), followed)[0] == 200  # a link that leads here


def test_only_json_is_taken():
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert post(Guard(echo), headers={"content-type": kind})[0] == 415
    kind = {"content-type": "Application/JSON; charset=utf-8"}
    assert post(Guard(echo), b"x", headers=kind)[2] == b"x"


def test_a_body_has_an_end():
    guard = Guard(echo, limits=Limits(body=10))
    assert post(guard, b"0123456789")[2] == b"0123456789"
    assert post(guard, [b"01234", b"56789"])[2] == b"0123456789"
    assert post(guard, [b"01234", b"567890"])[0] == 413
    told = {"content-length": "11"}
    assert post(guard, [], headers=told)[0] == 413  # before anything is read
    assert post(guard, b"0", headers={"content-length": "many"})[0] == 200


def test_a_body_must_come_in_time():
    guard = Guard(echo, limits=Limits(body_seconds=0.05))
    status, headers, _ = post(guard, [])
    assert status == 408 and headers["connection"] == "close"


def test_whoever_hangs_up_gets_no_answer():
    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        raise AssertionError("nobody is there")

    scope = {"type": "http", "method": "GET", "query_string": b"", "client": None}
    scope["headers"] = [(b"host", b"localhost")]
    asyncio.run(Guard(echo)(scope, receive, send))


def test_every_answer_has_the_headers():
    for headers in (HOME, {"host": "evil.com"}):
        found = call(Guard(echo), headers)[1]
        assert HEADERS.items() <= found.items()
    policy = HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_an_application_may_say_how_long_it_is_kept():
    async def cached(scope, receive, send):
        headers = [(b"Cache-Control", b"max-age=60")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    found = call(Guard(cached))[1]
    assert found["Cache-Control"] == "max-age=60" and "cache-control" not in found


def test_the_token_is_asked_of_everybody():
    guard = Guard(echo, local=False, token=TOKEN)
    there = {"host": "192.168.1.7:8760"}  # any name, the token decides
    status, headers, body = call(guard, there)
    assert status == 401 and headers["www-authenticate"] == "Bearer"
    assert TOKEN not in body.decode() + str(headers)
    for wrong in (
        "Bearer x",
        f"Basic {TOKEN}",
        "Bearer ",
        f"Bearer {TOKEN}x",
        "Bearer \xff",
    ):
        assert call(guard, there | {"authorization": wrong})[0] == 401
    for cookie in ("token=x", "token=", TOKEN, "token=\x00", "=;=;"):
        assert call(guard, there | {"cookie": cookie})[0] == 401
    assert call(guard, there | {"authorization": f"bearer {TOKEN}"})[0] == 200
    assert call(guard, there | {"cookie": f"a=b; token={TOKEN}"})[0] == 200
    assert call(guard, there, query="token=wrong")[0] == 401


def test_the_address_with_the_token_becomes_a_cookie():
    guard = Guard(echo, local=False, token=TOKEN)
    status, headers, _ = call(guard, {"host": "x:1"}, query=f"token={TOKEN}")
    assert (status, headers["location"]) == (303, "/")
    kept, *rules = headers["set-cookie"].split("; ")
    assert kept == f"token={TOKEN}" and {"HttpOnly", "SameSite=Lax"} <= set(rules)
    assert call(guard, {"host": "x:1", "cookie": kept})[0] == 200
    assert post(guard, query=f"token={TOKEN}")[0] == 401


def test_permits_come_back_with_time():
    now = [0.0]
    rate = RateLimit(60, 3, clock=lambda: now[0])  # one each second, three at once
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 1.0]
    assert rate.take("b") == 0
    now[0] = 0.5
    assert rate.take("a") == 0.5
    now[0] = 1.0
    assert [rate.take("a"), rate.take("a")] == [0, 1.0]
    now[0] = 1000.0
    assert [rate.take("a") for _ in range(4)] == [0, 0, 0, 1.0]


def test_clients_are_forgotten_rather_than_kept_forever():
    rate = RateLimit(60, 1, clock=lambda: 0.0)
    for number in range(6000):
        rate.take(str(number))
    assert rate.take("5999") > 0 and rate.take("0") == 0
    assert len(rate._buckets) == 4096


def test_who_asks_too_often_waits():
    guard = Guard(echo, limits=Limits(per_minute=1, burst=2))
    assert [call(guard)[0] for _ in range(3)] == [200, 200, 429]
    status, headers, body = call(guard)
    assert 1 <= int(headers["retry-after"]) <= 60
    assert headers["retry-after"] in json.loads(body)["error"]
    assert call(guard, client="10.0.0.2")[0] == 200


def test_one_owner_of_many_addresses_is_one_client():
    guard = Guard(echo, limits=Limits(per_minute=1, burst=1))
    assert call(guard, client="2001:db8::1")[0] == 200
    assert call(guard, client="2001:db8:0:0:ffff::2")[0] == 429
    assert call(guard, client="2001:db8:0:1::1")[0] == 200
    assert call(guard, client="fe80::1%eth0")[0] == 200


def test_web_sockets_are_closed_and_the_start_is_passed_on():
    begun = []

    async def app(scope, receive, send):
        begun.append(scope["type"])

    assert connect(Guard(app)) == "websocket.close"
    asyncio.run(Guard(app)({"type": "lifespan"}, None, None))
    assert begun == ["lifespan"]


def connect(guard, headers=HOME, query=""):
    """Open a WebSocket; return the first thing that is said."""
    said = []

    async def send(message):
        said.append(message["type"])

    scope = {"type": "websocket", "path": "/", "query_string": query.encode()}
    scope["headers"] = [(k.encode(), v.encode()) for k, v in headers.items()]
    asyncio.run(guard({"client": ("10.0.0.1", 1)} | scope, None, send))
    return said[0]


async def accept(scope, receive, send):
    await send({"type": "websocket.accept"})


def test_web_sockets_are_guarded_like_requests():
    guard, ours = (
        Guard(accept, sockets=True),
        HOME | {"origin": f"http://{HOME['host']}"},
    )
    assert connect(guard, ours) == "websocket.accept"
    assert connect(guard, HOME) == "websocket.accept"  # no browser
    for wrong in (
        {"host": "evil.com"},
        HOME | {"origin": "http://evil.com"},
        HOME | {"origin": "null"},
    ):
        assert connect(guard, wrong) == "websocket.close"


def test_web_sockets_need_the_token_and_permits():
    limits = Limits(per_minute=1, burst=6)
    guard = Guard(accept, local=False, token=TOKEN, sockets=True, limits=limits)
    assert connect(guard) == connect(guard, query=f"token={TOKEN}") == "websocket.close"
    assert connect(guard, HOME | {"cookie": "token=x"}) == "websocket.close"
    kept = HOME | {"cookie": f"token={TOKEN}"}
    assert connect(guard, kept) == "websocket.accept"
    bearer = HOME | {"authorization": f"Bearer {TOKEN}"}
    assert connect(guard, bearer) == "websocket.accept"
    assert connect(guard) == "websocket.close"
    assert connect(guard, bearer) == "websocket.close"  # too many


def test_headers_can_be_others():
    found = call(Guard(echo, headers={"permissions-policy": "camera=(self)"}))[1]
    assert found["permissions-policy"] == "camera=(self)"
    assert found["x-frame-options"] == "DENY"


def test_names_of_hosts():
    assert all(map(is_loopback, ["127.8.8.8", "::1", "[::1]", "LocalHost"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "127.1.evil", "", "128.0.0.1"]))
    names = ["a:80", "a", "[::1]:80", "[::1]", "a:b", ":80"]
    assert list(map(host_name, names)) == ["a", "a", "[::1]", "[::1]", "a:b", ""]
    assert web_address("127.0.0.1", 80) == "http://127.0.0.1:80/"
    assert web_address("::", 8760) == "http://[::1]:8760/"
    assert web_address("0.0.0.0", 1) == "http://127.0.0.1:1/"
