"""Who is given damaged videos: decoder, program, or a page that runs somewhere."""

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from common.errors import UserError, note
from projects.video_activity import classify
from projects.video_activity.footage.decoder import Decoder, Limits, VideoError

_SECONDS = 3.0  # of each video that are read
_BUSY = (429, 503)
_START = 120.0  # seconds in which a program must have begun


class _Target:
    """What is given damaged videos, `at_once` of them at a time; `with` closes it."""

    at_once = 1

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Keep nothing."""

    def try_videos(self, paths: Sequence[Path]) -> list[str]:
        """Return what became of each video."""
        return [self.try_video(path) for path in paths]

    def try_video(self, path: Path) -> str:
        """Return what became of one video."""
        raise NotImplementedError


class DecoderTarget(_Target):
    """Reads each video as `classify.py` would."""

    def __init__(self, progress: float):
        """Make a decoder.

        Args:
            progress: Seconds after which a decoder that does nothing has hung.
        """
        self._decoder = Decoder(Limits(progress=progress))

    def close(self) -> None:
        """End the decoder."""
        self._decoder.close()

    def try_video(self, path: Path) -> str:
        """Return what became of a video, in a word or two."""
        try:
            for _ in self._decoder.frames(path, end=_SECONDS):
                pass
        except VideoError as error:
            return _outcome(str(error))
        return "read, with a note" if self._decoder.notes else "read"

    def check(self, sound: Path) -> None:
        """Raise an error if a sound video is not read any more."""
        if self.try_video(sound) != "read":
            raise UserError(f"Expected {sound} to be read. Received: it is not.")


class ProgramTarget(_Target):
    """Gives folders of videos to `classify.py`, run as a program of its own."""

    at_once = 100

    def __init__(self, run_dir: Path, patience: float):
        """Choose the model.

        Args:
            run_dir: A finished run of train.py.
            patience: Seconds for one video, after which the program has hung.
        """
        self._run_dir, self._patience = run_dir, patience

    def try_videos(self, paths: Sequence[Path]) -> list[str]:
        """Return what became of each video."""
        with tempfile.TemporaryDirectory(dir=paths[0].parent) as name:
            folder = Path(name)
            for path in paths:
                (folder / path.name).hardlink_to(path)
            try:
                done = self._classify(folder, self._patience * len(paths))
            except subprocess.TimeoutExpired:
                return ["hung"] * len(paths)
        told = done.stderr.splitlines()
        if done.returncode not in (0, 2) or "Traceback" in done.stderr:
            note(done.stderr[-2000:])
            return ["the program failed"] * len(paths)
        return [_find_outcome(path.name, told) for path in paths]

    def check(self, sound: Path) -> None:
        """Raise an error if a sound video is not judged any more."""
        done = self._classify(sound, self._patience)
        if done.returncode != 0 or str(sound) not in done.stdout:
            raise UserError(f"Expected {sound} to be judged. Received: {done.stderr}.")

    def _classify(self, source: Path, seconds: float) -> subprocess.CompletedProcess:
        command: list[Any] = [sys.executable, classify.__file__, source, "--run-dir"]
        return subprocess.run(
            [*command, self._run_dir],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_START + seconds,
        )


class PageTarget(_Target):
    """Uploads each video to a page, and waits for what it says."""

    def __init__(self, address: str, patience: float):
        """Choose the page.

        Args:
            address: As the server prints it, with the token if there is one.
            patience: Seconds after which an answer or an analysis has hung.
        """
        parts = urllib.parse.urlsplit(address)
        self._root = f"{parts.scheme}://{parts.netloc}"
        token = urllib.parse.parse_qs(parts.query).get("token", [""])[0]
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._patience = patience

    def try_video(self, path: Path) -> str:
        """Return what became of a video, in a word or two."""
        code, answer = self._ask("POST", f"/api/sources?name={path.name}", path)
        if code != 201:
            return "the page failed" if code >= 500 else f"refused ({code})"
        source = f"/api/sources/{answer['id']}"
        begun = time.monotonic()
        while (report := self._ask("GET", source)[1])["state"] in (
            "waiting",
            "running",
        ):
            if time.monotonic() > begun + self._patience:
                return "hung"
            time.sleep(0.05)
        self._ask("DELETE", source)
        if report["state"] != "failed":
            return "read"
        if "fault of the server" in report["error"]:
            return "the page failed"
        return _outcome(report["error"])

    def check(self, sound: Path) -> None:
        """Raise an error if a sound video is not judged any more."""
        outcome = self.try_video(sound)
        if outcome != "read":
            raise UserError(
                f"Expected the page to judge {sound}. Received: {outcome}. Look at the"
                " terminal in which it runs."
            )

    def _ask(self, method: str, call: str, path: Path | None = None) -> tuple[int, Any]:
        """Send a request, again while the page is busy; return code and answer."""
        body = None if path is None else path.read_bytes()
        headers = self._headers | {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(  # noqa: S310, the address is the user's own
            self._root + call, body, headers, method=method
        )
        begun = time.monotonic()
        while True:
            try:
                with urllib.request.urlopen(request, timeout=self._patience) as reply:  # noqa: S310
                    return reply.status, json.load(reply)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in _BUSY or time.monotonic() > begun + self._patience:
                    return error.code, None
                time.sleep(0.2)
            except OSError as error:
                raise UserError(
                    f"Expected an answer from {self._root}. Received: {error}. Check"
                    " that serve.py runs there."
                ) from None


def _find_outcome(name: str, told: Sequence[str]) -> str:
    """Return what a program told of a video, in a word or two."""
    lines = [line for line in told if name in line]
    for line in lines:
        if line.startswith(("left out: ", "error: ")):
            return _outcome(line)
    return "read, with a note" if lines else "read"


def _outcome(message: str) -> str:
    if "crashed" in message:
        return "decoder crashed"
    return "decoder hung" if "no progress" in message else "refused"
