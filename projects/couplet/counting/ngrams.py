"""A language model that counts: n-grams with absolute discounting.

The probability of a character w after its n - 1 predecessors h is

    p_n(w | h) = max(count(h w) - D, 0) / count(h) + D variety(h) / count(h) * lower,

where `lower` is p_{n-1} after one predecessor less, variety(h) the number of different
characters that were seen after h, and p_0 is the same for all (Ney et al. 1994).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from projects.couplet.counting.count_table import (
    CountTable,
    join_ids,
    load_tables,
    save_tables,
)
from projects.couplet.counting.line_ids import LineIds


@dataclass(frozen=True, eq=False)
class NgramModel:
    """Counts of all n-grams up to an order.

    Attributes:
        tables: For each order from 1 the counts of what followed the ids before.
        start: The id that stands before a line.
        end: The id that closes a line; None: lines do not tell where they end.
        discount: D, from 0 to 1. With 0, nothing is left to what was never seen:
            the plain n-gram of textbooks, whose samples copy.
    """

    tables: tuple[CountTable, ...]
    start: int
    end: int | None = None
    discount: float = 0.75

    @classmethod
    def fit(
        cls,
        lines: LineIds,
        *,
        order: int,
        vocabulary_size: int,
        start: int,
        end: int | None = None,
        discount: float = 0.75,
    ) -> "NgramModel":
        """Count the n-grams of lines.

        Args:
            lines: Without `start` and `end`.
            order: n, at least 1; `vocabulary_size` to this power is below 2^63.
            vocabulary_size: All ids are below it.
            start: See the class.
            end: See the class.
            discount: See the class.
        """
        lines = lines if end is None else lines.closed_by(end)
        outcomes = lines.ids.astype(np.int64)
        contexts = _contexts(lines, order, vocabulary_size, start)
        tables = (
            CountTable.from_pairs(context, outcomes, vocabulary_size)
            for context in contexts
        )
        return cls(tuple(tables), start, end, discount)

    @property
    def order(self) -> int:
        """The length of the longest n-grams."""
        return len(self.tables)

    @property
    def vocabulary_size(self) -> int:
        """The number of ids."""
        return self.tables[0].num_outcomes

    def log_probs(self, lines: LineIds) -> np.ndarray:
        """Return the logarithm of the probability of each character.

        Args:
            lines: Without `start` and `end`.

        Returns:
            float64, shape (characters,); with `end`, shape (characters + lines,):
            see `LineIds.closed_by` for the order.
        """
        lines = lines if self.end is None else lines.closed_by(self.end)
        contexts = _contexts(lines, self.order, self.vocabulary_size, self.start)
        probs = np.full(len(lines.ids), 1 / self.vocabulary_size)
        for table, context in zip(self.tables, contexts, strict=True):
            total, variety = table.total(context), table.variety(context)
            kept = np.maximum(table.count(context, lines.ids) - self.discount, 0)
            mixed = (kept + self.discount * variety * probs) / np.maximum(total, 1)
            probs = np.where(total > 0, mixed, probs)
        with np.errstate(divide="ignore"):  # discount 0 rules things out
            return np.log(probs)

    def distribution(self, histories: np.ndarray) -> np.ndarray:
        """Return the probability of each id after histories.

        Args:
            histories: int, shape (m, k), the last id being the newest; where k is
                less than `order` - 1, `start` stands before.

        Returns:
            float64, shape (m, vocabulary size); rows sum to 1.
        """
        histories = np.asarray(histories, np.int64)
        padding = np.full((len(histories), self.order - 1), self.start)
        histories = np.concatenate([padding, histories], axis=1)
        probs = np.full(
            (len(histories), self.vocabulary_size), 1 / self.vocabulary_size
        )
        for n, table in enumerate(self.tables):
            before = [histories[:, -k] for k in range(n, 0, -1)]
            context = _join(before, self.vocabulary_size, len(histories))
            total, variety = table.total(context), table.variety(context)
            shares = self.discount * variety / np.maximum(total, 1)
            probs *= np.where(total > 0, shares, 1)[:, None]
            row, outcome, count = table.rows(context)
            probs[row, outcome] += np.maximum(count - self.discount, 0) / total[row]
        return probs

    def sample(self, num_lines: int, *, longest: int, seed: int) -> list[list[int]]:
        """Draw lines, each until `end`, at most `longest` ids long."""
        generator = np.random.default_rng(seed)
        drawn = np.zeros((num_lines, 0), np.int64)
        open_ = np.ones(num_lines, bool)
        while open_.any() and drawn.shape[1] < longest:
            sums = np.cumsum(self.distribution(drawn[open_]), axis=1)
            chances = generator.random((len(sums), 1)) * sums[:, -1:]
            new = np.full(num_lines, -1 if self.end is None else self.end)
            new[open_] = (sums <= chances).sum(axis=1)
            drawn = np.concatenate([drawn, new[:, None]], axis=1)
            open_ &= new != self.end
        ended = (drawn == self.end) if self.end is not None else np.zeros_like(drawn)
        lengths = np.where(ended.any(axis=1), ended.argmax(axis=1), drawn.shape[1])
        return [row[:n].tolist() for row, n in zip(drawn, lengths, strict=True)]

    def save(self, path: Path) -> None:
        """Write the model into a compressed .npz."""
        end = -1 if self.end is None else self.end
        tables = {f"order{n}": table for n, table in enumerate(self.tables, start=1)}
        facts = {"start": self.start, "end": end, "discount": self.discount}
        save_tables(path, tables, **{k: np.array(v) for k, v in facts.items()})

    @classmethod
    def load(cls, path: Path) -> "NgramModel":
        """Read what `save` wrote.

        Raises:
            UserError: The file is missing, damaged or another.
        """
        tables, facts = load_tables(path)
        ordered = [tables.get(f"order{n}") for n in range(1, len(tables) + 1)]
        if not ordered or None in ordered or "end" not in facts:
            raise UserError(f"An n-gram model expected. Received: {path}, another.")
        end = int(facts["end"])
        return cls(
            tuple(ordered),
            int(facts["start"]),
            None if end < 0 else end,
            float(facts["discount"]),
        )


def _contexts(lines: LineIds, order: int, size: int, start: int) -> list[np.ndarray]:
    """Return for n from 1 the n - 1 ids before each character, as one number."""
    before = [lines.previous(k, start) for k in range(order - 1, 0, -1)]
    kinds = [before[order - n :] for n in range(1, order + 1)]
    return [_join(kind, size, len(lines.ids)) for kind in kinds]


def _join(ids: Sequence[np.ndarray], size: int, length: int) -> np.ndarray:
    return join_ids(ids, size) if len(ids) else np.zeros(length, np.int64)
