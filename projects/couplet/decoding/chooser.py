"""How the beams of a search go on: the best tokens that constraints allow.

The arrays of a step are as large as its log-probabilities, so these are gone through
twice and no more: once to add what the constraints say, once to find the maximum of
each block of tokens. The best k tokens lie in the k blocks with the best maxima.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.decoding.constraints import Constraints

_BLOCK = 16  # tokens of which one maximum is kept


@dataclass(frozen=True)
class Choice:
    """How beams go on; all of shape (lines, new width).

    Attributes:
        parents: The beam that goes on.
        tokens: int32, with which token.
        costs: The penalty of the token, or -inf for a beam that is none.
    """

    parents: np.ndarray
    tokens: np.ndarray
    costs: np.ndarray

    @property
    def width(self) -> int:
        """The number of beams of each line from now on."""
        return self.tokens.shape[1]

    def rows(self, width: int) -> np.ndarray:
        """Return the rows of the parents, where each line had `width` beams."""
        return (self.parents + width * np.arange(len(self.parents))[:, None]).ravel()


class Chooser:
    """Chooses tokens for the beams of all lines at once.

    Args:
        constraints: One for each line, all of one length.
        share: The beams of each group.
        groups: How many groups a line has; a later one pays for the tokens that
            earlier ones have chosen.
        diversity: Nats for each earlier group.
    """

    def __init__(
        self,
        constraints: Sequence[Constraints],
        *,
        share: int,
        groups: int,
        diversity: float,
    ):
        self._constraints = constraints
        self._share, self._groups, self._diversity = share, groups, diversity
        self._fixed = np.stack([c.fixed_ids for c in constraints])
        self._owners = np.stack([c.owners for c in constraints])
        columns = -(-len(constraints[0].tokens) // _BLOCK) * _BLOCK
        shape = (len(constraints), share * groups, columns)
        self._table = np.full(shape, -np.inf, np.float32)
        self._line = np.arange(len(constraints))[:, None]

    def choose(
        self, ids: np.ndarray, scores: np.ndarray, log_probs: np.ndarray, position: int
    ) -> Choice:
        """Return the best ways to go on.

        Args:
            ids: int32, shape (lines, width, length): what has been written.
            scores: Shape (lines, width); -inf for a beam that is none.
            log_probs: float32, shape (lines * width, number of tokens).
            position: The place to be written.

        Returns:
            As many beams as before if no line has a choice, else all of them.
        """
        fixed, owner = self._fixed[:, position], self._owners[:, position]
        opened = (fixed < 0) & (owner == position)
        if not opened.any():
            return self._follow(ids, position, ids.shape[1])
        found = self._search(ids, scores, log_probs, position)
        if opened.all():
            return found
        forced = self._follow(ids, position, found.width)
        opened = opened[:, None]
        return Choice(
            np.where(opened, found.parents, forced.parents),
            np.where(opened, found.tokens, forced.tokens),
            np.where(opened, found.costs, forced.costs),
        )

    def _follow(self, ids: np.ndarray, position: int, width: int) -> Choice:
        """Go on with the fixed token, or with that of an earlier position."""
        lines, slots = np.broadcast_arrays(self._line, np.arange(width))
        parents, costs = slots, np.zeros(lines.shape)
        if width != ids.shape[1]:  # the one beam begins every group
            parents = np.zeros_like(slots)
            costs = np.where(slots % self._share, -np.inf, 0.0)
        fixed = self._fixed[:, position, None]
        earlier = ids[lines, parents, self._owners[:, position, None]]
        return Choice(parents, np.where(fixed < 0, earlier, fixed), costs)

    def _search(
        self, ids: np.ndarray, scores: np.ndarray, log_probs: np.ndarray, position: int
    ) -> Choice:
        biases = np.stack([c.bias(position) for c in self._constraints])
        table = self._fill(ids[:, :, :position], log_probs, biases)
        shared = ids.shape[1] != self._share * self._groups  # all begin at one beam
        parts = []
        for group in range(self._groups):
            first = 0 if shared else group * self._share
            own = slice(first, first + (1 if shared else self._share))
            beams, *rest = _find_best(table[:, own], scores[:, own], self._share)
            parts.append((beams + first, *rest))
            if group + 1 < self._groups and self._diversity:
                later = table if shared else table[:, own.stop :]
                later[self._line, :, rest[0]] -= np.float32(self._diversity)
        parents, tokens, real = (np.concatenate(p, 1) for p in zip(*parts, strict=True))
        tokens = np.where(real, tokens, 0).astype(np.int32)
        costs = np.where(real, biases[self._line, tokens], -np.inf)
        return Choice(parents, tokens, costs)

    def _fill(
        self, written: np.ndarray, log_probs: np.ndarray, biases: np.ndarray
    ) -> np.ndarray:
        """Return what each token is worth, shape (lines, width, columns)."""
        lines, width, _ = written.shape
        table = self._table[:, :width]
        own = log_probs.reshape(lines, width, -1)
        np.add(own, biases[:, None], out=table[:, :, : own.shape[2]])
        slots = np.arange(width)[None, :, None]
        table[self._line[:, :, None], slots, written] = -np.inf
        return table


def _find_best(
    table: np.ndarray, scores: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the `count` best sums of a beam's score and a token's worth.

    Args:
        table: float32, shape (lines, width, columns), a multiple of `_BLOCK`.
        scores: Shape (lines, width).
        count: Of each line.

    Returns:
        Beams, tokens, and whether they are possible: each of shape (lines, count),
        in no order.
    """
    lines, width, columns = table.shape
    num_blocks = columns // _BLOCK
    line, scores = np.arange(lines)[:, None], scores.astype(np.float32)
    # The members of a block lie `num_blocks` columns apart: maxima of whole rows.
    blocks = table.reshape(lines, width, _BLOCK, num_blocks)
    maxima = blocks.max(axis=2) + scores[:, :, None]
    beams, block = np.divmod(_top(maxima.reshape(lines, -1), count), num_blocks)
    members = blocks[line, beams, :, block] + scores[line, beams][:, :, None]
    members = members.reshape(lines, -1)
    best = _top(members, count)
    chosen, member = np.divmod(best, _BLOCK)
    tokens = member * num_blocks + block[line, chosen]
    found = beams[line, chosen], tokens, members[line, best] > -np.inf
    missing = ((0, 0), (0, count - best.shape[1]))  # a tiny vocabulary has fewer
    beams, tokens, possible = (np.pad(part, missing) for part in found)
    return beams, tokens, possible


def _top(values: np.ndarray, count: int) -> np.ndarray:
    """Return where the greatest values of each row are, in no order."""
    rest = values.shape[1] - count
    if rest <= 0:
        return np.broadcast_to(np.arange(values.shape[1]), values.shape)
    return np.argpartition(values, rest, axis=1)[:, rest:]
