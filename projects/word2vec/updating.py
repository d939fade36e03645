"""Going on from a finished run with more text and new words."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec.corpus import Corpus
from projects.word2vec.model import word_matrices
from projects.word2vec.pairs import FIRST_OF_SENTENCE
from projects.word2vec.reference import Matrices


@dataclass(frozen=True)
class MoreText:
    """New text in the numbers of a vocabulary that also has the words of a run.

    It has what training needs of a `Corpus`.

    Attributes:
        corpus: the new text.
        vocabulary: the words of both; counts are the sums.
        ids: number of each word of the new text in it, uint32.
    """

    corpus: Corpus
    vocabulary: Vocabulary
    ids: np.ndarray

    @property
    def num_tokens(self) -> int:
        """Words of the new text that are in the vocabulary."""
        return self.corpus.num_tokens

    @property
    def num_words(self) -> int:
        """All words of the new text."""
        return self.corpus.num_words

    @property
    def num_sentences(self) -> int:
        """Sentences of the new text."""
        return self.corpus.num_sentences

    @property
    def description(self) -> str:
        """What the new text is."""
        return f"{self.corpus.description}, after an earlier run"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth telling about the reading of the new text."""
        return self.corpus.notes

    def read(self, start: int, count: int) -> np.ndarray:
        """Return tokens as `Corpus.read` does."""
        tokens = self.corpus.read(start, count)
        first = tokens & np.uint32(FIRST_OF_SENTENCE)
        return self.ids[tokens & np.uint32(FIRST_OF_SENTENCE - 1)] | first


def join(corpus: Corpus, known: Vocabulary) -> MoreText:
    """Return new text with the words of a run's vocabulary added.

    Args:
        corpus: the new text; words rarer in it than its `min_count` are left out
            of it even where the run knows them.
        known: the run's words.
    """
    counts = Counter(dict(zip(known.tokens, known.counts.tolist(), strict=True)))
    new = corpus.vocabulary
    counts.update(dict(zip(new.tokens, new.counts.tolist(), strict=True)))
    vocabulary = Vocabulary.from_counts(counts)
    ids = np.array(vocabulary.ids(new.tokens), np.uint32)
    return MoreText(corpus, vocabulary, ids)


def load_matrices(folder: Path) -> Matrices:
    """Return both matrices of a run.

    Raises:
        UserError: model.keras is missing or broken.
    """
    path = folder / "model.keras"
    try:
        return word_matrices(keras.saving.load_model(path, compile=False))
    except (OSError, ValueError) as error:
        raise UserError(
            f"Expected the model of a run in {path}. Received: {error}. Train again."
        ) from error


def carry_over(
    matrices: Matrices, known: Vocabulary, vocabulary: Vocabulary, seed: int
) -> Matrices:
    """Return matrices for more words: the known rows, and new ones to begin with.

    Args:
        matrices: of the known words, (n, dim) each.
        known: the words of their rows.
        vocabulary: has the known words and others.
        seed: decides the new rows.

    Raises:
        UserError: the second matrix has no row for each word.
    """
    center, context = matrices
    if len(center) != len(known) or len(context) != len(known):
        raise UserError(
            "--update needs a run with a vector per word in both matrices. Received:"
            f" {len(center)} and {len(context)} rows for {len(known)} words (a tree has"
            " nodes instead). Train anew on all the text."
        )
    rows = np.array(vocabulary.ids(known.tokens))
    dim = center.shape[1]
    random = np.random.default_rng([seed])
    more = (random.random((len(vocabulary), dim), np.float32) - 0.5) / dim
    more[rows] = center
    below = np.zeros_like(more)
    below[rows] = context
    return more, below
