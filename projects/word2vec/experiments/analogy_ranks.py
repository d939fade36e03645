"""king - man + woman, asked with care: what the offset adds, and what is left out.

The usual way to answer (3CosAdd) never answers with a word of the question. Without
that rule the nearest word is nearly always one of the three; and a question may be
answered by the neighbors of its third word alone, whatever the other two are
(Linzen 2016, https://arxiv.org/abs/1606.07736).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.word2vec.vectors import WordVectors

Question = tuple[str, str, str, str]  # "man is to king as woman is to queen"


@dataclass(frozen=True)
class Answers:
    """Ranks of the expected words, from 1; float64, shape (questions,) each.

    Attributes:
        left_out: Nearest to b - a + c, the words of the question left out.
        all_words: The same with the words of the question among the answers.
        alone: Nearest to b alone, a and c left out: the offset unused.
        given_first: Booleans: the nearest word of all is one of the question's.
    """

    left_out: np.ndarray
    all_words: np.ndarray
    alone: np.ndarray
    given_first: np.ndarray


def rank_answers(vectors: WordVectors, questions: Sequence[Question]) -> Answers:
    """Rank the expected answer of each question among all words.

    Args:
        vectors: Of the words that count.
        questions: "a is to b as c is to d"; all words are known. d is sought near
            b - a + c.
    """
    rows = np.array([vectors.ids(question) for question in questions])
    a, b, c, d = rows.T
    unit = np.asarray(vectors.unit)
    given = rows[:, :3]
    offset = _cosines(unit, unit[b] - unit[a] + unit[c])
    near = _cosines(unit, unit[b])
    everything = np.empty((len(rows), 0), int)
    return Answers(
        _ranks(offset, d, given),
        _ranks(offset, d, everything),
        _ranks(near, d, given),
        (offset.argmax(axis=1)[:, None] == given).any(axis=1),
    )


def known_questions(
    vectors: WordVectors, questions: Sequence[Sequence[str]]
) -> list[Question]:
    """Return those questions, in small letters, of which all words are known."""
    lower = [tuple(word.lower() for word in question) for question in questions]
    return [q for q in lower if None not in vectors.vocabulary.ids(q)]


def _cosines(unit: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return float32, (questions, words); their order is that of the cosines."""
    return directions @ unit.T


def _ranks(cosines: np.ndarray, expected: np.ndarray, out: np.ndarray) -> np.ndarray:
    rows = np.arange(len(cosines))
    own = cosines[rows, expected][:, None]
    better = cosines > own
    better[rows[:, None], out] = False
    return better.sum(axis=1) + 1.0
