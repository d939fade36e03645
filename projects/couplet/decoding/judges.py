"""Judges of second lines: three questions to one model.

The model learned pairs forwards, backwards and with blanked sources (`Lessons`), so it
tells p(b | a), p(a | b) and p(b). An answer that says little is probable whatever was
asked; p(a | b) tells whether it answers this line (maximum mutual information: Li,
Galley, Brockett, Gao, Dolan 2016).
"""

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.network.skills import Skills
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import BLANK, START_REVERSED

_CHARACTERS = 8192  # judged at once: their logits are 180 MB


@dataclass(frozen=True)
class Weights:
    """How much each judge says beside log p(b | a).

    Attributes:
        reverse: For log p(a | b).
        fluency: For log p(b).
    """

    reverse: float = 1.0
    fluency: float = 0.0

    @classmethod
    def of(cls, skills: Skills) -> "Weights":
        """Return the usual weights, without judges that have learned nothing."""
        usual = cls()
        return cls(usual.reverse * skills.reverse, usual.fluency * skills.blank)


@dataclass(frozen=True)
class Verdict:
    """What the judges say of a pair, in nats.

    Attributes:
        log_prob: log p(b | a).
        reverse_log_prob: log p(a | b); None from a model that never learned it.
        fluency: log p(b) per character that is not punctuation; None likewise, and
            where it has no weight until `Judges.tell_fluency`.
        score: The weighted sum.
    """

    log_prob: float
    reverse_log_prob: float | None
    fluency: float | None
    score: float


@dataclass(frozen=True)
class Judges:
    """Judges with their weights."""

    translator: Translator
    weights: Weights = Weights()

    def judge(
        self,
        sources: np.ndarray,
        targets: np.ndarray,
        forward: np.ndarray | None = None,
    ) -> list[Verdict]:
        """Judge pairs of one length.

        Args:
            sources: Ids of first lines, int32, (pairs, length).
            targets: Ids of second lines, the same shape.
            forward: log p(b | a), (pairs,), where a search has found it already.
        """
        rows = max(1, _CHARACTERS // sources.shape[1])
        parts = [
            self._judge(
                sources[begin : begin + rows],
                targets[begin : begin + rows],
                None if forward is None else forward[begin : begin + rows],
            )
            for begin in range(0, len(sources), rows)
        ]
        return list(itertools.chain.from_iterable(parts))

    def tell_fluency(
        self, verdicts: Sequence[Verdict], sources: np.ndarray, targets: np.ndarray
    ) -> list[Verdict]:
        """Return verdicts with their fluency, for the few pairs that are shown."""
        if self.weights.fluency or not self.translator.skills.blank:
            return list(verdicts)
        alone = self._fluency(sources, targets) / self._characters(targets)
        return [
            dataclasses.replace(verdict, fluency=float(own))
            for verdict, own in zip(verdicts, alone, strict=True)
        ]

    def _judge(
        self, sources: np.ndarray, targets: np.ndarray, forward: np.ndarray | None
    ) -> list[Verdict]:
        ask, weights = self.translator.log_probs, self.weights
        if forward is None:
            forward = ask(sources, targets).sum(axis=1)
        scores = forward
        backward = fluency = [None] * len(sources)
        if self.translator.skills.reverse:
            backward = ask(targets, sources, START_REVERSED).sum(axis=1)
            scores = scores + weights.reverse * backward
        if self.translator.skills.blank and weights.fluency:
            alone = self._fluency(sources, targets)
            fluency = alone / self._characters(targets)
            scores = scores + weights.fluency * alone
        rows = zip(forward, backward, fluency, scores, strict=True)
        return [
            Verdict(*(None if x is None else float(x) for x in row)) for row in rows
        ]

    def _fluency(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return log p(b): of the first line nothing but its punctuation is told."""
        han = self.translator.tokens.han_mask
        blanked = np.where(han[sources], np.int32(BLANK), sources)
        return self.translator.log_probs(blanked, targets).sum(axis=1)

    def _characters(self, targets: np.ndarray) -> np.ndarray:
        return np.maximum(self.translator.tokens.han_mask[targets].sum(axis=1), 1)
