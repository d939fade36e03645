"""Beam search for second lines, over many lines and beams at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from projects.couplet.decoding.chooser import Choice, Chooser
from projects.couplet.decoding.constraints import Constraints
from projects.couplet.tokens import START

Arrays = dict[str, np.ndarray]
_LEAST = -1e4  # nats: what is fixed stays possible even if a model rules it out


class StepModel(Protocol):
    """A model that writes one character after another."""

    def begin(self, sources: np.ndarray) -> tuple[Arrays, Arrays]:
        """Read first lines.

        Args:
            sources: int32, shape (lines, length).

        Returns:
            Memory, which stays, and state, which every step replaces: arrays whose
            first axis is the line, later each beam of each line.
        """

    def step(
        self, memory: Arrays, state: Arrays, previous: np.ndarray, position: int
    ) -> tuple[np.ndarray, Arrays]:
        """Go on by one character.

        Args:
            memory: Of `begin`; its rows are repeated as beams come into being.
            state: Of `begin` or of the step before, its rows reordered.
            previous: int32, shape (n,): the last characters. n is the number of
                lines until there is a choice, from then on lines * beams.
            position: Of the character to be written, from 0.

        Returns:
            float32, shape (n, number of tokens): log-probabilities, and the state.
        """


@dataclass(frozen=True)
class Hypothesis:
    """One second line.

    Attributes:
        ids: Of its characters; `Constraints.text` makes the line of them.
        log_prob: Of all characters, nats: the sum of `token_log_probs`.
        token_log_probs: Of each character, given those before it.
        score: What the search ranks by: `log_prob` less the penalties of tones.
    """

    ids: tuple[int, ...]
    log_prob: float
    token_log_probs: tuple[float, ...]
    score: float


def beam_search(
    model: StepModel,
    sources: np.ndarray,
    constraints: Sequence[Constraints],
    *,
    beam: int,
    groups: int = 1,
    diversity: float = 0.0,
    start: int = START,
) -> list[list[Hypothesis]]:
    """Find probable lines that obey their constraints.

    With several groups, each has its share of the beams and searches for itself: what
    an earlier group has chosen for the same position costs a later one `diversity`
    when it chooses, but not in the score.

    Args:
        model: Gives log-probabilities.
        sources: int32, shape (lines, length); all of one length.
        constraints: One for each line.
        beam: Hypotheses to follow for each line, rounded up to a multiple of `groups`.
        groups: See above.
        diversity: Nats for each earlier group, 0 or more.
        start: The id that stands before the first character.

    Returns:
        For each line the different hypotheses of the last beam, at least one, the
        best first.

    Raises:
        ValueError: The constraints are not one for each line, or of another length.
    """
    lines, length = sources.shape
    if [len(c) for c in constraints] != [length] * lines:
        raise ValueError(
            f"`constraints` must be {lines}, of length {length}. Received: lengths"
            f" {[len(c) for c in constraints]}."
        )
    if not lines:
        return []
    share = -(-beam // groups)
    chooser = Chooser(constraints, share=share, groups=groups, diversity=diversity)
    memory, state = model.begin(sources)
    beams = _Beams.begin(lines, length)
    previous = np.full(lines, start, np.int32)
    for position in range(length):
        log_probs, state = model.step(memory, state, previous, position)
        choice = chooser.choose(beams.ids, beams.scores, log_probs, position)
        rows = choice.rows(beams.width)
        if choice.width != beams.width:
            memory = _take(memory, np.repeat(np.arange(lines), choice.width))
        if not np.array_equal(rows, np.arange(len(previous))):
            state = _take(state, rows)
        beams = beams.extend(choice, log_probs, position)
        previous = choice.tokens.ravel()
    return beams.finish()


def _take(arrays: Arrays, rows: np.ndarray) -> Arrays:
    return {name: array[rows] for name, array in arrays.items()}


@dataclass(frozen=True)
class _Beams:
    """What has been written.

    Attributes:
        ids: int32, shape (lines, width, length).
        log_probs: float32, of each token; the same shape.
        scores: float64, shape (lines, width); -inf for a beam that is none.
    """

    ids: np.ndarray
    log_probs: np.ndarray
    scores: np.ndarray

    @classmethod
    def begin(cls, lines: int, length: int) -> "_Beams":
        """Return one empty beam for each line."""
        ids = np.zeros((lines, 1, length), np.int32)
        return cls(ids, ids.astype(np.float32), np.zeros((lines, 1)))

    @property
    def width(self) -> int:
        return self.scores.shape[1]

    def extend(self, choice: Choice, log_probs: np.ndarray, position: int) -> "_Beams":
        """Write the chosen tokens."""
        line = np.arange(len(self.ids))[:, None]
        own = log_probs[choice.rows(self.width), choice.tokens.ravel()]
        own = np.maximum(own, _LEAST).reshape(choice.tokens.shape)
        ids = self.ids[line, choice.parents]
        written = self.log_probs[line, choice.parents]
        ids[:, :, position], written[:, :, position] = choice.tokens, own
        scores = self.scores[line, choice.parents] + own + choice.costs
        return _Beams(ids, written, scores)

    def finish(self) -> list[list[Hypothesis]]:
        """Return the hypotheses of each line, sorted."""
        parts = zip(self.ids, self.log_probs, self.scores, strict=True)
        return [_sort(ids, own, scores) for ids, own, scores in parts]


def _sort(
    ids: np.ndarray, log_probs: np.ndarray, scores: np.ndarray
) -> list[Hypothesis]:
    order = np.argsort(-scores, kind="stable")
    order = order[np.isfinite(scores[order])]
    sums = log_probs.sum(axis=1, dtype=np.float64).tolist()
    found: dict[tuple[int, ...], Hypothesis] = {}  # groups may find the same line
    for row in order.tolist():
        line, own = tuple(ids[row].tolist()), tuple(log_probs[row].tolist())
        found.setdefault(line, Hypothesis(line, sums[row], own, float(scores[row])))
    return list(found.values())
