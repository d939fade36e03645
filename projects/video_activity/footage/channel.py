"""Messages between two processes: a small JSON head and, for a frame, its bytes."""

import json
import math
import socket
import struct
from typing import Any

import numpy as np

_LENGTH = struct.Struct("!I")
_LONGEST_HEAD = 1 << 16
_BUFFER = 1 << 20


class ChannelClosed(Exception):
    """The other side is gone, or speaks nonsense."""


class Channel:
    """One end of a socket between parent and child."""

    def __init__(self, connection: socket.socket, largest: int = 1 << 30):
        """Take over a connected stream socket.

        Args:
            connection: The socket; closed by `close`.
            largest: Bytes of the largest image that is taken from the other side.
        """
        self._connection, self._largest = connection, largest
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            connection.setsockopt(socket.SOL_SOCKET, option, _BUFFER)

    def send(self, head: dict[str, Any], image: np.ndarray | None = None) -> None:
        """Send a message; waits while the other side does not read.

        Args:
            head: Values that JSON takes.
            image: uint8, any shape, C-contiguous.

        Raises:
            ChannelClosed: The other side is gone.
        """
        if image is not None:
            head = head | {"shape": image.shape}
        text = json.dumps(head).encode()
        try:
            self._connection.sendall(_LENGTH.pack(len(text)) + text)
            if image is not None:
                self._connection.sendall(image.data.cast("B"))
        except OSError as error:
            raise ChannelClosed(str(error)) from None

    def receive(
        self, timeout: float | None = None
    ) -> tuple[dict[str, Any], np.ndarray | None]:
        """Wait for a message.

        Args:
            timeout: Seconds to wait for each part of it; None: for ever.

        Returns:
            The head, and the image if one came with it.

        Raises:
            TimeoutError: Nothing came in time.
            ChannelClosed: The other side is gone, or sent what is no message.
        """
        self._connection.settimeout(timeout)
        (length,) = _LENGTH.unpack(self._bytes(_LENGTH.size))
        if length > _LONGEST_HEAD:
            raise ChannelClosed(f"a head of {length} bytes")
        try:
            head = json.loads(self._bytes(length))
            shape = tuple(map(int, head["shape"])) if "shape" in head else None
        except (ValueError, TypeError, RecursionError) as error:
            raise ChannelClosed(f"broken head: {error}") from None
        return head, None if shape is None else self._image(shape)

    def hang_up(self) -> None:
        """Have both sides' `receive` end, also one that waits in another thread."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was faster

    def close(self) -> None:
        """Hang up and free the socket."""
        self.hang_up()
        self._connection.close()

    def _image(self, shape: tuple[int, ...]) -> np.ndarray:
        if min(shape, default=0) < 1 or math.prod(shape) > self._largest:
            raise ChannelClosed(f"an image of shape {shape}")
        image = np.empty(shape, np.uint8)
        self._fill(image.data.cast("B"))
        return image

    def _bytes(self, count: int) -> bytes:
        place = bytearray(count)
        self._fill(memoryview(place))
        return bytes(place)

    def _fill(self, place: memoryview) -> None:
        while place:
            try:
                count = self._connection.recv_into(place)
            except TimeoutError:
                raise
            except OSError as error:
                raise ChannelClosed(str(error)) from None
            if not count:
                raise ChannelClosed("the other side has closed")
            place = place[count:]
