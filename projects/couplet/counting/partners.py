"""Which characters face each other in pairs: the plainest model of a second line."""

import functools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from projects.couplet.counting.line_ids import LineIds, check_aligned

PRIOR = 1000.0  # picks the human line best on the validation pairs


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Counts of characters at the same place of the two lines of a pair.

    Attributes:
        vocabulary_size: The number of ids.
        counts: CSR of float64 (whole numbers), shape (vocabulary size, vocabulary
            size); rows are characters of first lines, columns of second ones.
        prior: How many observations, spread as all second lines are, are added to
            each row; so what was never seen is rare rather than impossible.
    """

    vocabulary_size: int
    counts: sparse.csr_array
    prior: float = PRIOR

    @classmethod
    def from_lines(
        cls, first: LineIds, second: LineIds, vocabulary_size: int, prior: float = PRIOR
    ) -> "PairCounts":
        """Count the pairs of characters of pairs of lines of the same lengths."""
        check_aligned(first, second)
        shape = (vocabulary_size, vocabulary_size)
        ones = np.ones(len(first.ids))
        counts = sparse.csr_array((ones, (first.ids, second.ids)), shape=shape)
        counts.sum_duplicates()
        return cls(vocabulary_size, counts, prior)

    @functools.cached_property
    def _totals(self) -> np.ndarray:
        return np.asarray(self.counts.sum(axis=1)).ravel()

    @functools.cached_property
    def _shares(self) -> np.ndarray:
        # One more of each kind: an unseen character is not impossible.
        shares = np.asarray(self.counts.sum(axis=0)).ravel() + 1
        return shares / shares.sum()

    def log_probs(self, first_ids: np.ndarray, second_ids: np.ndarray) -> np.ndarray:
        """Return log P(b | a): float64, of the shape of the ids."""
        first, second = np.broadcast_arrays(first_ids, second_ids)
        seen = self.counts[first.ravel(), second.ravel()].reshape(first.shape)
        added = self.prior * self._shares[second]
        return np.log((seen + added) / (self._totals[first] + self.prior))

    def pmi(self, first_ids: np.ndarray, second_ids: np.ndarray) -> np.ndarray:
        """Return log P(b | a) / P(b), the pointwise mutual information.

        Args:
            first_ids: int, any shape.
            second_ids: int, a shape that fits.

        Returns:
            float64: 0 when b is as common beside a as it is anywhere.
        """
        return self.log_probs(first_ids, second_ids) - np.log(self._shares[second_ids])

    def best(self, first_ids: np.ndarray) -> np.ndarray:
        """Return the commonest partner of each character, itself where none is known.

        Args:
            first_ids: int, shape (n,).

        Returns:
            int64, shape (n,).
        """
        first_ids = np.asarray(first_ids)
        kinds, places = np.unique(first_ids, return_inverse=True)
        rows = self.counts[kinds]
        partners = np.asarray(rows.argmax(axis=1)).ravel()
        known = self._totals[kinds] > 0
        return np.where(known, partners, kinds)[places]
