"""Words sorted by k-means into clusters that point the same way."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from common.errors import UserError
from projects.word2vec.vectors import WordVectors

_BEGINNINGS = 4  # k-means keeps the best of so many


@dataclass(frozen=True)
class Cluster:
    """One cluster of words.

    Attributes:
        words: The most central ones, the most central first.
        size: How many words it has in all.
        cohesion: Mean cosine of all of them to the center.
    """

    words: tuple[str, ...]
    size: int
    cohesion: float


@dataclass(frozen=True)
class Clusters:
    """All clusters, the largest first."""

    clusters: tuple[Cluster, ...]

    def to_text(self) -> str:
        """Return a line for each cluster: its size, cohesion and central words."""
        return "\n".join(
            f"{c.size:6,}  {c.cohesion:.2f}  {' '.join(c.words)}" for c in self.clusters
        )


def make_clusters(
    vectors: WordVectors,
    num_clusters: int,
    *,
    num_words: int = 2000,
    num_central: int = 10,
    seed: int = 0,
) -> Clusters:
    """Sort the commonest words into clusters.

    Args:
        vectors: The words.
        num_clusters: How many clusters to make.
        num_words: How many of the commonest words to sort; 0: all.
        num_central: How many words to tell of each cluster.
        seed: Decides where k-means begins; the same seed gives the same clusters.

    Raises:
        UserError: There are fewer different vectors than clusters.
    """
    chosen = vectors.commonest(num_words)
    unit = chosen.unit
    num_different = len(np.unique(unit, axis=0))
    if num_clusters > num_different:
        raise UserError(
            f"Expected at most {num_different} clusters of {len(chosen)} words."
            f" Received: {num_clusters}. Ask for fewer, or for more --words."
        )
    # Threads would sum in an order of their own: one makes the result repeatable.
    with threadpool_limits(1):
        fitted = KMeans(num_clusters, n_init=_BEGINNINGS, random_state=seed).fit(unit)
    clusters = [
        _describe(chosen, np.flatnonzero(fitted.labels_ == label), num_central)
        for label in range(num_clusters)
    ]
    return Clusters(tuple(sorted(clusters, key=lambda c: (-c.size, c.words))))


def _describe(vectors: WordVectors, rows: np.ndarray, num_central: int) -> Cluster:
    center = vectors.unit[rows].mean(axis=0)
    cosines = vectors.unit[rows] @ (center / max(np.linalg.norm(center), 1e-12))
    central = rows[np.argsort(-cosines, kind="stable")[:num_central]]
    words = tuple(vectors.vocabulary.tokens[row] for row in central)
    return Cluster(words, len(rows), round(float(cosines.mean()), 6))
