"""When, where and with what a run was made."""

import contextlib
import datetime
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]


def describe_environment() -> dict[str, Any]:
    """Say when, where, and with what a run was begun."""
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    names = dict.fromkeys(["keras", "numpy", backend])
    return {
        "time": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "backend": backend,
        "versions": {"python": platform.python_version()}
        | {name: package_version(name) for name in names},
        "platform": platform.platform(),
        "commit": _commit(),
    }


def package_version(package: str) -> str | None:
    """Return the version of an installed package, None where it is not."""
    import importlib.metadata  # slower than all the rest of this module

    for name in (package, f"{package}-cpu"):  # TensorFlow has two distributions
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return importlib.metadata.version(name)
    return None


def _commit() -> str | None:
    """Return the git commit of the repository, marked when files have changed."""
    if not (REPOSITORY / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        answer = subprocess.run(
            command, cwd=REPOSITORY, capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None
