"""An MQTT 3.1.1 broker that takes what is published, in few lines."""

import contextlib
import socketserver
import struct

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
PINGREQ, PINGRESP, DISCONNECT = 12, 13, 14


class Broker(socketserver.ThreadingTCPServer):
    """Takes publications with quality of service 1; `code` answers CONNECT."""

    allow_reuse_address = True

    def __init__(self, port=0, code=0):
        super().__init__(("127.0.0.1", port), _Session)
        self.code, self.acknowledges = code, True
        self.logins = []  # (user, password)
        self.published = []  # (topic, payload, retain)


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(ConnectionError, EOFError):
            while True:
                kind, flags, body = self._read_packet()
                if kind == CONNECT:
                    self.server.logins.append(_read_login(body))
                    self._write(CONNACK, bytes([0, self.server.code]))
                elif kind == PUBLISH:
                    self._take(flags, body)
                elif kind == PINGREQ:
                    self._write(PINGRESP, b"")
                elif kind == DISCONNECT:
                    return

    def _take(self, flags, body):
        length = struct.unpack_from(">H", body)[0]
        topic, rest = body[2 : 2 + length].decode(), body[2 + length :]
        if not self.server.acknowledges:
            return
        self.server.published.append((topic, rest[2:], bool(flags & 1)))
        self._write(PUBACK, rest[:2])

    def _read_packet(self):
        head, size, shift = self._read(1)[0], 0, 0
        while True:
            byte = self._read(1)[0]
            size |= (byte & 127) << shift
            shift += 7
            if not byte & 128:
                return head >> 4, head & 15, self._read(size)

    def _read(self, size):
        data = self.rfile.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def _write(self, kind, body):
        self.wfile.write(bytes([kind << 4, len(body)]) + body)


def _read_login(body):
    """Return user and password of CONNECT, None where they are not given."""
    flags, place, texts = body[7], 10, []
    while place < len(body):
        length = struct.unpack_from(">H", body, place)[0]
        texts.append(body[place + 2 : place + 2 + length].decode())
        place += 2 + length
    texts = [*texts[1:], None, None]  # the first is the name of the client
    return (texts[0] if flags & 128 else None, texts[1] if flags & 64 else None)
