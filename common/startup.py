"""A quiet start of Keras: known noise is held back, everything else is passed on."""

import contextlib
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator

from common.errors import UserError

# The backends, and the extra of pyproject.toml that installs each.
_EXTRAS = {"tensorflow": "cpu", "jax": "jax", "torch": "torch"}

# What TensorFlow says at every start, on machines where all is well.
_NOISE = re.compile(
    rb"^WARNING: All log messages before absl::InitializeLog"
    rb"|^I\d{4} "  # information, in the form of absl
    rb"|^\d{4}-\d\d-\d\d [\d:.]+: I "  # and in the form of older TensorFlow
    rb"|^To enable the following instructions:"
    rb"|cudart_stub|failed call to cuInit|cuda_diagnostics"
    rb"|Unable to register cu\w+ factory|computation_placer"
    rb"|^INFO: Created TensorFlow Lite XNNPACK delegate"  # common/engines.py
)


def quiet_keras(threads: int | None = None) -> None:
    """Choose the backend and import Keras without the noise of its start.

    Entry points call this after the arguments are parsed and before anything that
    imports Keras. It respects what the environment already says: KERAS_BACKEND
    chooses another backend than TensorFlow, and TF_CPP_MIN_LOG_LEVEL=0 lets all of
    the noise through. TensorFlow also runs one operation, because it speaks again
    when it finds its devices; its threads and logical devices are settled by that.

    Args:
        threads: How many work at one operation; None: as many as the backend
            likes. One is faster where operations are small: more of them mostly
            wait for each other. JAX knows one or all.

    Raises:
        UserError: KERAS_BACKEND is unknown or its package is not installed.
    """
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    _check_backend(backend)
    os.environ["KERAS_BACKEND"] = backend
    if backend == "jax" and threads == 1:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false".strip()
    wants_all = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2") == "0"
    with contextlib.nullcontext() if wants_all else noise_held_back():
        import keras  # noqa: F401

        if backend == "tensorflow":
            import tensorflow

            if threads:
                with contextlib.suppress(RuntimeError):  # it has begun to compute
                    settings = tensorflow.config.threading
                    settings.set_intra_op_parallelism_threads(threads)
            tensorflow.zeros(1) + 1
        elif backend == "torch" and threads:
            import torch

            torch.set_num_threads(threads)


def _check_backend(backend: str) -> None:
    if backend not in _EXTRAS:
        raise UserError(
            f"KERAS_BACKEND must be one of {', '.join(_EXTRAS)}. "
            f"Received: {backend}. Leave it unset for tensorflow."
        )
    for package in ("keras", backend):
        if importlib.util.find_spec(package) is None:
            raise UserError(
                f"The package {package} must be installed for the backend {backend}. "
                f"Run: pip install -e '.[{_EXTRAS[backend]}]'"
            )


@contextlib.contextmanager
def noise_held_back() -> Iterator[None]:
    """Keep what is written to stderr, also by native code, and sift it at the end.

    After an exception all of it is passed on: there, noise may be the reason.
    """
    with contextlib.ExitStack() as opened:
        try:
            stderr = opened.enter_context(open(os.dup(2), "wb", buffering=0))
        except OSError:
            _open_null_as_stderr()
            yield
            return
        held = opened.enter_context(tempfile.TemporaryFile())
        _redirect_stderr(held.fileno())
        noise: re.Pattern[bytes] | None = _NOISE
        try:
            yield
        except Exception:
            noise = None
            raise
        finally:
            _redirect_stderr(stderr.fileno())
            held.seek(0)
            lines = [line for line in held if not (noise and noise.search(line))]
            with contextlib.suppress(OSError):
                stderr.writelines(lines)


def _redirect_stderr(descriptor: int) -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
    os.dup2(descriptor, 2)


def _open_null_as_stderr() -> None:
    # Otherwise the next file to be opened gets the number 2, and with it whatever
    # native code writes to what it believes to be stderr.
    null = os.open(os.devnull, os.O_WRONLY)
    if null != 2:
        os.dup2(null, 2)
        os.close(null)
