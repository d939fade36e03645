"""Fetch a data file once: from the cache, an offline mirror, or its address."""

import hashlib
import http.client
import os
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from common.errors import UserError, note
from common.files import locked
from common.runs import REPOSITORY

CACHE_VARIABLE = "KERAS_PROJECTS_DATA"
MIRROR_VARIABLE = "KERAS_PROJECTS_MIRROR"

_PAUSE = 1.0  # seconds before a cut connection is taken up again
_TIMEOUT = 30.0  # seconds without a sign of the server
_CHUNK = 1 << 18  # bytes


@dataclass(frozen=True)
class Source:
    """A file that others publish.

    Attributes:
        name: Its name in the cache folder.
        url: Its address, http or https.
        sha256: The hash of its content, 64 hexadecimal digits.
        size: Its length in bytes; never more is read from the address.
        licence: The terms under which it may be used.
        citation: Who made it.
        mirror_path: Where it lies below the offline mirror.
    """

    name: str
    url: str
    sha256: str
    size: int
    licence: str
    citation: str
    mirror_path: str


def fetch(source: Source, cache: Path | None = None) -> Path:
    """Return the path of the file, downloading it only when it is nowhere near.

    The cache folder is asked first, then the offline mirror (the folder that the
    environment variable KERAS_PROJECTS_MIRROR names; files are used where they
    lie), then the address. The content is checked each time.

    Args:
        source: What to fetch.
        cache: The cache folder; None means that of the environment variable
            KERAS_PROJECTS_DATA, or else `data/` in the repository.

    Raises:
        UserError: The file has another content than it should have, or cannot be
            reached.
    """
    target = cache_folder(cache) / source.name
    if target.is_file():
        _check(target, source, "Remove it to have it fetched again.")
        return target
    mirror = os.environ.get(MIRROR_VARIABLE)
    if mirror and (copy := Path(mirror) / source.mirror_path).is_file():
        _check(copy, source, f"Mend the mirror or unset {MIRROR_VARIABLE}.")
        return copy
    target.parent.mkdir(parents=True, exist_ok=True)
    busy = f"waiting for another process that fetches {source.name}"
    with locked(target.with_name(f".{target.name}.lock"), busy, wait=True):
        if not target.is_file():  # or the other process has brought it meanwhile
            _download(source, target)
    return target


def cache_folder(cache: Path | None = None) -> Path:
    """Return where fetched and prepared data are kept; see `fetch`."""
    return Path(cache or os.environ.get(CACHE_VARIABLE) or REPOSITORY / "data")


class _UnreachableError(Exception):
    """The server does not answer, or no longer."""


def _download(source: Source, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    note(
        f"fetching {source.name} ({source.size:,} bytes, licence: {source.licence}) "
        f"from {source.url} to {target}"
    )
    # A cut connection is taken up again as long as each attempt brings something.
    while (held := _size(part)) < source.size:
        reason = "the connection was cut"
        try:
            _append(source, part)
        except _UnreachableError as error:
            reason = str(error)
        if _size(part) <= held:
            raise UserError(
                f"{source.name} could not be fetched from {source.url} ({reason}). "
                f"Try again, or put the file at {target}, or set {MIRROR_VARIABLE} to "
                f"a folder that has it at {source.mirror_path}."
            )
        if _size(part) < source.size:
            time.sleep(_PAUSE)
    try:
        _check(part, source, "It was removed; try again.")
    except UserError:
        part.unlink()
        raise
    os.replace(part, target)


def _append(source: Source, part: Path) -> None:
    """Append to `part` what it lacks, at most one byte more than it should have."""
    from tqdm import tqdm  # only a download needs it

    held = _size(part)
    with _request(source.url, held) as response:
        if response.status != http.client.PARTIAL_CONTENT:
            held = 0  # this server begins at the beginning
        if response.length is not None and held + response.length != source.size:
            offer = f"it offers {held + response.length:,} bytes, not {source.size:,}"
            raise _UnreachableError(offer)
        silent = sys.stderr is None or not sys.stderr.isatty()
        settings = {"unit": "B", "unit_scale": True, "disable": silent}
        with (
            open(part, "ab" if held else "wb") as file,
            tqdm(total=source.size, initial=held, **settings) as progress,
        ):
            while chunk := _read(response, min(_CHUNK, source.size + 1 - held)):
                file.write(chunk)
                held += len(chunk)
                progress.update(len(chunk))


def _request(url: str, offset: int) -> http.client.HTTPResponse:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"`url` must be http or https. Received: {url}")
    headers = {"User-Agent": "keras-applied-projects"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (see above)
    try:
        return urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        raise _UnreachableError(str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _UnreachableError(str(error)) from error


def _read(response: http.client.HTTPResponse, limit: int) -> bytes:
    # Apart from the writing, so that a full disk is not taken for a broken line.
    try:
        return response.read(limit)
    except (OSError, http.client.HTTPException) as error:
        raise _UnreachableError(str(error)) from error


def _check(path: Path, source: Source, advice: str) -> None:
    expected = f"{source.size:,} bytes"
    received = f"{_size(path):,} bytes"
    if expected == received:
        expected = f"sha256 {source.sha256}"
        with open(path, "rb") as file:
            received = f"sha256 {hashlib.file_digest(file, 'sha256').hexdigest()}"
    if expected != received:
        raise UserError(
            f"Expected {expected} for {source.name}. Received: {received} in {path}. "
            f"{advice}"
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
