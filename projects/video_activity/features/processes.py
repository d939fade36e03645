"""Features made by several processes of this machine.

Nothing here imports Keras before a process has asked for quiet.
"""

import functools
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import UserError, note
from common.startup import quiet_keras
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.weights import NONE
from projects.video_activity.footage.spans import Span

if TYPE_CHECKING:
    from projects.video_activity.features.span_reader import Outcome, SpanReader

Task = tuple[Span, str]  # what to read, and the key of its features

_ATTEMPTS = 3
_one_at_a_time = threading.Lock()


def read_in_processes(
    tasks: Sequence[Task], settings: FeatureSettings, folder: Path, workers: int
) -> Iterator[tuple[Task, "Outcome"]]:
    """Read spans in processes that share the cache folder.

    Args:
        tasks: What to read.
        settings: With a backbone that was chosen and whose weights are at hand.
        folder: Of the cache.
        workers: How many processes.

    Yields:
        What was read and how it went, in the order in which it is done.

    Raises:
        UserError: Processes die again and again.
    """
    left = dict.fromkeys(tasks)
    for _ in range(_ATTEMPTS):
        try:
            for task, outcome in _attempt(list(left), settings, folder, workers):
                del left[task]
                yield task, outcome
            return
        except BrokenProcessPool:
            note(f"a process died; {len(left)} videos are given to others")
    raise UserError(
        f"{workers} processes that stay alive expected. Received: one after another"
        " died. If memory was too small, lower --workers; what is done is kept."
    )


def read_one(
    span: Span,
    key: str,
    *,
    settings: FeatureSettings,
    folder: Path,
    threads: int | None = None,
) -> "Outcome":
    """Read one span; the task of a process, which keeps its network for the next.

    Args:
        span: What to read.
        key: See `FeatureCache.key`.
        settings: With a backbone that was chosen.
        folder: Of the cache.
        threads: Of this process; None: as many as it likes.
    """
    with _one_at_a_time:
        return _reader(settings, folder, threads).read(span, key)


def _attempt(
    tasks: list[Task], settings: FeatureSettings, folder: Path, workers: int
) -> Iterator[tuple[Task, "Outcome"]]:
    threads = max(1, (os.cpu_count() or 1) // workers)
    read = functools.partial(
        read_one, settings=settings, folder=folder, threads=threads
    )
    pool = ProcessPoolExecutor(
        workers,
        # A copy of a process in which TensorFlow runs would hang.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
    )
    try:
        futures = {pool.submit(read, *task): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """End this process when the one that started it has gone, even by `kill -9`."""

    def watch() -> None:
        wait([multiprocessing.parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@functools.lru_cache(maxsize=1)
def _reader(
    settings: FeatureSettings, folder: Path, threads: int | None
) -> "SpanReader":
    import cv2

    if threads:
        cv2.setNumThreads(threads)
    if settings.backbone != NONE:
        quiet_keras(threads)
    from projects.video_activity.features.cache import FeatureCache
    from projects.video_activity.features.span_reader import SpanReader
    from projects.video_activity.features.streams import Extractor

    return SpanReader(Extractor(settings), FeatureCache(folder))
