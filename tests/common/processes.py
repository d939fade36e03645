"""Processes that train together, started and awaited by tests."""

import os
import socket
import subprocess
import sys

from tests.conftest import REPOSITORY

SECONDS = 500  # much more than it takes


def start_together(command, count, cwd=None, **more):
    """Start `count` processes of a Python program with JAX; return them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "KERAS_DISTRIBUTION_JOB_ADDRESSES": f"127.0.0.1:{port}",
        "KERAS_DISTRIBUTION_NUM_PROCESSES": str(count),
        "PYTHONPATH": str(REPOSITORY),
    }
    return [
        subprocess.Popen(
            [sys.executable, *map(str, command)],
            env=environment | {"KERAS_DISTRIBUTION_PROCESS_ID": str(rank)} | more,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(count)
    ]


def wait_for(processes):
    """Return (exit code, stdout, stderr) of each; whoever is late is killed."""
    results = []
    try:
        for process in processes:
            out, error = process.communicate(timeout=SECONDS)
            results.append((process.returncode, out, error))
    finally:
        for process in processes:
            process.kill()
    return results
