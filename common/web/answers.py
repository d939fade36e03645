"""How applications answer: JSON in ASCII, and every error as {"error": one line}."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from common.errors import UserError
from common.web.model_thread import OverloadError
from common.web.refusals import RefusedError


class AsciiJson(JSONResponse):
    """JSON that holds any text, halves of surrogates too."""

    def render(self, content: Any) -> bytes:
        """Write JSON in ASCII; NaN is a fault of ours."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


def make_application(
    title: str,
    description: str,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """Return an application without calls that answers in this form.

    Args:
        title: Of its description, which stands under /api/description.
        description: One sentence.
        lifespan: What begins and ends with it.
    """
    app = FastAPI(
        title=title,
        description=description,
        openapi_url="/api/description",
        docs_url=None,  # these pages load what they show from elsewhere
        redoc_url=None,
        default_response_class=AsciiJson,
        lifespan=lifespan,
    )
    tell_errors(app)
    return app


def tell_errors(app: FastAPI) -> None:
    """Answer every error in one form: {"error": one line}."""

    def tell(status: int, line: str, **headers: str) -> Response:
        content = {"error": " ".join(line.split())}
        return AsciiJson(content, status_code=status, headers=headers)

    @app.exception_handler(UserError)
    async def mistake(_: Request, error: UserError) -> Response:
        return tell(422, str(error))

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or "the request"
        return tell(422, f"{where[:40]}: {first['msg']}. /api shows what is expected.")

    @app.exception_handler(HTTPException)
    async def refusal(_: Request, error: HTTPException) -> Response:
        return tell(error.status_code, str(error.detail))

    @app.exception_handler(RefusedError)
    async def refused(_: Request, error: RefusedError) -> Response:
        return tell(error.status, str(error), **error.headers)

    @app.exception_handler(OverloadError)
    async def overload(_: Request, error: OverloadError) -> Response:
        return tell(429, str(error), **{"retry-after": "3"})

    @app.exception_handler(TimeoutError)
    async def too_slow(_: Request, error: TimeoutError) -> Response:
        return tell(503, "The answer took too long. Try again in a few seconds.")

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> Response:
        return tell(500, "A fault of the server; its terminal shows which.")
