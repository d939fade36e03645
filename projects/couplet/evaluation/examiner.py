"""What second lines are worth, whoever wrote them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.counting.line_ids import encode_lines
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.evaluation.exam import Exam
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.rules import check_first_line, check_pair, structure_holds
from projects.couplet.lines.tones import Tones
from projects.couplet.metrics import bleu, distinct, letters, perplexity
from projects.couplet.tokens import START, Tokens

ANSWERED = (2, 3, 5)  # so many human answers has a line on which people are scored
_ENDS, _OPPOSED = "仄起平落", "tones opposed"


@dataclass(frozen=True)
class Worth:
    """Figures of answers, one to each line of an exam. Shares are from 0 to 1.

    Attributes:
        bleu: BLEU-4 without punctuation against all human answers; NaN for people,
            who are among them.
        one_reference: BLEU-4 against the first human answer, by how many answers
            the lines have at least; for people: their last answer.
        other_references: The same, against all human answers but the last.
        counts: How many lines these are.
        structure: Share of pairs that keep the four rules of structure.
        ends: Share whose first line ends on 仄 and whose second on 平.
        opposed: Share whose tones are opposed at all key positions.
        opposed_fit: The same, among first lines that may end on 仄: where one
            cannot, the rules of ends and opposition contradict each other.
        coherence: Perplexity of the answers alone per Chinese character, by a
            bigram model of second lines.
        distinct: Shares of different characters and of different bigrams.
    """

    bleu: float
    one_reference: dict[int, float]
    other_references: dict[int, float]
    counts: dict[int, int]
    structure: float
    ends: float
    opposed: float
    opposed_fit: float
    coherence: float
    distinct: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Examiner:
    """Judges answers.

    Attributes:
        exam: The questions.
        tones: How characters are read.
        tokens: The characters of `bigrams`.
        bigrams: Fitted on second lines of the training.
        known: Chinese characters that all systems know; perplexities count these.
    """

    exam: Exam
    tones: Tones
    tokens: Tokens
    bigrams: NgramModel
    known: frozenset[str]

    def judge(self, answers: Sequence[str]) -> Worth:
        """Judge one answer to each line of the exam."""
        references = [list(map(letters, people)) for people in self.exam.answers]
        own = list(map(letters, answers))
        return self._judge(answers, own, bleu(own, references))

    def judge_people(self) -> Worth:
        """Judge what people answered: their first answers, for BLEU their last."""
        last = [letters(people[-1]) for people in self.exam.answers]
        return self._judge([people[0] for people in self.exam.answers], last, math.nan)

    def _judge(self, answers: Sequence[str], own: list[str], score: float) -> Worth:
        pairs = list(zip(self.exam.lines, answers, strict=True))
        texts = list(map(letters, answers))
        held = {least: self._hold(own, least) for least in ANSWERED}
        return Worth(
            score,
            {least: one for least, (one, _, _) in held.items()},
            {least: others for least, (_, others, _) in held.items()},
            {least: count for least, (_, _, count) in held.items()},
            share(structure_holds(*pair) for pair in pairs),
            *self._judge_tones(pairs),
            self.coherence(answers),
            (distinct(texts), distinct(texts, 2)),
        )

    def _hold(self, own: list[str], least: int) -> tuple[float, float, int]:
        """Return BLEU against one answer, against others, and the number of lines."""
        many = [
            (line, list(map(letters, people)))
            for line, people in zip(own, self.exam.answers, strict=True)
            if len(people) >= least
        ]
        lines = [line for line, _ in many]
        one = bleu(lines, [people[:1] for _, people in many])
        return one, bleu(lines, [people[:-1] for _, people in many]), len(many)

    def _judge_tones(
        self, pairs: Sequence[tuple[str, str]]
    ) -> tuple[float, float, float]:
        """Return the shares of right ends and of opposed tones, of all and of fit."""
        ends, opposed, fit = [], [], []
        for first, second in pairs:
            found = {f.rule: f.passed for f in check_pair(first, second, self.tones)}
            ends.append(found[_ENDS] is not False)
            opposed.append(found[_OPPOSED] is True)
            fit.append(check_first_line(first, self.tones)[0].passed is not False)
        kept = [good for good, fits in zip(opposed, fit, strict=True) if fits]
        return share(ends), share(opposed), share(kept)

    def coherence(self, lines: Sequence[str]) -> float:
        """Return the perplexity of lines per Chinese character; see `Worth`."""
        ids = encode_lines(lines, self.tokens)
        return perplexity(self.bigrams.log_probs(ids)[self.tokens.han_mask[ids.ids]])

    def counts(self, line: str) -> np.ndarray:
        """Tell which characters of a line count for perplexities: booleans."""
        return np.array([char in self.known for char in line], bool)


def fit_bigrams(seconds: Sequence[str], tokens: Tokens) -> NgramModel:
    """Fit the model that `Worth.coherence` goes by."""
    lines = encode_lines(seconds, tokens)
    return NgramModel.fit(lines, order=2, vocabulary_size=len(tokens), start=START)


def count_left_out(lines: Iterable[str], known: frozenset[str]) -> float:
    """Return the share of the Chinese characters of lines that are not known."""
    return share(char not in known for line in lines for char in line if is_han(char))


def share(values: Iterable[bool]) -> float:
    """Return how many of some truths hold, from 0 to 1; NaN for none."""
    values = list(values)
    return sum(values) / len(values) if values else math.nan
