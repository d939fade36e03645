"""The files of a page, its calls for people, and errors in one form."""

import html
from typing import Annotated

import pytest

pytest.importorskip("fastapi")
from fastapi import FastAPI, Path, Query  # noqa: E402
from pydantic import BaseModel, Field  # noqa: E402

from common.errors import UserError  # noqa: E402
from common.web.answers import AsciiJson, tell_errors  # noqa: E402
from common.web.guards import Guard  # noqa: E402
from common.web.page_files import add_page  # noqa: E402
from common.web.refusals import RefusedError  # noqa: E402
from tests.live_server import ask, request, running  # noqa: E402


class Body(BaseModel):
    count: int = Field(5, ge=1, le=20, description="how many & why")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<p>Hello</p>")
    (folder / "description.html").write_text("<h1>Calls</h1>__CALLS__")
    (folder / "page.js").write_text("let a;")
    (folder / "notes.txt").write_text("secret")
    (folder / "inner").mkdir()
    (folder / "inner" / "page.js").write_text("secret")
    app = FastAPI(default_response_class=AsciiJson)
    tell_errors(app)

    @app.post("/api/count")
    async def count(body: Body) -> dict[str, str]:
        """Counts."""
        raise UserError("Expected\n less.") if body.count == 13 else RuntimeError

    @app.get("/api/{name}/look")
    async def look(
        name: Annotated[str, Path(description="whose")],
        time: Annotated[float | None, Query(ge=0, description="when")] = None,
    ) -> dict[str, str]:
        """Looks <there>."""
        if name == "none":
            raise RefusedError(507, "Full.", retry_after="9")
        return {"name": name, "odd": "\ud800"}

    add_page(app, folder)
    with running(Guard(app)) as port:
        yield port


def test_only_files_of_the_page_and_of_all_pages_are_served(port):
    for name, kind in (("/", "html"), ("/page.js", "javascript")):
        status, headers, _ = request(port, "GET", name)
        assert status == 200 and kind in headers["content-type"]
        assert headers["cache-control"] == "no-cache"
    assert b"export function make" in request(port, "GET", "/elements.js")[2]
    for name in ("/notes.txt", "/description.html", "/inner/page.js", "/page_files.py"):
        assert request(port, "GET", name)[0] == 404


def test_calls_are_described_with_what_they_take(port):
    page = request(port, "GET", "/api")[2].decode()
    assert page.startswith("<h1>Calls</h1>") and "Looks &lt;there&gt;." in page
    rows = html.unescape(page.replace("</td><td>", "|").replace("<tr><td>", "\n"))
    for row in (
        "<code>count</code>|integer 1 to 20|5|how many & why",
        "<code>name</code>|string|needed|whose",
        "<code>time</code>|number|null|when",
    ):
        assert f"\n{row}</td></tr>" in rows


def test_errors_have_one_form(port):
    assert ask(port, "/api/count", {"count": 13}) == (422, {"error": "Expected less."})
    assert "count: " in ask(port, "/api/count", {"count": 0})[1]["error"]
    status, headers, told = request(port, "GET", "/api/none/look")
    assert (status, headers["retry-after"]) == (
        507,
        "9",
    ) and told == b'{"error":"Full."}'
    assert request(port, "GET", "/api/x/look")[2] == b'{"name":"x","odd":"\\ud800"}'
