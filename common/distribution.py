"""One training by several processes, on one machine or many (JAX alone).

Keras computes each batch of a `keras.distribution.DataParallel` on all devices of all
processes. Every process is started with the same command line and, in its environment,

    KERAS_BACKEND=jax
    KERAS_DISTRIBUTION_JOB_ADDRESSES=10.0.0.1:1234   the machine of the first process
    KERAS_DISTRIBUTION_NUM_PROCESSES=2
    KERAS_DISTRIBUTION_PROCESS_ID=0                  0 in the first, 1 in the second ...

The first process alone reads and writes the files of the run; what the others must
know they hear from it.
"""

import atexit
import contextlib
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.errors import INTERRUPTED, UserError
from common.startup import quiet_keras

_VARIABLES = "KERAS_DISTRIBUTION_"
_ADDRESSES = re.compile(r"[^\s,/]+:\d{1,5}(,[^\s,/]+:\d{1,5})*")
_SILENCE = 30  # seconds without a sign of life after which a process counts as dead
# How the engines below Keras say that another process has gone; their types vary.
_GONE = re.compile(r"Gloo|NCCL|heartbeat|[Cc]oordination ?[Ss]ervice")


@dataclass(frozen=True)
class Place:
    """Which process of a training this is.

    Attributes:
        address: Where the first process listens, "host:port".
        count: How many processes there are.
        rank: The number of this one, from 0.
    """

    address: str
    count: int
    rank: int


def read_place() -> Place:
    """Read KERAS_DISTRIBUTION_* from the environment.

    Raises:
        UserError: One is missing or says nothing sensible.
    """
    names = ("JOB_ADDRESSES", "NUM_PROCESSES", "PROCESS_ID")
    told = [os.environ.get(_VARIABLES + name, "") for name in names]
    addresses, count, rank = told
    if (
        _ADDRESSES.fullmatch(addresses)
        and re.fullmatch(r"\d{1,5}", count)
        and re.fullmatch(r"\d{1,5}", rank)
        and int(rank) < int(count)
    ):
        return Place(addresses.split(",")[0], int(count), int(rank))
    received = ", ".join(
        f"{n}={t or '(unset)'}" for n, t in zip(names, told, strict=True)
    )
    raise UserError(
        f"For --distribute, {_VARIABLES}JOB_ADDRESSES=HOST:PORT of the first process,"
        f" {_VARIABLES}NUM_PROCESSES and {_VARIABLES}PROCESS_ID (from 0) expected in"
        f" the environment. Received: {received}. Set them for each process."
    )


@contextlib.contextmanager
def joined() -> Iterator[int]:
    """Meet the other processes; what is built within is shared by all of them.

    It starts Keras. A process that fails within leaves at once, without waiting for
    the others, which then fail too.

    Yields:
        The number of this process, 0 for the first.

    Raises:
        UserError: The backend is not JAX, the environment does not tell the place,
            the others do not come, or one of them has gone.
    """
    place = read_place()
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend != "jax":
        raise UserError(
            f"KERAS_BACKEND=jax expected for --distribute. Received: {backend}. Only"
            " with JAX can Keras train by several processes."
        )
    quiet_keras()
    try:
        _meet(place)
        yield place.rank
    except BaseException as error:
        told = _translate(error)
        atexit.register(_leave, _exit_code(told or error))
        if told is None:
            raise
        raise told from error


def process_count() -> int:
    """Return how many processes train together, 1 as a rule."""
    import keras

    shared = keras.distribution.distribution()
    return 1 if shared is None else shared.num_processes


def process_rank() -> int:
    """Return the number of this process, 0 where there is no other."""
    if process_count() == 1:
        return 0
    import jax

    return jax.process_index()


def share_bytes(data: bytes) -> bytes:
    """Return the bytes of the first process in all of them; all must call it."""
    if process_count() == 1:
        return data
    from jax.experimental.multihost_utils import broadcast_one_to_all

    size = int(broadcast_one_to_all(np.int32(len(data))))
    own = np.zeros(size, np.uint8)
    if process_rank() == 0:
        own[:] = np.frombuffer(data, np.uint8)
    return np.asarray(broadcast_one_to_all(own)).tobytes()


def share(value: Any = None) -> Any:
    """Return what the first process gives, fit for JSON; all must call it."""
    if process_count() == 1:
        return value
    return json.loads(share_bytes(json.dumps(value).encode()))


def check_alike(inputs: Any) -> None:
    """Compare what tells the data apart, fit for JSON; all must call it.

    Raises:
        UserError: This process has other data than the first one.
    """
    first = share(inputs)
    if inputs != first:
        raise UserError(
            f"The data of the first process expected: {first}. Received: {inputs}."
            " Give the same files to all processes."
        )


def _meet(place: Place) -> None:
    import jax
    import keras
    from jax.experimental import multihost_utils

    # Keras' own `initialize` is this without the time after which one is given up.
    jax.distributed.initialize(
        place.address,
        place.count,
        place.rank,
        heartbeat_timeout_seconds=_SILENCE,
    )
    # Keras can cut only tf.data into the parts of the processes; here each hands in
    # its own rows of a batch, see common/distributed_batches.py.
    parallel = keras.distribution.DataParallel(auto_shard_dataset=False)
    keras.distribution.set_distribution(parallel)
    with _stdout_on_stderr():
        multihost_utils.sync_global_devices("all have come")


@contextlib.contextmanager
def _stdout_on_stderr() -> Iterator[None]:
    """Keep what Gloo tells of its connections out of the output of the program."""
    stdout = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(stdout, 1)
        os.close(stdout)


def _translate(error: BaseException) -> UserError | None:
    """Return what to tell instead, where another process has gone."""
    if isinstance(error, ValueError | RuntimeError) and _GONE.search(str(error)):
        reason = str(error).splitlines()[0]
        return UserError(
            f"All processes of the training expected to go on. Received: one has gone"
            f" ({reason}). See what it said, and start all of them again, with"
            " --resume."
        )
    return None


def _exit_code(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return 2 if isinstance(error, UserError) else 1


def _leave(code: int) -> None:
    """End the process now: JAX would wait for those that may have gone."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
