"""A real browser for tests, driven over Chromium's own debugging pipe.

Needs a Chromium or Chrome and nothing else: on the PATH, or named by the
environment variable KERAS_PROJECTS_CHROMIUM.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

NAMES = "chromium chromium-browser google-chrome google-chrome-stable chrome".split()
PATIENCE = 30  # seconds for one answer
# Chromium reads commands from descriptor 3 and answers on descriptor 4.
LAUNCHER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4);"
    "os.execv(sys.argv[3], sys.argv[3:])"
)


def find_browser() -> str | None:
    """Return the program of a Chromium, if there is one."""
    named = os.environ.get("KERAS_PROJECTS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page in a headless Chromium; a context manager.

    Attributes:
        errors: what the page complained about: exceptions, refused sources.
        requests: addresses that the page asked for.
    """

    def __init__(
        self,
        program: str,
        folder: Path,
        size: tuple[int, int] = (1000, 700),
        flags: tuple[str, ...] = (),
    ):
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._events: list[str] = []
        self._buffer, self._count, self._session = b"", 0, None
        command_out, self._write = _high(os.pipe())
        self._read, answer_in = _high(os.pipe())
        options = (
            "--headless --disable-gpu --remote-debugging-pipe --no-first-run"
            " --disable-background-networking --disable-component-update"
            f" --user-data-dir={folder} --window-size={size[0]},{size[1]}"
        ).split() + (["--no-sandbox"] if os.geteuid() == 0 else [])
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(command_out), str(answer_in)]
            + [program, *options, *flags],
            pass_fds=(command_out, answer_in),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_out)
        os.close(answer_in)

    def __enter__(self) -> "Browser":
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        answer = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = answer["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def send(self, method: str, **parameters: Any) -> dict:
        """Send one command of the DevTools protocol and return its answer."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._count:
            self._note(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, address: str) -> None:
        """Load a page and wait until it is there."""
        self._events.clear()
        self.send("Page.navigate", url=address)
        while "Page.loadEventFired" not in self._events:
            self._note(self._receive())
        self.settle()

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the page (promises are awaited)."""
        answer = self.send(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def settle(self) -> None:
        """Wait until the page has drawn what is due."""
        frame = (
            "new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))"
        )
        self.ask(f"{frame}.then(() => 0)")

    def mouse(self, kind: str, x: float, y: float, **parameters: Any) -> None:
        """Move, press or release the left button, or turn the wheel."""
        if kind in ("mousePressed", "mouseReleased"):
            parameters |= {"button": "left", "clickCount": 1}
        if kind == "mouseMoved" and parameters.pop("pressed", False):
            parameters |= {"button": "left", "buttons": 1}
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **parameters)
        self.settle()

    def click(self, x: float, y: float) -> None:
        """Click with the left button."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.mouse(kind, x, y)

    def press(self, key: str, **parameters: Any) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, **parameters)
        self.settle()

    def screenshot(self) -> bytes:
        """Return the page as PNG."""
        answer = self.send("Page.captureScreenshot")
        return base64.b64decode(answer["data"])

    def _receive(self) -> dict:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            left = max(0, deadline - time.monotonic())
            if not select.select([self._read], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self._read, 1 << 16)
            if not part:
                raise ConnectionError("the browser has ended")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def _note(self, event: dict) -> None:
        method, parameters = event.get("method", ""), event.get("params", {})
        self._events.append(method)
        if method == "Runtime.exceptionThrown":
            self.errors.append(str(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.errors.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])


def _high(pair: tuple[int, int]) -> list[int]:
    """Move descriptors out of the way of 3 and 4."""
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in pair]
    for end in pair:
        os.close(end)
    return moved
