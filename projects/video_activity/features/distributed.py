"""Features made by a Dask cluster, on this machine or on many.

A task reads one span and writes one file of the cache, whose name depends on content
and settings alone: done twice, because a worker died, it replaces itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from common.cluster import connect
from projects.video_activity.features.processes import Task, read_one
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.span_reader import Outcome

_ADVICE = "Give them more memory; what is done is kept."


def read_with_dask(
    tasks: Sequence[Task], settings: FeatureSettings, folder: Path, scheduler: str
) -> Iterator[tuple[Task, Outcome]]:
    """Read spans by the workers of a Dask cluster.

    Args:
        tasks: What to read; all workers see the files at the same place.
        settings: With a backbone that was chosen and whose weights all workers have.
        folder: Of the cache, seen by all workers.
        scheduler: "local:N" for N processes on this machine, or an address.

    Yields:
        What was read and how it went, in the order in which it is done.

    Raises:
        UserError: There is no cluster, or its workers die again and again.
    """
    with connect(scheduler, _ADVICE) as client:
        from distributed import as_completed

        seen = [replace(span, path=span.path.resolve()) for span, _ in tasks]
        futures = client.map(
            read_one,
            seen,
            [key for _, key in tasks],
            settings=settings,
            folder=Path(folder).resolve(),
            pure=False,
        )
        task_of = dict(zip(futures, tasks, strict=True))
        for future in as_completed(futures):
            yield task_of[future], future.result()
