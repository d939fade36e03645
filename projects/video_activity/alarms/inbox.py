"""What waits for a thread: a few frames, many notices, and never more."""

import collections
import threading
from typing import Any

MOST_FRAMES = 32
MOST_NOTICES = 1_000


class Inbox:
    """A queue with a bound for each of two kinds of items; the order is kept."""

    def __init__(self) -> None:
        """Begin empty and open."""
        self._items: collections.deque[tuple[bool, Any]] = collections.deque()
        self._counts = {True: 0, False: 0}
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: Any, *, frame: bool = False, wait: bool = False) -> bool:
        """Add an item at the end.

        Args:
            item: What another thread takes.
            frame: Of which kind it is.
            wait: Whether to wait for room, rather than to drop the item.

        Returns:
            Whether there was room.
        """
        most = MOST_FRAMES if frame else MOST_NOTICES
        with self._changed:
            if wait:
                self._changed.wait_for(
                    lambda: self._closed or self._counts[frame] < most
                )
            if self._closed or self._counts[frame] >= most:
                return False
            self._items.append((frame, item))
            self._counts[frame] += 1
            self._changed.notify_all()
            return True

    def take(self, patience: float) -> Any:
        """Wait for the next item; None once the box is closed and empty.

        Raises:
            TimeoutError: None came within so many seconds.
        """
        with self._changed:
            if not self._changed.wait_for(
                lambda: self._closed or self._items, patience
            ):
                raise TimeoutError
            if not self._items:
                return None
            frame, item = self._items.popleft()
            self._counts[frame] -= 1
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """Take no more items; those that are in it are still given out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def notices(self) -> int:
        """How many notices wait."""
        return self._counts[False]
