"""A WebSocket for the camera of a browser: pictures in, verdicts out."""

import asyncio
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from common.errors import UserError
from common.web.model_thread import OverloadError
from projects.video_activity.web.desk import Desk
from projects.video_activity.web.visitors import Visitor

MESSAGE_BYTES = 1_000_000  # of one picture
PATH = "/api/camera"
_TRY_LATER, _WRONG_DATA, _GOING = 1013, 1007, 1001
_MOST_WRONG = 20  # pictures in a row that are none
_REASON_BYTES = 120  # of the reason for which a WebSocket is closed
_SILENT_SECONDS = 30.0
_GONE = (WebSocketDisconnect, RuntimeError)  # whoever sends to one that has gone


def add_camera_socket(app: FastAPI, desk: Desk) -> None:
    """Answer at `PATH`.

    The browser sends JPEG pictures as binary messages. It gets JSON: first
    {"kind": "begin", "id": ...}, then what is said as for any other source.
    """

    @app.websocket(PATH)
    async def camera(socket: WebSocket) -> None:
        await socket.accept()
        try:
            visitor = desk.visitors.enter()
        except OverloadError as error:
            await socket.close(_TRY_LATER, str(error))
            return
        try:
            await _serve(socket, visitor)
        finally:
            desk.visitors.leave(visitor)


async def _serve(socket: WebSocket, visitor: Visitor) -> None:
    await socket.send_json({"kind": "begin", "id": visitor.analysis.id})
    tasks = [
        asyncio.create_task(_tell(socket, visitor)),
        asyncio.create_task(_listen(socket, visitor)),
    ]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception) and not isinstance(result, _GONE):
            raise result
    with suppress(*_GONE):
        await socket.close(_GOING)


async def _tell(socket: WebSocket, visitor: Visitor) -> None:
    async for _, message in visitor.analysis.feed.follow():
        if message is not None:
            await socket.send_json(message)


async def _listen(socket: WebSocket, visitor: Visitor) -> None:
    wrong = 0
    while True:
        try:
            async with asyncio.timeout(_SILENT_SECONDS):
                data = await socket.receive_bytes()
        except (TimeoutError, KeyError):  # silent, or text instead of a picture
            return
        try:
            await asyncio.to_thread(visitor.show, data)
            wrong = 0
        except UserError as error:
            wrong += 1
            if wrong >= _MOST_WRONG:
                reason = str(error).encode()[:_REASON_BYTES].decode(errors="ignore")
                await socket.close(_WRONG_DATA, reason)
                return
