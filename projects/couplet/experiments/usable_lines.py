"""Whether a first line is usable, by rules and by a judge that has not written it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.counting.line_ids import encode_lines
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.modern_readings import OBLIQUE
from projects.couplet.lines.rules import check_first_line
from projects.couplet.lines.tones import Tones
from projects.couplet.tokens import START, UNKNOWN, Tokens

LENGTHS = (5, 7)
_ORDER = 3
_STRANGE = 0.95  # share of people's lines that are not stranger than is allowed

CHECKS = ("length", "ends 仄", "tones alternate", "repeats none", "new", "reads well")


@dataclass(frozen=True, eq=False)
class Judge:
    """What lines are held to.

    Attributes:
        tones: How characters are read.
        known: Lines that would be copied.
        trigrams: Fitted on first lines of people.
        tokens: Its characters.
        bound: Perplexity that 95 % of people's held-out lines do not exceed.
    """

    tones: Tones
    known: Collection[str]
    trigrams: NgramModel
    tokens: Tokens
    bound: float = np.inf

    @classmethod
    def of(
        cls,
        learned: Sequence[str],
        held_out: Sequence[str],
        known: Collection[str],
        tones: Tones,
    ) -> "Judge":
        """Make a judge.

        Args:
            learned: First lines of people, to count in.
            held_out: Others, to set the bound by.
            known: Lines that would be copied.
            tones: How characters are read.
        """
        tokens = Tokens.from_lines(learned, min_count=2)
        lines = encode_lines(learned, tokens)
        trigrams = NgramModel.fit(
            lines, order=_ORDER, vocabulary_size=len(tokens), start=START
        )
        judge = cls(tones, known, trigrams, tokens)
        bound = float(np.quantile(judge.perplexities(held_out), _STRANGE))
        return cls(tones, known, trigrams, tokens, bound)

    def perplexities(self, lines: Sequence[str]) -> np.ndarray:
        """Return the perplexity of each line per known character; (lines,)."""
        ids = encode_lines(lines, self.tokens)
        counted = ids.ids != UNKNOWN
        surprise = ids.sum_each(np.where(counted, -self.trigrams.log_probs(ids), 0))
        return np.exp(surprise / np.maximum(1, ids.sum_each(counted * 1.0)))

    def check(self, lines: Sequence[str]) -> np.ndarray:
        """Return what holds of lines: booleans, (lines, CHECKS)."""
        well = self.perplexities(lines) <= self.bound
        return np.array(
            [
                [*self._rules(line), line not in self.known, reads]
                for line, reads in zip(lines, well, strict=True)
            ]
        )

    def _rules(self, line: str) -> list[bool]:
        length = len(line) in LENGTHS and all(map(is_han, line))
        _, alternation = check_first_line(line, self.tones)
        return [
            length,
            self.tones.of(line[-1]).may_be(OBLIQUE),
            alternation.passed is True,
            not _repeats(line),
        ]


def _repeats(line: str) -> bool:
    """Tell whether a character comes again, but right behind itself (冉冉)."""
    single = [char for i, char in enumerate(line) if i == 0 or char != line[i - 1]]
    return len(set(single)) < len(single)
