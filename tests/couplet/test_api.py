"""The calls of the page, over a real connection, with a writer without a model."""

import html
import json
import logging
import re

import pytest

from common.errors import UserError
from projects.couplet.decoding.request import Request
from projects.couplet.web.desk import Desk
from tests.couplet.toy_writer import ToyAnswer, ToyWriter

pytest.importorskip("fastapi")
from common.web.bodies import Limits  # noqa: E402
from common.web.guards import HEADERS, Guard  # noqa: E402
from common.web.model_thread import ModelThread  # noqa: E402
from projects.couplet.web.api import make_app  # noqa: E402
from tests.live_server import ask, request, running  # noqa: E402

FONT = b"wOFFnot really"


class Writer(ToyWriter):
    """Knows what a pair is worth, and refuses what contradicts a rule."""

    def answer(self, line, request=None):
        if request and "X" in request.pattern:
            raise UserError("Expected a pattern\nof this line. Received: X.")
        if line == "坏":
            raise RuntimeError("secret of the inside")
        return super().answer(line, request)

    def score(self, first, second):
        return ToyAnswer(second, -0.5)


def write_first_lines(*, length, theme, first_char, count, seed):
    if theme == "无":
        raise UserError("Expected another theme. Received: 无.")
    return [(first_char or "风云三尺剑"[n % 3]) * length for n in range(count)]


@pytest.fixture(scope="module")
def writer():
    return Writer()


@pytest.fixture(scope="module")
def port(writer):
    app = make_app(Desk(writer, write_first_lines), ModelThread(), font=FONT)
    limits = Limits(burst=10_000)
    with running(Guard(app, limits=limits)) as port:
        yield port


def test_a_line_is_answered_with_cards(port, writer):
    body = {
        "first": "风云,三尺剑",
        "candidates": 3,
        "pattern": "花___",
        "forbidden": "月",
        "tones": "strict",
        "acrostic": "春",
    }
    status, told = ask(port, "/api/answer", body)
    assert status == 200 and told["first"] == "风云，三尺剑"
    assert [card["second"] for card in told["cards"]][0] == "花鸟，一床书"
    assert len(told["cards"]) == 3
    expected = writer.antithesis.strengths("风云，三尺剑", "花鸟，一床书")
    assert told["cards"][0]["antithesis"] == expected and any(expected)
    assert {f["rule"] for f in told["cards"][0]["findings"]} >= {"equal length"}
    assert len(told["cards"][0]["attention"]) == 6
    asked = Request(3, pattern="花___", forbidden="月", tones="strict", acrostic="春")
    assert writer.asked[-1] == ("风云，三尺剑", asked)
    assert "平水韵" in told["tone_source"]


def test_a_broken_first_line_and_rare_characters_are_told(port):
    told = ask(port, "/api/answer", {"first": "风龘天"})[1]
    assert any("龘" in note for note in told["notes"])
    assert any("仄" in note for note in told["notes"])  # 天 is 平


def test_a_pair_is_judged(port):
    status, told = ask(port, "/api/check", {"first": "风云", "second": "花鸟"})
    assert status == 200 and told["cards"][0]["score"] == -0.5
    assert all(f["passed"] for f in told["cards"][0]["findings"][:4])


def test_a_pair_that_cannot_be_compared_is_judged_all_the_same(port):
    told = ask(port, "/api/check", {"first": "风云", "second": "花，鸟"})[1]
    card = told["cards"][0]
    passed = {f["rule"]: f["passed"] for f in card["findings"]}
    assert passed["equal length"] is False and card["score"] is None
    assert card["second"] == "花，鸟"


def test_a_first_line_alone_is_judged(port):
    told = ask(port, "/api/check", {"first": "风云三尺剑", "second": " "})[1]
    assert told["cards"][0]["second"] == ""
    assert [f["rule"] for f in told["cards"][0]["findings"]][0] == "ends on 仄"


def test_both_lines_are_written_the_best_first(port):
    body = {"length": 5, "first_char": "山", "count": 2, "seed": 3}
    status, told = ask(port, "/api/from-nothing", body)
    assert status == 200 and len(told["cards"]) == 2
    assert told["cards"][0]["first"] == "山山山山山"
    scores = [card["score"] for card in told["cards"]]
    assert scores == sorted(scores, reverse=True)
    assert ask(port, "/api/from-nothing", {"theme": "无"})[0] == 422


def test_without_a_poet_that_is_said():
    app = Guard(make_app(Desk(Writer()), ModelThread()))
    with running(app) as port:
        assert json.loads(request(port, "GET", "/api/about")[2])["write_both"] is False
        status, told = ask(port, "/api/from-nothing", {})
        assert status == 422 and "train_poems.py" in told["error"]
        assert request(port, "GET", "/font")[0] == 404
        assert request(port, "GET", "/font.css")[2] == b""


