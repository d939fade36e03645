"""The second line by counting: what a network has to beat.

The probability of a character b is a weighted mean of shares in the training pairs:
of b among all, after one and two characters of its own line (b', b''), opposite the
character a of the first line, opposite it and after b', and after b' and opposite a
and its predecessor a'. The weights are fitted by expectation maximization on other
pairs, one set for each pattern of contexts that were ever seen.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import UserError
from projects.couplet.counting.count_table import (
    CountTable,
    join_ids,
    load_tables,
    save_tables,
)
from projects.couplet.counting.line_ids import LineIds, check_aligned
from projects.couplet.tokens import START

# The context of each table, by what it is made of.
_CONTEXTS = {
    "all": (),
    "b'": ("b'",),
    "b''b'": ("b''", "b'"),
    "a": ("a",),
    "b'a": ("b'", "a"),
    "b'a'a": ("b'", "a'", "a"),
}
_ROUNDS = 30  # of expectation maximization; the weights change no more by then
_PRIOR = 2.0  # characters that each component of a pattern is granted beforehand


@dataclass(frozen=True, eq=False)
class CountModel:
    """Tables of counts and the weights of their shares.

    Attributes:
        tables: By the names of their contexts.
        weights: float64, shape (64, 7): for each pattern of seen contexts (bit k:
            that of table k) the weights of a guess that knows nothing and of the
            tables; rows sum to 1, and what was not seen has none.
    """

    tables: dict[str, CountTable]
    weights: np.ndarray

    @classmethod
    def fit(
        cls,
        first: LineIds,
        second: LineIds,
        held_out: tuple[LineIds, LineIds],
        vocabulary_size: int,
    ) -> "CountModel":
        """Count in training pairs, and weigh on others.

        Args:
            first: First lines; `START` is below `vocabulary_size`.
            second: As many second lines of the same lengths.
            held_out: First and second lines of other pairs, for the weights.
            vocabulary_size: All ids are below it; at most 55,000.
        """
        outcomes = second.ids.astype(np.int64)
        tables = {
            name: CountTable.from_pairs(context, outcomes, vocabulary_size)
            for name, context in _contexts(_around(first, second), vocabulary_size)
        }
        shares, seen = _shares(tables, *held_out)
        return cls(tables, _fit_weights(shares, seen))

    @property
    def vocabulary_size(self) -> int:
        """The number of ids."""
        return self.tables["all"].num_outcomes

    def log_probs(self, first: LineIds, second: LineIds) -> np.ndarray:
        """Return the logarithm of the probability of each character.

        Args:
            first: First lines.
            second: As many second lines of the same lengths.

        Returns:
            float64, shape (characters,).
        """
        shares, seen = _shares(self.tables, first, second)
        return np.log((self.weights[_pattern(seen)] * shares).sum(axis=1))

    def begin(self, sources: np.ndarray) -> tuple[dict[str, Any], dict[str, Any]]:
        """Begin second lines, as the beam search asks for it.

        Args:
            sources: int, shape (n, length): first lines, all of one length.

        Returns:
            What stays, and what changes from step to step.
        """
        newest = np.full(len(sources), START, np.int64)
        return {"sources": np.asarray(sources, np.int64)}, {"b'": newest}

    def step(
        self,
        memory: dict[str, Any],
        state: dict[str, Any],
        previous: np.ndarray,
        position: int,
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Return what may come next.

        Args:
            memory: The first of what `begin` returned.
            state: The second, or what the step before returned.
            previous: int, shape (n,): the newest ids, `START` at the beginning.
            position: The place of the character asked for, from 0.

        Returns:
            Logarithms of probabilities, float32, shape (n, vocabulary size), and
            the next state.
        """
        sources, newest = memory["sources"], np.asarray(previous, np.int64)
        a = sources[:, position]
        before = sources[:, position - 1] if position else np.full_like(a, START)
        around = {"a": a, "a'": before, "b'": newest, "b''": state["b'"]}
        contexts = dict(_contexts(around, self.vocabulary_size))
        totals = _totals(self.tables, contexts)
        weights = self.weights[_pattern(totals > 0)]
        size = self.vocabulary_size
        probs = np.repeat(weights[:, :1] / size, size, axis=1)
        for k, (name, table) in enumerate(self.tables.items()):
            row, outcome, count = table.rows(contexts[name])
            scale = weights[:, k + 1] / np.maximum(totals[:, k], 1)
            probs[row, outcome] += count * scale[row]
        return np.log(probs).astype(np.float32), {"b'": newest}

    def save(self, path: Path) -> None:
        """Write the model into a compressed .npz."""
        save_tables(path, self.tables, weights=self.weights)

    @classmethod
    def load(cls, path: Path) -> "CountModel":
        """Read what `save` wrote.

        Raises:
            UserError: The file is missing, damaged or another.
        """
        tables, arrays = load_tables(path)
        if set(tables) != set(_CONTEXTS) or "weights" not in arrays:
            raise UserError(f"A count model expected. Received: {path}, another.")
        return cls({name: tables[name] for name in _CONTEXTS}, arrays["weights"])


def _around(first: LineIds, second: LineIds) -> dict[str, np.ndarray]:
    """Return for each place the characters that may tell what stands there."""
    check_aligned(first, second)
    return {
        "a": first.ids,
        "a'": first.previous(1, START),
        "b'": second.previous(1, START),
        "b''": second.previous(2, START),
    }


def _contexts(around: dict[str, np.ndarray], size: int):
    """Yield the name of each table and its contexts as whole numbers."""
    for name, parts in _CONTEXTS.items():
        ids = [around[part] for part in parts] or [np.zeros_like(around["a"])]
        yield name, join_ids(ids, size)


def _totals(
    tables: dict[str, CountTable], contexts: dict[str, np.ndarray]
) -> np.ndarray:
    """Return how often each context was seen: int64, shape (n, tables)."""
    return np.stack([t.total(contexts[name]) for name, t in tables.items()], axis=1)


def _shares(
    tables: dict[str, CountTable], first: LineIds, second: LineIds
) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of each component, and which contexts were ever seen.

    Returns:
        float64, shape (characters, 7), and bool, shape (characters, 6).
    """
    size = tables["all"].num_outcomes
    contexts = dict(_contexts(_around(first, second), size))
    totals = _totals(tables, contexts)
    shares = np.empty((len(second.ids), len(tables) + 1))
    shares[:, 0] = 1 / size
    for k, (name, table) in enumerate(tables.items()):
        count = table.count(contexts[name], second.ids)
        shares[:, k + 1] = count / np.maximum(totals[:, k], 1)
    return shares, totals > 0


def _pattern(seen: np.ndarray) -> np.ndarray:
    return seen @ (1 << np.arange(seen.shape[1]))


def _fit_weights(shares: np.ndarray, seen: np.ndarray) -> np.ndarray:
    num_tables = seen.shape[1]
    patterns = np.arange(2**num_tables)
    usable = np.ones((len(patterns), num_tables + 1))
    usable[:, 1:] = patterns[:, None] >> np.arange(num_tables) & 1
    weights = usable / usable.sum(axis=1, keepdims=True)
    pattern = _pattern(seen)
    for _ in range(_ROUNDS):
        credit = weights[pattern] * shares
        credit /= credit.sum(axis=1, keepdims=True)
        granted = _PRIOR * usable
        np.add.at(granted, pattern, credit)
        weights = granted / granted.sum(axis=1, keepdims=True)
    return weights
