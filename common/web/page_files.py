"""The files of a page, and the description of its calls, as answers."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from common.web.api_description import describe_calls

CHECKED = "no-cache"  # kept by the browser, and asked about each time
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_TEMPLATE = "description.html"
_SHARED = Path(__file__).with_name("page")  # what all pages may use


def add_page(app: FastAPI, folder: Path) -> None:
    """Serve a page; last of all, because it takes every name that is left.

    Args:
        app: Answers at `/`, at `/api` and to the names of the files.
        folder: Has `index.html`, and `description.html` with __CALLS__ where the
            calls belong. What is in folders within is not served. Beside its own
            files a page has those of `common/web/page`.
    """
    found = [*_SHARED.iterdir(), *folder.iterdir()]
    files = {path.name: path for path in found if path.suffix in _TYPES}
    del files[_TEMPLATE]

    def send(name: str) -> Response:
        kind = f"{_TYPES[files[name].suffix]}; charset=utf-8"
        headers = {"cache-control": CHECKED}
        return Response(files[name].read_bytes(), media_type=kind, headers=headers)

    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return send("index.html")

    @app.get("/api", include_in_schema=False)
    async def description() -> Response:
        template = (folder / _TEMPLATE).read_text(encoding="utf-8")
        text = describe_calls(app.openapi(), template)
        return Response(text, media_type="text/html; charset=utf-8")

    @app.get("/{name}", include_in_schema=False)
    async def file(name: str) -> Response:
        if name not in files:
            raise HTTPException(404, "There is no such page.")
        return send(name)
