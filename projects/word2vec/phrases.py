"""Pairs of words that stand together more often than chance joins: new_york.

The score is that of Mikolov et al. (2013), "Distributed representations of words and
phrases and their compositionality", equation 6: of a pair (a, b) that stands n(ab)
times, (n(ab) - min_count) / (n(a) n(b)), here times the number of words, so that it
does not depend on the length of the corpus.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.vocabulary import Vocabulary
from projects.word2vec.encoding import FIRST_OF_SENTENCE, ID, TOKEN, read_blocks
from projects.word2vec.merging import GONE, Renumbering, write_tokens

MAX_PAIRS = 16_000_000  # different pairs that are held while they are counted

_FIRST_WORD = np.uint64(32)  # the bits that a pair's first word is shifted by


@dataclass(frozen=True)
class PairCounts:
    """How often words stand beside each other.

    Attributes:
        pairs: uint64, shape (pairs,), ascending: the first id times 2^32 plus the
            second.
        counts: int64, shape (pairs,).
        dropped: Pairs that stood at most so often were dropped while counting; 0:
            all counts are exact.
    """

    pairs: np.ndarray
    counts: np.ndarray
    dropped: int = 0


def join_phrases(
    path: Path,
    vocabulary: Vocabulary,
    *,
    min_count: int,
    threshold: float,
    last: bool,
    max_size: int = 0,
) -> tuple[Vocabulary, str]:
    """Join pairs of words in a file of tokens, once.

    Args:
        path: Tokens by the ids of the vocabulary, where the id after the last
            stands for any other word; it is replaced.
        vocabulary: The words and their counts.
        min_count: Rarer words and phrases count as other words.
        threshold: The score that a pair must exceed.
        last: Whether other words are left out of the file at the end.
        max_size: Most words and phrases, the commonest; 0 means all.

    Returns:
        The new vocabulary, and what is to be told.
    """
    found = count_pairs(read_blocks(path), other=len(vocabulary))
    num_words = path.stat().st_size // TOKEN.itemsize
    phrases = find_phrases(found, vocabulary.counts, num_words, min_count, threshold)
    names = [_name(vocabulary, pair) for pair in phrases.tolist()]
    known = {name: number for number, name in enumerate(vocabulary.tokens)}
    for name in names:  # two ways to one phrase, or to a word: a + b_c, a_b + c
        known.setdefault(name, len(known) + 1)  # one more: `other` is taken
    new = np.fromiter((known[name] for name in names), TOKEN, len(names))
    joined = path.with_name(f"{path.name}.joined")
    write_tokens(join_pairs(read_blocks(path), phrases, new), joined)

    counts = np.zeros(len(known) + 1, np.int64)
    for block in read_blocks(joined):
        np.add.at(counts, block & ID, 1)
    numbers = {name: int(counts[number]) for name, number in known.items()}
    smaller = Vocabulary.from_counts(numbers, min_count=min_count, max_size=max_size)
    table = np.full(len(counts), GONE if last else len(smaller), TOKEN)
    for number, name in enumerate(smaller.tokens):
        table[known[name]] = number
    renumber = Renumbering()
    write_tokens((renumber(block, table) for block in read_blocks(joined)), path)
    joined.unlink()
    told = f"pairs of words joined to phrases: {len(phrases):,}"
    if found.dropped:
        told += f" (of those that stood more than {found.dropped} times)"
    return smaller, told


def find_phrases(
    found: PairCounts,
    counts: np.ndarray,
    num_words: int,
    min_count: int,
    threshold: float,
) -> np.ndarray:
    """Return the pairs whose score exceeds the threshold, uint64, ascending.

    Args:
        found: The pairs.
        counts: int64, shape (words,), of the single words.
        num_words: Length of the corpus in words.
        min_count: Taken off the count of each pair: rare pairs are chance.
        threshold: The least score.
    """
    first, second = counts[_first(found.pairs)], counts[_second(found.pairs)]
    score = (found.counts - min_count) / first / second * num_words
    return found.pairs[score > threshold]


def count_pairs(
    blocks: Iterable[np.ndarray], other: int, max_pairs: int = MAX_PAIRS
) -> PairCounts:
    """Count which words follow which in the same sentence.

    Args:
        blocks: uint32, tokens with border bits.
        other: The id that stands for any other word; its pairs do not count.
        max_pairs: When more are held, the rarest are dropped.
    """
    held = PairCounts(np.empty(0, np.uint64), np.empty(0, np.int64))
    before = np.empty(0, TOKEN)
    for block in blocks:
        block = np.concatenate([before, block])
        before = block[-1:]
        pairs, beside = _pairs(block)
        beside &= (_first(pairs) != other) & (_second(pairs) != other)
        new = PairCounts(*np.unique(pairs[beside], return_counts=True))
        held = _drop_rarest(_add(held, new), max_pairs)
    return held


def _add(held: PairCounts, new: PairCounts) -> PairCounts:
    pairs = np.concatenate([held.pairs, new.pairs])
    counts = np.concatenate([held.counts, new.counts])
    order = np.argsort(pairs, kind="stable")  # fast: it finds two ascending runs
    pairs, counts = pairs[order], counts[order]
    begins = np.flatnonzero(np.diff(pairs, prepend=~pairs[:1]))
    if not len(begins):
        return held
    return PairCounts(pairs[begins], np.add.reduceat(counts, begins), held.dropped)


def _drop_rarest(held: PairCounts, max_pairs: int) -> PairCounts:
    dropped = held.dropped
    while len(held.pairs) > max_pairs:
        dropped += 1
        kept = held.counts > dropped
        held = PairCounts(held.pairs[kept], held.counts[kept], dropped)
    return held


def join_pairs(
    blocks: Iterable[np.ndarray], phrases: np.ndarray, new: np.ndarray
) -> Iterator[np.ndarray]:
    """Join pairs from left to right; a word that was joined joins no other.

    Args:
        blocks: uint32, tokens with border bits.
        phrases: uint64, the pairs, ascending.
        new: uint32, the id of each of them once it is joined.

    Yields:
        uint32, the tokens after joining.
    """
    before = np.empty(0, TOKEN)
    for block in blocks:
        joined, before = _join_block(np.concatenate([before, block]), phrases, new)
        yield joined
    yield before


def _join_block(
    block: np.ndarray, phrases: np.ndarray, new: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the block after joining, and its last word if that is still free."""
    pairs, beside = _pairs(block)
    where = np.flatnonzero(beside & np.isin(pairs, phrases))
    # Of pairs that overlap in a row, the first, the third, ... are joined.
    begins = np.diff(where, prepend=-2) > 1
    row = np.maximum.accumulate(np.where(begins, where, 0)) if len(where) else where
    where = where[(where - row) % 2 == 0]
    joined = block.copy()
    borders = block[where] & FIRST_OF_SENTENCE
    joined[where] = new[np.searchsorted(phrases, pairs[where])] | borders
    kept = np.ones(len(block), bool)
    kept[where + 1] = False
    free = len(block) - 1 if kept[-1:].any() else len(block)
    return joined[:free][kept[:free]], joined[free:]


def _pairs(block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each word with its next one, and whether they share a sentence."""
    ids = (block & ID).astype(np.uint64)
    pairs = (ids[:-1] << _FIRST_WORD) | ids[1:]
    return pairs, block[1:] < FIRST_OF_SENTENCE


def _first(pairs: np.ndarray) -> np.ndarray:
    return pairs >> _FIRST_WORD


def _second(pairs: np.ndarray) -> np.ndarray:
    return pairs & np.uint64((1 << 32) - 1)


def _name(vocabulary: Vocabulary, pair: int) -> str:
    first, second = divmod(pair, 1 << 32)
    return f"{vocabulary.tokens[first]}_{vocabulary.tokens[second]}"
