"""A Dask cluster: processes of this machine, or of many.

(Not named after the package: programs have their own folder first on sys.path.)
"""

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.errors import UserError

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_SECONDS = 10
_LOCAL = re.compile(r"local:([1-9]\d{0,2})")
# What cannot be an address is told without starting a client for it.
_ADDRESS = re.compile(r"(?!local:)(\w+://)?[^\s/:]+:\d+(/\S*)?")


@contextlib.contextmanager
def connect(scheduler: str, advice: str) -> Iterator["Client"]:
    """Find or start a Dask cluster.

    Args:
        scheduler: "local:N" for N processes on this machine, or an address.
        advice: What to do when workers die again and again; ends the sentence.

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
                f" the same piece of work. {advice}"
            ) from error


def _nobody_there(scheduler: str, why: str) -> UserError:
    return UserError(
        "local:N, for N processes on this machine, or the address of a running"
        f" scheduler expected for --scheduler. Received: {scheduler} ({why})."
        " Start one with `dask scheduler`."
    )
