"""A thread of its own for the model: one call after the other, few may wait."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class OverloadError(Exception):
    """More is asked than the model can answer in good time."""


class ModelThread:
    """Runs calls for a server without holding up its event loop.

    One thread, because the calls share the cores anyway and a model need not be safe
    against calls at the same time.

    Args:
        waiting: how many calls may wait or run; more are refused at once.
        patience: seconds until a call must be done; what has not begun by then
            never does.
    """

    def __init__(self, waiting: int = 64, patience: float = 30.0):
        self._places = threading.BoundedSemaphore(waiting)
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")

    async def run(
        self,
        call: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Return what a call returns, or raise what it raises.

        Raises:
            OverloadError: too many wait already.
            TimeoutError: the call took too long.
        """
        future = self._submit(call, *args, **kwargs)
        return await asyncio.wait_for(asyncio.wrap_future(future), self._patience)

    def call(
        self,
        call: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Do as `run` for another thread, which waits."""
        future = self._submit(call, *args, **kwargs)
        try:
            return future.result(self._patience)
        except TimeoutError:
            future.cancel()
            raise
        except CancelledError:
            raise OverloadError("The server is stopping.") from None

    def _submit(self, call: Callable[..., Result], *args: Any, **kwargs: Any) -> Future:
        if not self._places.acquire(blocking=False):
            raise OverloadError("Too many are waiting. Try again in a few seconds.")
        try:
            future = self._thread.submit(call, *args, **kwargs)
        except RuntimeError:  # closed
            self._places.release()
            raise OverloadError("The server is stopping.") from None
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """End the thread after the call that runs; those that wait are dropped."""
        self._thread.shutdown(wait=True, cancel_futures=True)
