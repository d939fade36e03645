"""Features made by a Dask cluster, on this machine or on many.

A task reads one span and writes one file of the cache, whose name depends on content
and settings alone: done twice, because a worker died, it replaces itself.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.errors import UserError
from projects.video_activity.features.processes import Task, read_one
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.span_reader import Outcome

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_SECONDS = 10
_LOCAL = re.compile(r"local:([1-9]\d{0,2})")
# What cannot be an address is told without starting a client for it.
_ADDRESS = re.compile(r"(?!local:)(\w+://)?[^\s/:]+:\d+(/\S*)?")


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
    with connect(scheduler) as client:
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


@contextlib.contextmanager
def connect(scheduler: str) -> Iterator["Client"]:
    """Find or start a Dask cluster.

    Args:
        scheduler: "local:N" for N processes on this machine, or an address.

    Raises:
        UserError: The package is missing, nobody answers at the address, or, from
            within the `with` block, workers die again and again.
    """
    try:
        import distributed
    except ImportError as error:
        raise UserError(
            "The package distributed expected for --scheduler. Received: it is not"
            " installed. Install the extra `dask`, or leave --scheduler out."
        ) from error
    local = _LOCAL.fullmatch(scheduler)
    if local is None and not _ADDRESS.fullmatch(scheduler):
        raise _nobody_there(scheduler, "no address")
    with contextlib.ExitStack() as opened:
        address: Any = scheduler
        if local is not None:
            cluster = distributed.LocalCluster(
                n_workers=int(local[1]),
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
            )
            address = opened.enter_context(cluster)
        try:
            client = distributed.Client(address, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise _nobody_there(scheduler, type(error).__name__) from error
        opened.enter_context(client)
        try:
            yield client
        except distributed.KilledWorker as error:
            raise UserError(
                "Workers that stay alive expected. Received: one after another died at"
                " the same video. Give them more memory; what is done is kept."
            ) from error


def _nobody_there(scheduler: str, why: str) -> UserError:
    return UserError(
        "local:N, for N processes on this machine, or the address of a running"
        f" scheduler expected for --scheduler. Received: {scheduler} ({why})."
        " Start one with `dask scheduler`."
    )