@pytest.mark.parametrize(
    "first",
    [
        "",
        "   ",
        "，。！",
        "hello",
        "风云🐉",
        "风\x00云",
        "风\n云\x1b[31m",
        "\ud800",
        "剑" * 33,
        "剑" * 201,
        "<script>alert(1)</script>",
        "风云3",
    ],
    ids=ascii,
)
def test_what_is_no_line_is_refused_in_one_line(port, first):
    for path in ("/api/answer", "/api/check"):
        status, told = ask(port, path, {"first": first})
        assert status == 422 and set(told) == {"error"}
        assert told["error"] and "\n" not in told["error"]
        assert len(told["error"]) < 300


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"first": 5}',
        b'{"first": null}',
        b'{"first": ["a"]}',
        b'{"first": "\xe5\x89\x91", "candidates": 0}',
        b'{"first": "\xe5\x89\x91", "candidates": 21}',
        b'{"first": "\xe5\x89\x91", "candidates": 1e999}',
        b'{"first": "\xe5\x89\x91", "candidates": NaN}',
        b'{"first": "\xe5\x89\x91", "tones": "loud"}',
        b'{"first": "\xe5\x89\x91", "pattern": "X"}',
        b'{"first": "\xe5\x89\x91", "beams": 5}',
        b'{"first": "\xe5\x89\x91", "forbidden": "\\ud800"}',
    ],
    ids=ascii,
)
def test_malformed_questions_are_refused_in_one_line(port, body):
    status, told = ask(port, "/api/answer", body)
    assert status == 422 and set(told) == {"error"}
    assert told["error"] and "\n" not in told["error"] and len(told["error"]) < 300


def test_json_without_a_bottom_is_refused(port):
    status, told = ask(port, "/api/answer", b"[" * 16_000)
    assert status in (400, 422) and set(told) == {"error"}


def test_a_fault_of_ours_tells_nothing_of_the_inside(port):
    told_to_us, handler = [], logging.Handler()
    handler.emit = lambda record: told_to_us.append(str(record.exc_info))
    logging.getLogger("uvicorn.error").addHandler(handler)
    status, told = ask(port, "/api/answer", {"first": "坏"})
    assert status == 500 and "secret" not in told["error"]
    assert ask(port, "/api/answer", {"first": "剑"})[0] == 200
    logging.getLogger("uvicorn.error").removeHandler(handler)
    assert "secret of the inside" in "".join(told_to_us)  # but the terminal does


def test_too_long_and_of_another_kind(port):
    assert request(port, "POST", "/api/answer", b"x" * 16_385)[0] == 413
    assert (
        request(port, "POST", "/api/answer", b"{}", content_type="text/plain")[0] == 415
    )
    assert request(port, "GET", "/", host="evil.com")[0] == 403
    assert request(port, "GET", "/api/about", origin="http://evil.com")[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/description.html",
        "/..",
        "/../api.py",
        "/%2e%2e/api.py",
        "/..%2fapi.py",
        "/page/index.html",
        "/docs",
        "/redoc",
        "/openapi.json",
    ],
)
def test_only_the_files_of_the_page_are_served(port, path):
    status, _, content = request(port, "GET", path)
    assert status == 404 and set(json.loads(content)) == {"error"}


def test_the_page_names_nothing_outside(port):
    index = request(port, "GET", "/")[2].decode()
    names = re.findall(r'(?:src|href)="([^"]*)"', index)
    for name in names:
        status, headers, content = request(port, "GET", name)
        assert status == 200 and HEADERS.items() - headers.items() <= {
            ("cache-control", "no-store")
        }
        text = content.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|innerHTML|outerHTML|eval\(", text)
    assert {"/page.js", "/page.css", "/font.css"} <= set(names)
    assert "style=" not in index and not re.search(r"\son\w+=", index)


def test_the_font_is_served(port):
    status, headers, content = request(port, "GET", "/font")
    assert (status, headers["content-type"], content) == (200, "font/woff", FONT)
    assert b'url("/font")' in request(port, "GET", "/font.css")[2]


def test_the_calls_are_described_to_people_and_programs(port):
    schema = json.loads(request(port, "GET", "/api/description")[2])
    calls = {"/api/about", "/api/answer", "/api/check", "/api/from-nothing"}
    assert set(schema["paths"]) == calls
    page = html.unescape(request(port, "GET", "/api")[2].decode())
    for word in (
        *calls,
        "candidates",
        "integer 1 to 20",
        "integer 5 or 7",
        "first_char",
        "明月___",
    ):
        assert word in page
    assert "__CALLS__" not in page and "<script" not in page
