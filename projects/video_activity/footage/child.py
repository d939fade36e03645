"""The decoding process as its parent sees it: start, ask, listen, kill."""

import contextlib
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import UserError
from projects.video_activity.footage.channel import Channel, ChannelClosed
from projects.video_activity.footage.limits import Limits

_MODULE = "projects.video_activity.footage.decoder_process"
_ROOT = Path(__file__).resolve().parents[3]
_START = 120.0  # seconds, on a machine that is very busy
_QUIET = {
    "OPENCV_LOG_LEVEL": "OFF",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class Child:
    """One decoding process, running from the start on.

    Raises:
        UserError: It did not start (OpenCV is missing, no memory ...).
    """

    def __init__(self, limits: Limits):
        """Start it and wait until it is ready."""
        ours, theirs = socket.socketpair()
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115, closed by kill
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, str(theirs.fileno())]
                + [json.dumps(dataclasses.asdict(limits))],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._messages,
                env=os.environ | _QUIET | {"PYTHONPATH": _search_path()},
                start_new_session=True,  # Ctrl-C is for the parent alone
            )
        self._channel = Channel(ours, 3 * limits.longest_side**2)
        try:
            self.receive(_START)
        except (ChannelClosed, TimeoutError):
            self._messages.seek(0)
            lines = self._messages.read().decode(errors="replace").split("\n")
            reason = self.kill()
            raise UserError(
                "Expected a process that decodes videos to start. Received:"
                f" {' '.join(lines[-2:]).strip() or reason}. Check that Python can"
                " import cv2 (opencv-python-headless)."
            ) from None

    def send(self, request: dict[str, Any]) -> None:
        """Ask for something."""
        self._channel.send(request)

    def receive(self, timeout: float) -> tuple[dict[str, Any], np.ndarray | None]:
        """Wait for the next message; see `Channel.receive`."""
        return self._channel.receive(timeout)

    def hang_up(self) -> None:
        """Have a `receive` that waits in another thread end; the child ends too."""
        self._channel.hang_up()

    def kill(self) -> str:
        """End the process, and return how it had ended by itself, if it had."""
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.5)  # what has crashed takes a moment to be gone
        self._process.kill()
        code = self._process.wait()
        self._messages.close()
        if code >= 0:
            return f"exit code {code}"
        return (
            signal.Signals(-code).name if -code in list(signal.Signals) else str(code)
        )


def _search_path() -> str:
    present = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join([str(_ROOT), present]) if present else str(_ROOT)
