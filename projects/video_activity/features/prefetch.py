"""What comes next is prepared while the last is worked on."""

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
_END = object()


@contextlib.contextmanager
def ahead(items: Iterable[Item], count: int) -> Iterator[Iterator[Item]]:
    """Take items in another thread, up to `count` before they are asked for.

    Args:
        items: Used by that thread alone; closed at the end of the `with` block if
            it can be.
        count: How many may wait.

    Yields:
        The items in order; an error of `items` is raised where it would have been.
    """
    waiting: queue.Queue = queue.Queue(maxsize=count)
    stop = threading.Event()
    source = iter(items)

    def work() -> None:
        last: tuple[object, BaseException | None] = (_END, None)
        try:
            for item in source:
                if not _put(waiting, (item, None), stop):
                    return
        except BaseException as error:  # raised again where the items are taken
            last = (_END, error)
        finally:
            if hasattr(source, "close"):
                source.close()
        _put(waiting, last, stop)

    def take() -> Iterator[Item]:
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item

    thread = threading.Thread(target=work, daemon=True, name="prefetch")
    thread.start()
    try:
        yield take()
    finally:
        stop.set()
        thread.join()


def _put(waiting: queue.Queue, item: object, stop: threading.Event) -> bool:
    """Put an item, unless nobody wants any more."""
    while not stop.is_set():
        with contextlib.suppress(queue.Full):
            waiting.put(item, timeout=0.1)
            return True
    return False
