"""Cameras of the network, for tests: Motion JPEG over HTTP, MPEG-TS over RTSP."""

import contextlib
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, handler: type, **camera: Any):
        self.camera, self.visits, self.stopped = camera, 0, threading.Event()
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Be silent about viewers that leave."""


class _Handler(socketserver.StreamRequestHandler):
    def setup(self) -> None:
        super().setup()
        self.server.visits += 1
        self.server.open.add(self.request)

    def read_request(self) -> list[str]:
        lines = []
        while line := self.rfile.readline().decode().strip():
            lines.append(line)
        return lines

    def pause(self, seconds: float) -> None:
        if self.server.stopped.wait(seconds):
            raise ConnectionAbortedError


class MotionJpeg(_Handler):
    """Sends `jpegs`, in turn, at `rate`; after `most` frames it is `silent` or ends."""

    def handle(self) -> None:
        camera = self.server.camera
        self.read_request()
        self.wfile.write(
            b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=x\r\n"
            b"\r\n"
        )
        for number in range(camera.get("most", 10**9)):
            jpeg = camera["jpegs"][number % len(camera["jpegs"])]
            self.wfile.write(
                b"--x\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                % len(jpeg)
                + jpeg
                + b"\r\n"
            )
            self.pause(1 / camera["rate"])
        if camera.get("silent"):
            self.pause(60)


class Silent(_Handler):
    """Takes connections and says nothing."""

    def handle(self) -> None:
        self.pause(60)


class Rtsp(_Handler):
    """Sends `stream`, an MPEG-TS of `seconds`, over RTP inside the RTSP connection."""

    _SDP = "v=0\r\ns=camera\r\nm=video 0 RTP/AVP 33\r\na=control:track1\r\n"

    def handle(self) -> None:
        while lines := self.read_request():
            method, address, _ = lines[0].split()
            number = next(x for x in lines if x.lower().startswith("cseq"))
            answer = ["RTSP/1.0 200 OK", number, "Session: 1"]
            body = ""
            if method == "OPTIONS":
                answer.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
            elif method == "DESCRIBE":
                body = self._SDP
                answer += [f"Content-Base: {address}/", "Content-Type: application/sdp"]
                answer.append(f"Content-Length: {len(body)}")
            elif method == "SETUP":
                answer.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
            self.wfile.write("\r\n".join([*answer, "", body]).encode())
            if method == "PLAY":
                self._play()
            if method in ("PLAY", "TEARDOWN"):
                return

    def _play(self) -> None:
        camera = self.server.camera
        stream, seconds = camera["stream"], camera["seconds"]
        size = 7 * 188
        step = seconds * size / len(stream)
        begun = time.monotonic()
        for number, place in enumerate(range(0, len(stream), size)):
            data = stream[place : place + size]
            stamp = int(number * step * 90000)
            head = struct.pack("!BBHII", 0x80, 33, number & 0xFFFF, stamp, 1)
            packet = head + data
            self.wfile.write(struct.pack("!cBH", b"$", 0, len(packet)) + packet)
            self.pause(max(0, begun + number * step - time.monotonic()))
        if camera.get("silent"):
            self.pause(60)


@contextlib.contextmanager
def serve(handler: type, port: int = 0, **camera: Any) -> Iterator[_Server]:
    """Run a camera; `server.server_address[1]` is its port."""
    server = _Server(port, handler, **camera)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        for connection in list(server.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        server.server_close()
        thread.join()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
