"""Messages that any thread adds and any number of readers follow."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

Message = dict[str, Any]


class Feed:
    """A row of numbered messages; who comes late reads what was said before.

    Args:
        most: Messages that are kept; of more, the oldest are forgotten.
    """

    def __init__(self, most: int = 20_000):
        self._messages: deque[Message] = deque(maxlen=most)
        self._count, self._closed = 0, False
        self._lock = threading.Lock()
        self._readers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def add(self, message: Message) -> None:
        """Say something, in any thread."""
        with self._lock:
            if not self._closed:
                self._messages.append(message)
                self._count += 1
        self._wake()

    def close(self) -> None:
        """End the row: readers get what is left, and then their end."""
        self._closed = True
        self._wake()

    @property
    def count(self) -> int:
        """How many messages there were; the number of the last."""
        return self._count

    @property
    def readers(self) -> int:
        """How many follow."""
        return len(self._readers)

    async def follow(
        self, after: int = 0, patience: float = 10.0
    ) -> AsyncIterator[tuple[int, Message | None]]:
        """Yield messages as they come.

        Args:
            after: The number of the last message that is known; 0: all.
            patience: Seconds of silence after which None is yielded.

        Yields:
            The number of a message, from 1 on, and the message.
        """
        reader = (asyncio.get_running_loop(), asyncio.Event())
        self._readers.add(reader)
        try:
            while True:
                reader[1].clear()
                closed = self._closed  # before the look, or the last are missed
                for number, message in self._since(after):
                    after = number
                    yield number, message
                if closed:
                    return
                try:
                    async with asyncio.timeout(patience):
                        await reader[1].wait()
                except TimeoutError:
                    yield after, None
        finally:
            self._readers.discard(reader)

    def _since(self, after: int) -> list[tuple[int, Message]]:
        with self._lock:
            first = self._count - len(self._messages)
            skipped = max(0, min(after, self._count) - first)
            kept = list(self._messages)[skipped:]
            return list(enumerate(kept, start=first + skipped + 1))

    def _wake(self) -> None:
        for loop, event in list(self._readers):
            with contextlib.suppress(RuntimeError):  # its loop has ended
                loop.call_soon_threadsafe(event.set)
