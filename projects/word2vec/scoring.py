"""How well vectors answer analogies and agree with people about likeness."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np

from common.vocabulary import Vocabulary
from projects.word2vec.metrics import accuracy, spearman
from projects.word2vec.questions import Analogies, Pairs

_BLOCK = 256  # questions answered by one matrix product


class Vectors(Protocol):
    """What is scored: `WordVectors`, or a baseline that acts like them."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the rows."""

    @property
    def unit(self) -> np.ndarray:
        """The vectors at length 1, shape (num_words, embedding_dim)."""

    def commonest(self, num_words: int) -> "Vectors":
        """Return the vectors of the first `num_words` words; 0 means all."""

    def similarity(self, one: str, other: str) -> float:
        """Return the cosine of two words."""


@dataclass(frozen=True)
class Exam:
    """Tests by their names."""

    analogies: Mapping[str, Analogies]
    pairs: Mapping[str, Pairs]


@dataclass(frozen=True)
class SectionScore:
    """Answers to the questions of a section, or of several.

    A question is answerable if all four words are known.
    """

    section: str
    correct: int
    answerable: int
    asked: int

    @property
    def accuracy(self) -> float:
        """The share of the answerable questions; NaN if there are none."""
        return accuracy(self.correct, self.answerable)


@dataclass(frozen=True)
class AnalogyScore:
    """Answers to a file of analogies, section by section."""

    sections: tuple[SectionScore, ...]

    @property
    def total(self) -> SectionScore:
        """All sections together."""
        return self._sum("total", self.sections)

    @property
    def semantic(self) -> SectionScore:
        """The sections about the world: countries, currencies, families."""
        parts = [s for s in self.sections if not _is_grammar(s)]
        return self._sum("semantic", parts)

    @property
    def syntactic(self) -> SectionScore:
        """The sections about grammar, by the Google set's names `gram...`."""
        return self._sum("syntactic", [s for s in self.sections if _is_grammar(s)])

    @staticmethod
    def _sum(name: str, parts: Sequence[SectionScore]) -> SectionScore:
        return SectionScore(
            name,
            sum(part.correct for part in parts),
            sum(part.answerable for part in parts),
            sum(part.asked for part in parts),
        )


@dataclass(frozen=True)
class PairScore:
    """Agreement with people about the likeness of words.

    Attributes:
        spearman: Rank correlation of cosines and people's scores; NaN where the
            cosines do not differ.
        covered: Pairs of which both words are known.
        asked: All pairs.
        unknown: The words that are not, in order.
    """

    spearman: float
    covered: int
    asked: int
    unknown: tuple[str, ...]


Scores = dict[str, AnalogyScore | PairScore]


def evaluate_vectors(vectors: Vectors, exam: Exam, restrict: int = 30_000) -> Scores:
    """Score vectors on all tests.

    Args:
        vectors: What is scored.
        exam: The tests.
        restrict: Analogies are asked and answered among this many commonest words
            only; 0 means all. Pairs are always sought among all words.

    Returns:
        The score of each test by its name.
    """
    analogies = {
        name: score_analogies(vectors, questions, restrict)
        for name, questions in exam.analogies.items()
    }
    pairs = {name: score_pairs(vectors, test) for name, test in exam.pairs.items()}
    return {**analogies, **pairs}


def score_analogies(
    vectors: Vectors, analogies: Analogies, restrict: int = 0
) -> AnalogyScore:
    """Answer "a is to b as c is to ?" by the word nearest to b - a + c (3CosAdd).

    Upper and lower case are the same: the first spelling in the vocabulary, the
    commonest, stands for a word of the question, and any spelling is an answer.
    The three words of the question are none, whatever their case. A tie is no
    answer.

    Args:
        vectors: What is scored.
        analogies: See `read_analogies`.
        restrict: Ask and answer among this many commonest words; 0 means all.
    """
    vectors = vectors.commonest(restrict)
    asked = [question for section in analogies.values() for question in section]
    spellings = _find_spellings(
        vectors.vocabulary, {word for question in asked for word in question}
    )
    scores = []
    for section, questions in analogies.items():
        rows = [[spellings.get(w.upper()) for w in q] for q in questions]
        known = [question for question in rows if None not in question]
        blocks = (known[i : i + _BLOCK] for i in range(0, len(known), _BLOCK))
        correct = sum(_count_correct(vectors.unit, block) for block in blocks)
        scores.append(SectionScore(section, correct, len(known), len(questions)))
    return AnalogyScore(tuple(scores))


def score_pairs(vectors: Vectors, pairs: Pairs) -> PairScore:
    """Compare the cosines of pairs of words with people's scores.

    Upper and lower case are the same, as in `score_analogies`.
    """
    tokens = vectors.vocabulary.tokens
    words = list(dict.fromkeys(word for pair in pairs for word in pair[:2]))
    spellings = _find_spellings(vectors.vocabulary, words)
    found = {
        w: tokens[spellings[w.upper()][0]] for w in words if w.upper() in spellings
    }
    known = [pair for pair in pairs if pair[0] in found and pair[1] in found]
    cosines = [vectors.similarity(found[a], found[b]) for a, b, _ in known]
    agreement = spearman(np.array(cosines), np.array([score for *_, score in known]))
    unknown = tuple(word for word in words if word not in found)
    return PairScore(agreement, len(known), len(pairs), unknown)


def to_json(scores: Scores) -> dict[str, dict]:
    """Return the scores as JSON holds them."""
    return {
        name: _analogies_to_json(score)
        if isinstance(score, AnalogyScore)
        else asdict(score)
        for name, score in scores.items()
    }


def _analogies_to_json(score: AnalogyScore) -> dict:
    def of(part: SectionScore) -> dict:
        return {**asdict(part), "accuracy": part.accuracy}

    totals = (score.total, score.semantic, score.syntactic)
    sections = {"sections": [of(section) for section in score.sections]}
    return {part.section: of(part) for part in totals} | sections


def _is_grammar(score: SectionScore) -> bool:
    return score.section.startswith("gram")


def _find_spellings(
    vocabulary: Vocabulary, words: Collection[str]
) -> dict[str, list[int]]:
    """Return the ids of all spellings of words by their upper case, ascending."""
    wanted = {word.upper() for word in words}
    spellings: dict[str, list[int]] = {}
    for number, token in enumerate(vocabulary.tokens):
        if (upper := token.upper()) in wanted:
            spellings.setdefault(upper, []).append(number)
    return spellings


def _count_correct(unit: np.ndarray, questions: list[list[list[int]]]) -> int:
    """Count the questions whose answer is nearer than every other word.

    Args:
        unit: shape (num_words, embedding_dim), rows of length 1.
        questions: the ids of the spellings of a, b, c, d, for each question.
    """
    a, b, c = (np.array([q[i][0] for q in questions]) for i in range(3))
    # The length of b - a + c is left out: it changes no order within a row.
    products = (unit[b] - unit[a] + unit[c]) @ unit.T  # (questions, num_words)
    if not isinstance(products, np.ndarray):
        products = products.toarray()  # of sparse vectors
    for row, (*given, _) in enumerate(questions):
        products[row, [id_ for spellings in given for id_ in spellings]] = -math.inf
    answers = np.empty(len(questions), products.dtype)
    for row, (*_, expected) in enumerate(questions):
        answers[row] = products[row, expected].max()
        products[row, expected] = -math.inf
    return int((answers > products.max(axis=1)).sum())
