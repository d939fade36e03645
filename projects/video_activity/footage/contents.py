"""Which files hold the same bytes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def same_contents(paths: Iterable[Path]) -> list[list[Path]]:
    """Return the files that are there more than once.

    Only files of the same length are read. What cannot be read is left out.

    Args:
        paths: Files; each once.

    Returns:
        Lists of two and more files with the same bytes, in the order given.
    """
    found = _alike(paths, lambda path: path.stat().st_size)
    return [same for alike in found for same in _alike(alike, digest)]


def _alike(paths: Iterable[Path], key) -> list[list[Path]]:
    found = defaultdict(list)
    for path in paths:
        try:
            found[key(path)].append(path)
        except OSError:
            continue  # whoever decodes it will say why
    return [alike for alike in found.values() if len(alike) > 1]
