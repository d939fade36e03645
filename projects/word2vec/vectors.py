"""Words and their vectors: who is near whom."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from common.errors import UserError
from common.files import atomic_write
from common.vocabulary import Vocabulary

VECTORS, VOCABULARY = "vectors.npy", "vocabulary.txt"
_CANCELLED = 1e-5  # a direction shorter than this is rounding error


@dataclass(frozen=True, eq=False)
class WordVectors:
    """A vector for each word of a vocabulary.

    Attributes:
        vocabulary: The words, the commonest first.
        matrix: Their vectors in this order, float32 of shape
            (num_words, embedding_dim); may be mapped from a file.
    """

    vocabulary: Vocabulary
    matrix: np.ndarray

    def __len__(self) -> int:
        return len(self.vocabulary)

    @functools.cached_property
    def lengths(self) -> np.ndarray:
        """The length of each vector, float32 of shape (num_words,); 1 where it is 0.

        Raises:
            UserError: A vector is not finite.
        """
        # Summed as float64: squares of float32 overflow early.
        rows = self.matrix
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
        if not np.isfinite(lengths).all():
            word = self.vocabulary.tokens[int(np.argmin(np.isfinite(lengths)))]
            raise UserError(
                "Expected finite vectors. Received: NaN or infinity in that of"
                f" '{word}'. Train again, with a smaller --learning-rate."
            )
        return np.where(lengths > 0, lengths, 1).astype(np.float32)

    @functools.cached_property
    def unit(self) -> np.ndarray:
        """The vectors at length 1, float32; those of length 0 stay as they are."""
        return self.matrix / self.lengths[:, None]

    def commonest(self, num_words: int) -> "WordVectors":
        """Return the vectors of the first `num_words` words; 0 means all."""
        if not 0 < num_words < len(self):
            return self
        tokens, counts = self.vocabulary.tokens, self.vocabulary.counts
        vocabulary = Vocabulary(tokens[:num_words], counts[:num_words])
        return WordVectors(vocabulary, self.matrix[:num_words])

    def ids(self, words: Sequence[str]) -> list[int]:
        """Return the row of each word.

        Raises:
            UserError: Words are unknown; the nearest by spelling are named.
        """
        found = self.vocabulary.ids(words)
        unknown = [w for w, id_ in zip(words, found, strict=True) if id_ is None]
        if unknown:
            told = "; ".join(map(self._spelled_alike, dict.fromkeys(unknown)))
            raise UserError(
                f"Expected words of the vocabulary ({len(self):,} words)."
                f" Received: {told}."
            )
        return found

    def most_similar(
        self,
        positive: Sequence[str],
        negative: Sequence[str] = (),
        *,
        count: int = 10,
        restrict: int = 0,
    ) -> list[tuple[str, float]]:
        """Return the words nearest to a sum of words, as in king - man + woman.

        Args:
            positive: Words whose unit vectors are added.
            negative: Words whose unit vectors are subtracted.
            count: How many words to return; the given ones are never among them.
            restrict: Choose among this many commonest words; 0: among all.

        Returns:
            Words and cosines, the nearest first, the commoner first at a tie.

        Raises:
            UserError: A word is unknown, or the words cancel each other out.
        """
        asked = self.ids([*positive, *negative])
        signs = np.repeat([1.0, -1.0], [len(positive), len(negative)])
        direction = self._direction(asked, signs)
        limit = min(restrict or len(self), len(self))
        cosines = self.matrix[:limit] @ direction / self.lengths[:limit]
        left_out = {row for row in asked if row < limit}
        cosines[list(left_out)] = -np.inf
        best = _greatest(cosines, min(count, limit - len(left_out)))
        return [(self.vocabulary.tokens[row], float(cosines[row])) for row in best]

    def similarity(self, one: str, other: str) -> float:
        """Return the cosine of two words; 0 where one has no direction."""
        rows = self._unit_rows(self.ids([one, other]))
        return float(np.clip(rows[0] @ rows[1], -1, 1))

    def odd_one_out(self, words: Sequence[str]) -> list[tuple[str, float]]:
        """Return the words with their cosines to the mean, the odd one first.

        Raises:
            UserError: A word is unknown, or there are fewer than three.
        """
        words = list(dict.fromkeys(words))
        if len(words) < 3:
            raise UserError(
                "Expected three different words or more to find the odd one."
                f" Received: {', '.join(words)}. Add words."
            )
        ids = self.ids(words)
        cosines = self._unit_rows(ids) @ self._direction(ids, np.ones(len(ids)))
        order = np.argsort(cosines, kind="stable")
        return [(words[row], float(cosines[row])) for row in order]

    def save(self, folder: Path) -> None:
        """Write vectors.npy and vocabulary.txt, each atomically."""
        self.vocabulary.save(Path(folder) / VOCABULARY)
        with atomic_write(Path(folder) / VECTORS) as temporary:
            np.save(temporary, self.matrix, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "WordVectors":
        """Map what `save` wrote; the matrix is read when it is needed.

        Raises:
            UserError: A file is missing or broken, or the two do not belong
                together.
        """
        vocabulary = Vocabulary.load(Path(folder) / VOCABULARY)
        path = Path(folder) / VECTORS
        matrix = _map(path)
        wanted = f"float32 of {len(vocabulary)} rows, one for each word of {VOCABULARY}"
        if matrix.dtype != np.float32 or matrix.ndim != 2 or not matrix.size:
            _refuse(path, wanted, f"{matrix.dtype} of shape {matrix.shape}")
        if len(matrix) != len(vocabulary):
            _refuse(path, wanted, f"{len(matrix)} rows")
        return cls(vocabulary, matrix)

    def _spelled_alike(self, word: str) -> str:
        near = self.vocabulary.closest(word)
        hint = f"nearest by spelling: {', '.join(near)}" if near else "none is near"
        return f"{word} ({hint})"

    def _unit_rows(self, ids: Sequence[int]) -> np.ndarray:
        return self.matrix[ids] / self.lengths[ids][:, None]

    def _direction(self, ids: Sequence[int], signs: np.ndarray) -> np.ndarray:
        total = signs @ self._unit_rows(ids).astype(np.float64)
        length = np.linalg.norm(total)
        if length < _CANCELLED:
            words = ", ".join(self.vocabulary.tokens[row] for row in ids)
            raise UserError(
                "Expected words whose vectors point somewhere together. Received:"
                f" {words or 'none'}, with a sum of 0. Ask for other words."
            )
        return (total / length).astype(np.float32)


def _greatest(values: np.ndarray, count: int) -> np.ndarray:
    """Return the rows of the `count` greatest values, greatest first, ties by row."""
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    least = np.partition(values, len(values) - count)[len(values) - count]
    rows = np.flatnonzero(values >= least)
    return rows[np.argsort(-values[rows], kind="stable")][:count]


def _map(path: Path) -> np.ndarray:
    try:
        # A plain array of the same memory: rows of a memmap are slow to take.
        return np.asarray(np.lib.format.open_memmap(path, mode="r"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        received = "no such file"
    except (ValueError, EOFError) as error:
        received = f"a broken file ({error})"
    _refuse(path, "the vectors of a run", received)


def _refuse(path: Path, expected: str, received: str) -> NoReturn:
    raise UserError(
        f"Expected {expected} in {path}. Received: {received}."
        " Train again, or name another --run-dir."
    )
