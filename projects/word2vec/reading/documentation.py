"""The corpus that is always there: what the installed packages say of themselves."""

import importlib.util
import os
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from projects.word2vec.reading.docstrings import find_docstrings, find_topics, to_prose

PACKAGES = (
    *("numpy", "scipy", "pandas", "sklearn", "matplotlib", "keras"),
    "tensorflow",
)
_LEFT_OUT = frozenset(
    "test tests idle_test site-packages dist-packages __pycache__ include".split()
)
_BATCH = 1 << 19  # characters handed over at once


@dataclass(frozen=True)
class Package:
    """The Python files of a package.

    Attributes:
        name: Its name, "standard library" for Python itself.
        files: In a fixed order.
        size: Bytes of all.
    """

    name: str
    files: tuple[Path, ...]
    size: int


class Documentation:
    """The docstrings of packages, found in their files; nothing is imported.

    Attributes:
        packages: Those that are installed.
        size: Bytes of their files.
        notes: Which packages are missing.
        identity: One line for each package, which changes with its version.
    """

    def __init__(self, names: tuple[str, ...] = PACKAGES):
        """Find the files of packages, and those of the standard library."""
        roots = {name: _find_root(name) for name in names}
        roots["standard library"] = Path(sysconfig.get_path("stdlib"))
        missing = [name for name, root in roots.items() if root is None]
        self.packages = [_list(name, root) for name, root in roots.items() if root]
        self.size = sum(package.size for package in self.packages)
        told = f"not installed, so not read: {', '.join(missing)}"
        self.notes = [told] if missing else []
        self.identity = tuple(
            f"{package.name}: {len(package.files)} files, {package.size} bytes"
            for package in self.packages
        )

    def read(self) -> Iterator[tuple[str, int]]:
        """Read docstrings as prose, none twice, always in the same order.

        Yields:
            Some hundred thousand characters, and how many bytes of files are read.
        """
        news = _News()
        batch, length, done = [], 0, 0
        for path in (path for package in self.packages for path in package.files):
            source = path.read_bytes()
            done += len(source)
            topics = path.match("pydoc_data/topics.py")
            found = find_topics(source) if topics else find_docstrings(source)
            for paragraph in news.among(found):
                batch.append(paragraph)
                length += len(paragraph)
            if length >= _BATCH:
                yield "\n\n".join(batch), done
                batch, length = [], 0
        yield "\n\n".join(batch), done


class _News:
    """Paragraphs that were not there before: packages repeat themselves."""

    def __init__(self):
        self._docstrings: set[str] = set()
        self._paragraphs: set[str] = set()

    def among(self, docstrings: Iterable[str]) -> Iterator[str]:
        for docstring in docstrings:
            if docstring in self._docstrings:
                continue
            self._docstrings.add(docstring)
            for paragraph in to_prose(docstring).split("\n\n"):
                if paragraph not in self._paragraphs:
                    self._paragraphs.add(paragraph)
                    yield paragraph


def _find_root(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _list(name: str, root: Path) -> Package:
    files = []
    for top, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - _LEFT_OUT)
        files += [Path(top, name) for name in sorted(names) if name.endswith(".py")]
    return Package(name, tuple(files), sum(file.stat().st_size for file in files))
