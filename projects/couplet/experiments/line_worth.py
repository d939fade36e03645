"""How well answers match their first lines, and how well they read by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.counting.count_table import CountTable, join_ids
from projects.couplet.counting.line_ids import LineIds, encode_lines
from projects.couplet.counting.partners import PairCounts
from projects.couplet.evaluation.examiner import Examiner
from projects.couplet.tokens import UNKNOWN, Tokens


@dataclass(frozen=True)
class LineWorth:
    """Figures of one system's answers.

    Attributes:
        matched: Mean of log P(b | a) / P(b) over the characters b of the answers and
            those they face, in nats: how much likelier they face each other than by
            chance.
        structure: Share of answers that keep the four rules of structure.
        coherence: Perplexity of the answers by themselves, per character.
        new_pairs: Share of neighboring characters that stand side by side in no
            second line counted in.
    """

    matched: float
    structure: float
    coherence: float
    new_pairs: float


@dataclass(frozen=True, eq=False)
class Neighbors:
    """Which characters stand side by side in lines.

    Attributes:
        table: Counts of the second of two neighbors, after the first.
        tokens: The characters.
    """

    table: CountTable
    tokens: Tokens

    @classmethod
    def of(cls, lines: Sequence[str], tokens: Tokens) -> "Neighbors":
        """Count neighbors in lines."""
        left, right = _side_by_side(encode_lines(lines, tokens), tokens)
        return cls(CountTable.from_pairs(left, right, len(tokens)), tokens)

    def share_new(self, lines: Sequence[str]) -> float:
        """Return the share of the neighbors in lines that were never counted."""
        left, right = _side_by_side(encode_lines(lines, self.tokens), self.tokens)
        return float((self.table.count(left, right) == 0).mean())


def judge(
    answers: Sequence[str], examiner: Examiner, counts: PairCounts, neighbors: Neighbors
) -> LineWorth:
    """Judge one answer to each line of the exam.

    Args:
        answers: What was answered.
        examiner: With the lines.
        counts: Who faces whom.
        neighbors: Who stands beside whom.
    """
    worth = examiner.judge(answers)
    return LineWorth(
        _match(examiner.exam.lines, answers, counts, examiner.tokens),
        worth.structure,
        worth.coherence,
        neighbors.share_new(answers),
    )


def _match(
    lines: Sequence[str], answers: Sequence[str], counts: PairCounts, tokens: Tokens
) -> float:
    equal = [(a, b) for a, b in zip(lines, answers, strict=True) if len(a) == len(b)]
    first, second = (
        encode_lines([pair[side] for pair in equal], tokens).ids for side in (0, 1)
    )
    counted = tokens.han_mask[first] & tokens.han_mask[second]
    return float(counts.pmi(first[counted], second[counted]).mean())


def _side_by_side(lines: LineIds, tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of Chinese characters with such a one before, and of that one."""
    before = lines.previous(1, UNKNOWN)
    both = tokens.han_mask[lines.ids] & tokens.han_mask[before]
    left = join_ids([before[both]], len(tokens))
    return left, lines.ids[both].astype(np.int64)
