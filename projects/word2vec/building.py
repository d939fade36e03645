"""The files of an encoded corpus: words counted, numbered, and written as numbers."""

import dataclasses
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import UserError
from common.files import write_json
from common.vocabulary import Vocabulary
from projects.word2vec.encoding import (
    FIRST_OF_SENTENCE,
    TOKEN,
    Part,
    encode,
    read_blocks,
)
from projects.word2vec.merging import (
    GONE,
    Counts,
    count_words,
    renumbered,
    write_tokens,
)
from projects.word2vec.phrases import join_phrases
from projects.word2vec.reading.chunks import DOCUMENTATION, Reading
from projects.word2vec.reading.files import find_files
from projects.word2vec.reading.tokenizers import Chunk

TOKENS, VOCABULARY, MANIFEST = "tokens.bin", "vocabulary.txt", "manifest.json"

# Hears bytes read, bytes to read, words read.
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class CorpusSettings:
    """How a text becomes a corpus; the fields are those of the command line."""

    corpus: str = "docs"
    tokenizer: str = "auto"
    encoding: str = "utf-8"
    min_count: int = 5
    max_vocabulary: int = 0
    max_distinct: int = 4_000_000
    phrases: int = 0
    phrase_threshold: float = 100.0
    scheduler: str | None = None

    @classmethod
    def of(cls, options: Any) -> "CorpusSettings":
        """Pick the fields of the same names from the options of a program."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(**{name: getattr(options, name) for name in names})


def build(
    reading: Reading, settings: CorpusSettings, folder: Path, progress: Progress
) -> None:
    """Read a text once and write it as numbers.

    Args:
        reading: The text.
        settings: How it becomes words.
        folder: Where the files go; it exists and is empty.
        progress: Hears how far the reading is.

    Raises:
        UserError: The text cannot be read, or has fewer than two words to learn.
    """
    waiting = folder / "parts"
    waiting.mkdir()
    parts, sha256, notes = _encode(reading, settings, waiting, progress)
    # Phrases may join what alone is not among the commonest.
    wanted = 0 if settings.phrases else settings.max_vocabulary
    most = min(wanted or settings.max_distinct, settings.max_distinct)
    counted = count_words(parts, settings.min_count, most)
    _check(counted, reading, settings)
    if most < counted.num_common and most != wanted:
        notes.append(
            f"of {counted.num_common:,} words the commonest {most:,} are kept"
            " (--max-distinct)"
        )
    vocabulary, told = _write(parts, counted.vocabulary, settings, folder)
    _check_size(vocabulary, reading)
    vocabulary.save(folder / VOCABULARY)
    manifest = {
        **_count(folder / TOKENS),
        "num_words": sum(part.num_words for part in parts),
        "sha256": sha256,
        "description": reading.description,
        "notes": [*notes, *told],
        "sizes": {n: (folder / n).stat().st_size for n in (TOKENS, VOCABULARY)},
    }
    write_json(folder / MANIFEST, manifest)


def _encode(
    reading: Reading, settings: CorpusSettings, folder: Path, progress: Progress
) -> tuple[list[Part], str, list[str]]:
    if settings.scheduler is None or settings.corpus == DOCUMENTATION:
        chunks = _telling(reading, progress)
        parts = encode(chunks, folder / "part", settings.max_distinct)
        return parts, reading.sha256, list(reading.notes)
    from projects.word2vec.dask_encoding import encode_with_dask  # an optional extra

    parts, sha256 = encode_with_dask(
        find_files(settings.corpus),
        folder / "part",
        scheduler=settings.scheduler,
        tokenizer=_chosen(reading),
        encoding=settings.encoding,
        max_distinct=settings.max_distinct,
        progress=progress,
    )
    return parts, sha256, list(reading.notes)


def _chosen(reading: Reading) -> str:
    """Read so much that the tokenizer is chosen; return its name."""
    next(iter(reading))
    return reading.tokenizer


def _telling(reading: Reading, progress: Progress) -> Iterator[Chunk]:
    num_words = 0
    for chunk in reading:
        num_words += len(chunk.tokens)
        yield chunk
        progress(reading.done, reading.total, num_words)


def _write(
    parts: Sequence[Part],
    vocabulary: Vocabulary,
    settings: CorpusSettings,
    folder: Path,
) -> tuple[Vocabulary, list[str]]:
    """Write the final ids; return their words, and what is to be told."""
    path, told = folder / TOKENS, []
    # A phrase does not reach across a rare word: until then, these keep their place.
    other = len(vocabulary) if settings.phrases else int(GONE)
    write_tokens(renumbered(parts, vocabulary, other), path)
    shutil.rmtree(folder / "parts")
    for number in range(1, settings.phrases + 1):
        last = number == settings.phrases
        vocabulary, joined = join_phrases(
            path,
            vocabulary,
            min_count=settings.min_count,
            threshold=settings.phrase_threshold,
            max_size=settings.max_vocabulary if last else 0,
            last=last,
        )
        told.append(joined)
    return vocabulary, told


def _count(path: Path) -> dict[str, int]:
    firsts = (int((b >= FIRST_OF_SENTENCE).sum()) for b in read_blocks(path))
    num_tokens = path.stat().st_size // TOKEN.itemsize
    return {"num_tokens": num_tokens, "num_sentences": sum(firsts)}


def _check(counted: Counts, reading: Reading, settings: CorpusSettings) -> None:
    if not counted.num_distinct:
        raise UserError(
            f"Words expected in {reading.description}. Received: none. Give a text"
            " with --corpus, or another --tokenizer."
        )
    if not counted.num_common:
        raise UserError(
            f"Words that stand at least {settings.min_count:,} times expected in"
            f" {reading.description}. Received: {counted.commonest!r}, the commonest,"
            f" stands {counted.commonest_count:,} times. Give more text, or"
            f" --min-count {counted.commonest_count} or less."
        )


def _check_size(vocabulary: Vocabulary, reading: Reading) -> None:
    if len(vocabulary) < 2:
        raise UserError(
            f"At least two words to learn expected in {reading.description}."
            f" Received: {', '.join(map(repr, vocabulary.tokens)) or 'none'}. Give"
            " more text, or a smaller --min-count, or a larger --max-vocabulary."
        )
