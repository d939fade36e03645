"""Listening for a web application, and serving it until Ctrl-C."""

import asyncio
import importlib.util
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.errors import UserError
from common.web.hosts import web_address

if TYPE_CHECKING:
    import uvicorn

_SILENT_SECONDS = 15.0  # until a connection without a whole request is closed
_IDLE_SECONDS = 5  # between two requests
_STOP_SECONDS = 5  # for the answers under way after Ctrl-C
_CONNECTIONS = 256
_HEADER_BYTES = 16_384


def need_packages(extra: str, *packages: str) -> None:
    """Check that the packages of an extra are installed.

    Raises:
        UserError: one is missing.
    """
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise UserError(
                f"The package {package} must be installed for this program. Received:"
                f" none. Run: pip install '.[{extra}]'"
            )


def end_by_sigterm() -> None:
    """Take SIGTERM as Ctrl-C, so that what `with` cleans up is cleaned up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def listen(host: str, port: int) -> socket.socket:
    """Open the port of a server; 0 takes a free one.

    Raises:
        UserError: the port is taken or the host is none of this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=128)
    except (OSError, UnicodeError) as error:
        raise UserError(
            f"Expected a host of this machine and a free port. Received: {host} port"
            f" {port} ({getattr(error, 'strerror', None) or error}). Choose another"
            " --port; 0 takes a free one."
        ) from None


def page_address(host: str, listener: socket.socket, token: str, open_it: bool) -> str:
    """Return where the page is, and open it in a browser if that is wished.

    Args:
        host: As it was asked for.
        listener: What `listen` returned.
        token: What the browser has to bring; empty: nothing.
        open_it: Whether to open it; nobody waits for the browser.
    """
    address = web_address(host, listener.getsockname()[1])
    address += f"?token={token}" if token else ""
    if open_it:
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    return address


def make_server(
    app: Callable[..., Any],
    *,
    message_bytes: int = 0,
    before_stop: Callable[[], None] | None = None,
) -> "uvicorn.Server":
    """Return a server for an ASGI application, with bounds on what clients may do.

    Args:
        app: the application.
        message_bytes: of one message of a WebSocket at most; 0: there are none.
        before_stop: ends the answers that have no end of their own.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            if before_stop:
                before_stop()
            await super().shutdown(sockets)

    return Server(
        uvicorn.Config(
            app,
            http=_patient_protocol(),
            ws="websockets-sansio" if message_bytes else "none",
            ws_max_size=message_bytes,
            ws_per_message_deflate=False,  # pictures are small already
            log_level="error",
            access_log=False,
            proxy_headers=False,  # anybody can write them
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            h11_max_incomplete_event_size=_HEADER_BYTES,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )


def serve(app: Callable[..., Any], listener: socket.socket, **options: Any) -> None:
    """Serve an application until Ctrl-C, which lets answers under way finish.

    Args:
        app: the application.
        listener: where it is asked.
        options: see `make_server`.
    """
    try:
        make_server(app, **options).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # the server has stopped by then, and passes the key on


def _patient_protocol() -> type[asyncio.Protocol]:
    """Return uvicorn's protocol, which waits for requests, with an end to that."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class PatientProtocol(H11Protocol):
        """Closes a connection whose request does not come."""

        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait_for_request()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            upgraded = self.transport.get_protocol() is not self  # to a WebSocket
            if upgraded or self._answers():
                self._stop_waiting()
            elif self._timer is None:
                self._wait_for_request()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._stop_waiting()

        def _answers(self) -> bool:
            return self.cycle is not None and not self.cycle.response_complete

        def _wait_for_request(self) -> None:
            self._timer = self.loop.call_later(_SILENT_SECONDS, self._give_up)

        def _stop_waiting(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _give_up(self) -> None:
            self._timer = None
            if not self._answers():
                self.transport.close()

    return PatientProtocol
