"""Questions to word vectors, as people type them, and their answers.

A word asks for its neighbors, `king - man + woman` for those of a sum; `king, queen`
asks how alike two words are, `king, queen, car` which of several is the odd one.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass

from common.errors import UserError
from projects.word2vec.vectors import WordVectors

# As typed on Western and Chinese keyboards.
_PLUS, _MINUS = "+＋", "-−－–"
_COMMA = re.compile("[,，、]")
_HOW = "Write a word, 'king - man + woman', or words with commas between them."


@dataclass(frozen=True)
class Sum:
    """Words to add and words to subtract."""

    positive: tuple[str, ...]
    negative: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """A word of an answer, its cosine, its count in the corpus if that is known."""

    word: str
    cosine: float
    count: int | None


@dataclass(frozen=True)
class Neighbors:
    """The answer to a word or a sum of words, the nearest first."""

    query: str
    nearest: tuple[Scored, ...]

    def to_text(self) -> str:
        """Return a line for each word."""
        return _columns(self.nearest)


@dataclass(frozen=True)
class Similarity:
    """How alike two words are: the cosine of their vectors, from -1 to 1."""

    words: tuple[str, str]
    cosine: float

    def to_text(self) -> str:
        """Return one line."""
        return f"{' ~ '.join(self.words)}  {self.cosine:.3f}"


@dataclass(frozen=True)
class OddOneOut:
    """The word that differs, and all by their cosine to the mean, the odd one first."""

    odd_one_out: str
    words: tuple[Scored, ...]

    def to_text(self) -> str:
        """Return the odd one, then a line for each word."""
        return f"{self.odd_one_out} is the odd one\n{_columns(self.words)}"


def parse_query(text: str, known: Container[str] = ()) -> Sum | tuple[str, ...]:
    """Read what a person typed.

    Args:
        text: See the head of this module. Signs have blanks around them, because
            words may contain a hyphen; `+king -man` is understood, too.
        known: Words that are taken as they are, whatever they contain.

    Returns:
        A sum, or the words of a list with commas.

    Raises:
        UserError: It is none of these.
    """
    text = text.strip()
    if text in known:
        return Sum((text,))
    if _COMMA.search(text):
        words = tuple(word.strip() for word in _COMMA.split(text))
        if all(words):
            return words
        raise UserError(f"Expected a word beside each comma. Received: {text}. {_HOW}")
    return _parse_sum(text, known)


def answer_query(
    vectors: WordVectors, text: str, *, count: int = 10, restrict: int = 0
) -> Neighbors | Similarity | OddOneOut:
    """Answer what a person typed.

    Args:
        vectors: Where to look.
        text: See `parse_query`.
        count: How many neighbors to tell.
        restrict: Look for neighbors among this many commonest words; 0: all.

    Raises:
        UserError: The text is no query, or has unknown words.
    """
    query = parse_query(text, vectors.vocabulary)
    if isinstance(query, Sum):
        found = vectors.most_similar(
            query.positive, query.negative, count=count, restrict=restrict
        )
        return Neighbors(text.strip(), _score(vectors, found))
    if len(query) == 2:
        return compare(vectors, query)
    return find_odd_one(vectors, query)


def compare(vectors: WordVectors, words: Sequence[str]) -> Similarity:
    """Tell how alike two words are."""
    one, other = words
    return Similarity((one, other), round(vectors.similarity(one, other), 6))


def find_odd_one(vectors: WordVectors, words: Sequence[str]) -> OddOneOut:
    """Tell which of three or more words differs from the others."""
    scored = _score(vectors, vectors.odd_one_out(words))
    return OddOneOut(scored[0].word, scored)


def align(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table whose first column is text, the others numbers."""
    widths = [max(map(_width, column), default=0) for column in columns]
    lines = []
    for first, *others in zip(*columns, strict=True):
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [
            cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)
        ]
        lines.append("  ".join(cells))
    return lines


def _parse_sum(text: str, known: Container[str]) -> Sum:
    pieces = [piece for token in text.split() for piece in _split_sign(token, known)]
    if pieces and not _is_sign(pieces[0]):
        pieces.insert(0, "+")
    signs, words = pieces[::2], pieces[1::2]
    alternate = all(_is_sign(sign) for sign in signs)
    alternate &= not any(_is_sign(word) for word in words)
    if not words or len(signs) != len(words) or not alternate:
        raise UserError(
            "Expected words with + or - between them. Received:"
            f" {text or 'nothing'}. {_HOW}"
        )
    signed = list(zip(signs, words, strict=True))
    return Sum(
        tuple(word for sign, word in signed if sign in _PLUS),
        tuple(word for sign, word in signed if sign in _MINUS),
    )


def _split_sign(token: str, known: Container[str]) -> list[str]:
    if token in known or token[0] not in _PLUS + _MINUS:
        return [token]
    return [token[0], token[1:]] if token[1:] else [token]


def _is_sign(piece: str) -> bool:
    return len(piece) == 1 and piece in _PLUS + _MINUS


def _score(
    vectors: WordVectors, found: Sequence[tuple[str, float]]
) -> tuple[Scored, ...]:
    rows = vectors.ids([word for word, _ in found])
    counts = vectors.vocabulary.counts[rows].tolist()
    return tuple(
        Scored(word, round(cosine, 6), count or None)
        for (word, cosine), count in zip(found, counts, strict=True)
    )


def _columns(scored: Sequence[Scored]) -> str:
    columns = [[s.word for s in scored], [f"{s.cosine:.3f}" for s in scored]]
    if all(s.count for s in scored):  # a file of vectors tells no counts
        columns.append([f"{s.count:,}" for s in scored])
    return "\n".join(align(columns))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text fills; Chinese fills two each."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
