"""A corpus as numbers on the disk, made once from text of any size."""

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from common.errors import UserError, note
from common.files import locked, read_json
from common.vocabulary import Vocabulary
from projects.word2vec.building import (
    MANIFEST,
    TOKENS,
    VOCABULARY,
    CorpusSettings,
    Progress,
    build,
)
from projects.word2vec.encoding import TOKEN
from projects.word2vec.reading.chunks import Reading, read_chunks

__all__ = [
    "Corpus",
    "CorpusSettings",
    "Progress",
    "Text",
    "load_corpus",
    "prepare_corpus",
]

_FORMAT = 1  # of what lies in the cache; what has another number is not looked at


class Text(Protocol):
    """What is learned from: a `Corpus`, or one joined to the words of a run."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Its words, the commonest first."""

    @property
    def num_tokens(self) -> int:
        """Words of the vocabulary in it."""

    @property
    def num_words(self) -> int:
        """All words that were read."""

    @property
    def num_sentences(self) -> int:
        """Sentences with at least one word of the vocabulary."""

    def read(self, start: int, count: int) -> np.ndarray:
        """Return `count` tokens from position `start` on, fewer at the end; uint32."""


@dataclass(frozen=True)
class Corpus:
    """A corpus on the disk.

    Attributes:
        folder: Where it lies.
        vocabulary: Its words, the commonest first.
        num_tokens: Words in `path`: those of the vocabulary.
        num_words: All words that were read.
        num_sentences: Sentences with at least one word of the vocabulary.
        sha256: Hash of the text.
        description: What the text is.
        notes: What is worth telling about its reading.
    """

    folder: Path
    vocabulary: Vocabulary
    num_tokens: int
    num_words: int
    num_sentences: int
    sha256: str
    description: str
    notes: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The file of tokens: little-endian uint32, one a word.

        The low 31 bits are the word's id; the highest bit marks the first word of
        a sentence.
        """
        return self.folder / TOKENS

    def read(self, start: int, count: int) -> np.ndarray:
        """Return `count` tokens from position `start` on, fewer at the end; uint32."""
        offset = start * TOKEN.itemsize
        return np.fromfile(self.path, TOKEN, count=count, offset=offset)


def prepare_corpus(
    settings: CorpusSettings, cache: Path, *, progress: Progress | None = None
) -> Corpus:
    """Encode a text in one pass, or find it encoded by an earlier call.

    Args:
        settings: What text, and how it becomes words.
        cache: The folder of encoded corpora; made if need be. Whoever is killed
            leaves nothing there that looks whole.
        progress: Hears bytes read, bytes to read and words read while it is read.

    Raises:
        UserError: The text is not there, cannot be read, changes meanwhile, or has
            fewer than two words to learn.
    """
    reading = read_chunks(
        settings.corpus, tokenizer=settings.tokenizer, encoding=settings.encoding
    )
    cache = Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    key = _key(settings, reading)
    busy = f"waiting for another process that encodes {reading.description}"
    with locked(_lock(cache, key), busy, wait=True):
        corpus = _load_if_whole(cache / key)
        if corpus is None:
            _remove_leftovers(cache)
            with _folder_when_whole(cache, key) as folder:
                build(reading, settings, folder, progress or _tell_nobody)
            corpus = load_corpus(cache / key)
    return corpus


def load_corpus(folder: Path) -> Corpus:
    """Open a corpus that `prepare_corpus` has made.

    Raises:
        UserError: It is not there, or not whole.
    """
    folder = Path(folder)
    manifest = read_json(folder / MANIFEST, "an encoded corpus")
    try:
        for name, size in manifest.pop("sizes").items():
            received = (folder / name).stat().st_size
            if received != size:
                raise ValueError(f"{name} has {received:,} bytes, not {size:,}")
        vocabulary = Vocabulary.load(folder / VOCABULARY)
        manifest["notes"] = tuple(manifest["notes"])
        return Corpus(folder=folder, vocabulary=vocabulary, **manifest)
    except (OSError, LookupError, TypeError, AttributeError, ValueError) as error:
        raise UserError(
            f"A whole encoded corpus expected in {folder}. Received: {error}. Remove"
            " the folder: it is made anew from the text."
        ) from error


def _key(settings: CorpusSettings, reading: Reading) -> str:
    values = dataclasses.asdict(settings)
    del values["scheduler"]  # it makes the same
    del values["corpus"]  # its files say more
    text = json.dumps([_FORMAT, values, reading.identity])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _load_if_whole(folder: Path) -> Corpus | None:
    if not folder.exists():
        return None
    try:
        return load_corpus(folder)
    except UserError as error:
        note(f"{error} This is done now.")
        return None


@contextlib.contextmanager
def _folder_when_whole(cache: Path, key: str) -> Iterator[Path]:
    """Make a folder that is there when it is whole; the caller holds the lock."""
    temporary = _temporary(cache, key)
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        if (cache / key).exists():
            shutil.rmtree(cache / key)
        os.rename(temporary, cache / key)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _remove_leftovers(cache: Path) -> None:
    """Remove what killed processes have left; the living hold their locks."""
    for temporary in cache.glob(_temporary(cache, "*").name):
        key = temporary.name.removeprefix(".").removesuffix(".tmp")
        with (
            contextlib.suppress(UserError),
            locked(_lock(cache, key), "another process works there"),
        ):
            shutil.rmtree(temporary, ignore_errors=True)


def _lock(cache: Path, key: str) -> Path:
    return cache / f".{key}.lock"


def _temporary(cache: Path, key: str) -> Path:
    return cache / f".{key}.tmp"


def _tell_nobody(done: int, total: int, words: int) -> None:
    pass
