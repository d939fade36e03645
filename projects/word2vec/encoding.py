"""Text as numbers: one pass gives each word an id at first sight.

These provisional ids are 4 bytes a word on the disk. Only when all words are counted
are the final ids known; projects.word2vec.merging puts them in. What has been read
lies in parts: a new one begins when too many different words are held, so that
memory is bounded whatever the text is. Nothing is dropped: the words of a part go to
the disk with their counts, and the parts' counts are added up later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.files import atomic_write
from projects.word2vec.reading.tokenizers import Chunk

TOKEN = np.dtype("<u4")  # a word on the disk
FIRST_OF_SENTENCE = np.uint32(1 << 31)
ID = np.uint32((1 << 31) - 1)  # the bits of the id
NO_WORD = ""  # a token that only marks a place: it is no word and never counted

_BLOCK = 1 << 20  # words that are worked on at a time


@dataclass(frozen=True)
class Part:
    """Some consecutive words of a corpus, by provisional ids.

    Attributes:
        path: Begin of the names of its two files.
        num_words: How many words.
        num_ids: How many of them differ; the provisional ids are below.
    """

    path: Path
    num_words: int
    num_ids: int

    @property
    def tokens(self) -> Path:
        """The file of the provisional ids, with border bits."""
        return self.path.with_name(f"{self.path.name}.tokens")

    @property
    def words(self) -> Path:
        """The file of the words: word, id and count a line, sorted by word."""
        return self.path.with_name(f"{self.path.name}.words")

    def remove(self) -> None:
        """Delete the files."""
        self.tokens.unlink(missing_ok=True)
        self.words.unlink(missing_ok=True)


class _Ids(dict):
    """Words with their ids; an unknown word gets the next one."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def encode(chunks: Iterable[Chunk], path: Path, max_distinct: int) -> list[Part]:
    """Write words as provisional ids.

    Args:
        chunks: The text.
        path: Begin of the names of the files; their folder exists. What is there
            is replaced, each file as a whole.
        max_distinct: A part ends with the chunk that brings more different words.

    Returns:
        The parts in the order of the text; none if there is no word.
    """
    waiting, parts = iter(chunks), list[Part]()
    while True:
        name = path.with_name(f"{path.name}-{len(parts):04}")
        part = _encode_part(waiting, name, max_distinct)
        if not part.num_ids:
            part.remove()
            return parts
        parts.append(part)


def _encode_part(chunks: Iterator[Chunk], path: Path, max_distinct: int) -> Part:
    ids = _Ids()
    part = Part(path, 0, 0)
    with atomic_write(part.tokens) as temporary:
        with open(temporary, "wb") as file:
            while len(ids) <= max_distinct and (chunk := next(chunks, None)):
                encode_chunk(chunk, ids).tofile(file)
        counts = np.zeros(len(ids), np.int64)
        for block in read_blocks(temporary):
            np.add.at(counts, block & ID, 1)
    if NO_WORD in ids:
        counts[ids[NO_WORD]] = 0
    num_words, listed = int(counts.sum()), counts.tolist()  # faster one by one
    words = (word for word in sorted(ids) if word != NO_WORD)
    write_words(((word, ids[word], listed[ids[word]]) for word in words), part.words)
    return Part(path, num_words, len(ids))


def encode_chunk(chunk: Chunk, ids: dict[str, int]) -> np.ndarray:
    """Return the ids of the words with border bits, uint32, shape (words,)."""
    numbers = map(ids.__getitem__, chunk.tokens)
    tokens = np.fromiter(numbers, TOKEN, len(chunk.tokens))
    tokens[chunk.starts] |= FIRST_OF_SENTENCE
    return tokens


def read_blocks(path: Path) -> Iterator[np.ndarray]:
    """Read a file of tokens, uint32, a block at a time."""
    with open(path, "rb") as file:
        while len(block := np.fromfile(file, TOKEN, _BLOCK)):
            yield block


def write_words(words: Iterable[tuple[str, int, int]], path: Path) -> None:
    """Write words, each with its id and its count."""
    with (
        atomic_write(path) as temporary,
        open(temporary, "w", encoding="utf-8", newline="\n") as file,
    ):
        file.writelines(f"{word}\t{number}\t{n}\n" for word, number, n in words)


def read_words(path: Path) -> Iterator[tuple[str, int, int]]:
    """Read what `write_words` has written."""
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            word, number, count = line.split("\t")
            yield word, int(number), int(count)
