"""From provisional ids to those of the vocabulary, where the commonest word is 0."""

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np

from common.files import atomic_write
from common.vocabulary import Vocabulary
from projects.word2vec.encoding import (
    FIRST_OF_SENTENCE,
    ID,
    TOKEN,
    Part,
    read_blocks,
    read_words,
    write_words,
)

GONE = ID  # in the place of a new id: the word is left out

_OPEN_FILES = 256  # at a time; systems allow 1024 or fewer
_SPARE = 100_000  # words held beyond the limit, so that few sortings are needed


@dataclass(frozen=True)
class Counts:
    """The words of all parts together.

    Attributes:
        vocabulary: The words that are kept.
        num_distinct: How many different words there are.
        num_common: How many of them stand often enough; more than the vocabulary
            has if it was limited.
        commonest: The most frequent word, "" if there is none.
        commonest_count: How often it stands.
    """

    vocabulary: Vocabulary
    num_distinct: int
    num_common: int
    commonest: str
    commonest_count: int


def count_words(parts: Sequence[Part], min_count: int, max_size: int) -> Counts:
    """Add up the counts of the parts; exact, in memory bounded by `max_size`.

    Args:
        parts: Whose words are sorted on the disk.
        min_count: Rarer words are left out.
        max_size: Most words that are kept, the commonest.
    """
    common: dict[str, int] = {}
    num_distinct = num_common = best = 0
    commonest, floor = "", min_count
    for word, count in _add_up(parts):
        num_distinct += 1
        if count > best:
            commonest, best = word, count
        num_common += count >= min_count
        if count >= floor:
            common[word] = count
        if len(common) > max_size + max_size // 8 + _SPARE:
            common = _commonest(common, max_size)
            # Of equally common words the first in the alphabet stay: those held.
            floor = min(common.values()) + 1
    vocabulary = Vocabulary.from_counts(common, max_size=max_size)
    return Counts(vocabulary, num_distinct, num_common, commonest, best)


def _add_up(parts: Sequence[Part]) -> Iterator[tuple[str, int]]:
    """Yield each word of the parts once, in their order, with its count."""
    waiting = [part.words for part in parts]
    while len(waiting) > _OPEN_FILES:
        some, waiting = waiting[:_OPEN_FILES], waiting[_OPEN_FILES:]
        waiting.append(some[0].with_name(f"{some[0].name}+"))
        write_words(((word, 0, n) for word, n in _merge(some)), waiting[-1])
    return _merge(waiting)


def _merge(files: Sequence[Path]) -> Iterator[tuple[str, int]]:
    streams = [((word, n) for word, _, n in read_words(file)) for file in files]
    together = itertools.groupby(heapq.merge(*streams), key=itemgetter(0))
    return ((word, sum(n for _, n in same)) for word, same in together)


def _commonest(counts: dict[str, int], size: int) -> dict[str, int]:
    vocabulary = Vocabulary.from_counts(counts, max_size=size)
    return dict(zip(vocabulary.tokens, vocabulary.counts.tolist(), strict=True))


def renumbered(
    parts: Iterable[Part], vocabulary: Vocabulary, other: int
) -> Iterator[np.ndarray]:
    """Read the parts with the ids of the vocabulary, uint32, a block at a time.

    Args:
        parts: All parts of a corpus, in their order.
        vocabulary: Says the new ids.
        other: The new id of all other words, or `GONE`.
    """
    renumber = Renumbering()
    for part in parts:
        table = np.full(part.num_ids, GONE, TOKEN)  # also for what is no word
        for word, number, _ in read_words(part.words):
            new = vocabulary.id(word)
            table[number] = other if new is None else new
        for block in read_blocks(part.tokens):
            yield renumber(block, table)


class Renumbering:
    """Put new ids for old ones, block after block of a file of tokens.

    The border bit of a word that is left out moves on to the next word that is kept
    of its sentence; a sentence of which none is kept vanishes.
    """

    def __init__(self) -> None:
        self._pending = True  # a sentence has begun, none of its words was kept yet

    def __call__(self, block: np.ndarray, table: np.ndarray) -> np.ndarray:
        """Return what is kept of a block.

        Args:
            block: uint32, shape (words,), old ids with border bits.
            table: uint32, shape (old ids,): the new id of each, or `GONE`.

        Returns:
            uint32, shape (kept words,).
        """
        ids = table[block & ID]
        kept = ids != GONE
        sentences = np.cumsum(block >= FIRST_OF_SENTENCE)
        last = -1 if self._pending else 0
        of_kept = sentences[kept]
        first = np.diff(of_kept, prepend=last) > 0
        if len(block):
            self._pending = bool(sentences[-1] > (of_kept[-1] if kept.any() else last))
        return ids[kept] | np.where(first, FIRST_OF_SENTENCE, np.uint32(0))


def write_tokens(blocks: Iterable[np.ndarray], path: Path) -> None:
    """Write blocks of tokens into one file, which is there when it is whole."""
    with atomic_write(path) as temporary, open(temporary, "wb") as file:
        for block in blocks:
            block.astype(TOKEN, copy=False).tofile(file)
