"""The page and its JSON: a FastAPI application over a desk that writes couplets."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from common.web.answers import make_application
from common.web.model_thread import ModelThread
from common.web.page_files import CHECKED, add_page
from projects.couplet.decoding.request import Request
from projects.couplet.web.page_text import PAGE
from projects.couplet.web.web_font import media_type

MOST_CANDIDATES = 20
_LONGEST = 200  # characters of one field; what a line may be, the writer says


class Desk(Protocol):
    """Whoever answers; every answer can be written as JSON."""

    def about(self) -> dict[str, Any]:
        """Return what the page has to know before the first question."""

    def answer(self, first: str, request: Request) -> dict[str, Any]:
        """Return second lines for a first one."""

    def check(self, first: str, second: str) -> dict[str, Any]:
        """Return what there is to say about a pair, or about a first line alone."""

    def write_both(
        self, *, theme: str, length: int, first_char: str, count: int, seed: int
    ) -> dict[str, Any]:
        """Return whole couplets, written from nothing."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AnswerBody(_Body):
    """A first line, and what is asked of the second."""

    first: str = Field(max_length=_LONGEST, description="the first line, 上联")
    candidates: int = Field(
        5, ge=1, le=MOST_CANDIDATES, description="how many second lines"
    )
    pattern: str = Field(
        "", max_length=_LONGEST, description="characters to keep, 明月___; _ is free"
    )
    forbidden: str = Field(
        "", max_length=_LONGEST, description="characters that must not be written"
    )
    tones: str = Field("soft", max_length=10, description="soft, strict or off")
    acrostic: str = Field(
        "", max_length=_LONGEST, description="its characters begin the clauses, 嵌字"
    )


class CheckBody(_Body):
    """A pair to judge; without a second line, the first one alone."""

    first: str = Field(max_length=_LONGEST, description="the first line, 上联")
    second: str = Field("", max_length=_LONGEST, description="the second line, 下联")


class WriteBothBody(_Body):
    """What a couplet from nothing is to be about."""

    theme: str = Field("", max_length=_LONGEST, description="a few characters, 春")
    length: Literal[5, 7] = Field(7, description="characters of a line")
    first_char: str = Field("", max_length=8, description="how the first line begins")
    count: int = Field(5, ge=1, le=MOST_CANDIDATES, description="how many couplets")
    seed: int = Field(0, ge=0, lt=2**32, description="another one, other couplets")


def make_app(
    desk: Desk, thread: ModelThread, *, font: bytes | None = None, page: Path = PAGE
) -> FastAPI:
    """Return the application, to be put behind a `guards.Guard`.

    Args:
        desk: who answers; called in the thread only.
        thread: where; it ends with the application.
        font: for characters that the browser cannot show.
        page: the folder of the page.
    """
    app = make_application(
        "The couplet writer",
        "Second lines (下联) for first lines (上联), with reasons.",
        _ending(thread),
    )
    _add_questions(app, desk, thread)
    _add_font(app, font)
    add_page(app, page)
    return app


def _add_questions(app: FastAPI, desk: Desk, thread: ModelThread) -> None:
    @app.get("/api/about")
    async def about() -> dict[str, Any]:
        """What this server can do."""
        return await thread.run(desk.about)

    @app.post("/api/answer")
    async def answer(body: AnswerBody) -> dict[str, Any]:
        """Second lines for a first one, the best first."""
        request = Request(**body.model_dump(exclude={"first"}))
        return await thread.run(desk.answer, body.first, request)

    @app.post("/api/check")
    async def check(body: CheckBody) -> dict[str, Any]:
        """The rules, tones and antithesis of a pair."""
        return await thread.run(desk.check, body.first, body.second)

    @app.post("/api/from-nothing")
    async def write_both(body: WriteBothBody) -> dict[str, Any]:
        """Couplets of which both lines are written."""
        return await thread.run(desk.write_both, **body.model_dump())


def _add_font(app: FastAPI, font: bytes | None) -> None:
    @app.get("/font.css", include_in_schema=False)
    async def font_style() -> Response:
        face = '@font-face { font-family: "Couplet"; src: url("/font"); }'
        headers = {"cache-control": CHECKED}
        return Response(face if font else "", media_type="text/css", headers=headers)

    @app.get("/font", include_in_schema=False)
    async def font_file() -> Response:
        if font is None:
            raise HTTPException(404, "This machine has no Chinese font.")
        headers = {"cache-control": "private, max-age=86400"}
        return Response(font, media_type=media_type(font), headers=headers)


def _ending(thread: ModelThread) -> Callable:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        thread.close()

    return lifespan
