"""The calls of the page: a FastAPI application over a desk."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Header, Query, Request
from fastapi import Path as InAddress
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from common.web.answers import make_application
from common.web.bodies import UploadLimits
from common.web.page_files import add_page
from projects.video_activity.web.analysis import Analysis
from projects.video_activity.web.camera_socket import add_camera_socket
from projects.video_activity.web.desk import Desk
from projects.video_activity.web.media import media_type

PAGE = Path(__file__).with_name("page")
UPLOADS = "/api/sources"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self';"
        " img-src 'self' blob:; media-src 'self' blob:; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}
_LONGEST_NAME = 200
_TIDY_SECONDS = 20.0

Id = Annotated[str, InAddress(description="id of a source, out of the list")]
EventId = Annotated[str, InAddress(description="id of an event of it")]
Time = Annotated[
    float | None, Query(ge=0, description="seconds; without it the newest picture")
]
After = Annotated[int, Query(ge=0, description="number of the last message known")]
Name = Annotated[
    str, Query(max_length=1000, description="what to call the video on the page")
]


def upload_limits(megabytes: float) -> dict[str, UploadLimits]:
    """Return what the guard has to know of uploads."""
    return {UPLOADS: UploadLimits(int(megabytes * 1_000_000), seconds=3600.0)}


def make_app(desk: Desk, *, page: Path = PAGE) -> FastAPI:
    """Return the application, to be put behind a `Guard`.

    Args:
        desk: Who answers; it begins and ends with the application.
        page: The folder of the page.
    """
    app = make_application(
        "The activity watcher",
        "What goes on in videos and before cameras, window by window.",
        _lifespan(desk),
    )
    _add_sources(app, desk)
    _add_pictures(app, desk)
    add_camera_socket(app, desk)
    add_page(app, page)
    return app


def _add_sources(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/about")
    async def about() -> dict[str, Any]:
        """What this server can do, and what it takes."""
        return desk.about()

    @app.get(UPLOADS)
    async def sources() -> list[dict[str, Any]]:
        """All cameras and videos that are here."""
        return desk.sources()

    @app.post(UPLOADS, status_code=201)
    async def upload(request: Request, name: Name = "video") -> dict[str, Any]:
        """Bring a video: the body is the file, of type application/octet-stream."""
        video = await desk.library.receive(_plain(name), _parts(request))
        return video.summary()

    @app.get("/api/sources/{source}")
    async def report(source: Id) -> dict[str, Any]:
        """All that is known of a source: state, verdicts, stretches, events."""
        return _find(desk, source).report()

    @app.delete("/api/sources/{source}")
    async def remove(source: Id) -> dict[str, Any]:
        """Forget a video: its file, its pictures, what was said of it."""
        if not desk.remove(source):
            raise HTTPException(404, "There is no such video.")
        return {"removed": source}

    @app.get("/api/sources/{source}/events")
    async def events(
        source: Id,
        after: After = 0,
        last_event_id: Annotated[int, Header(ge=0, include_in_schema=False)] = 0,
    ) -> Response:
        """Server-sent events as they come: state, verdict, stretch, event."""
        found = _find(desk, source)
        told = _stream(found, max(after, last_event_id))
        return StreamingResponse(told, media_type="text/event-stream")


def _add_pictures(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/sources/{source}/picture")
    async def picture(source: Id, time: Time = None) -> Response:
        """A JPEG of what was seen at a time; header x-time tells which it is."""
        found = await asyncio.to_thread(_find(desk, source).pictures.at, time)
        if found is None:
            raise HTTPException(404, "There is no picture yet.")
        headers = {"x-time": f"{found[0]:.3f}"}
        return Response(found[1], media_type="image/jpeg", headers=headers)

    @app.get("/api/sources/{source}/file")
    async def file(source: Id) -> Response:
        """The video as it was brought; parts of it by the header Range."""
        _find(desk, source)
        path = desk.library.file(source)
        if path is None:
            raise HTTPException(404, "A camera has no file.")
        return FileResponse(path, media_type=media_type(path))

    @app.get("/api/sources/{source}/clips/{event}")
    async def clip(source: Id, event: EventId) -> Response:
        """The clip that the alarms' action `clip` saved of an incident."""
        path = _find(desk, source).clip(event)
        if path is None or not path.is_file():
            raise HTTPException(404, "There is no such clip.")
        return FileResponse(path, media_type=media_type(path), filename=path.name)


def _find(desk: Desk, name: str) -> Analysis:
    found = desk.find(name)
    if found is None:
        raise HTTPException(404, "There is no such source; it may have been removed.")
    found.touch()
    return found


async def _parts(request: Request) -> AsyncIterator[bytes]:
    async for part in request.stream():
        yield part


async def _stream(source: Analysis, after: int) -> AsyncIterator[str]:
    async for number, message in source.feed.follow(after):
        if message is None:
            yield ": still here\n\n"  # so that a reader who has gone is noticed
        else:
            yield f"id: {number}\ndata: {json.dumps(message)}\n\n"
    yield "event: end\ndata: {}\n\n"


def _plain(name: str) -> str:
    """Return a name in one line of printable characters."""
    line = "".join(c if c.isprintable() else " " for c in name[:_LONGEST_NAME])
    return " ".join(line.split()) or "video"


def _lifespan(desk: Desk) -> Callable:
    async def tidy() -> None:
        while True:
            await asyncio.sleep(_TIDY_SECONDS)
            desk.tidy()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        desk.cameras.start()
        tidying = asyncio.create_task(tidy())
        yield
        tidying.cancel()
        with suppress(asyncio.CancelledError):
            await tidying
        desk.close()

    return lifespan
