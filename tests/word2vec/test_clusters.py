"""Clusters of words: those that lie together come out together."""

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.clusters import Cluster, Clusters, make_clusters
from tests.word2vec.toy_vectors import make_random, make_toy


def _three_heaps():
    rng = np.random.default_rng(1)
    rows = {}
    for axis, (name, size) in enumerate([("a", 5), ("b", 9), ("c", 7)]):
        for number in range(size):
            # Length must not matter; the first word of each lies in the middle.
            vector = np.eye(3)[axis] + (number > 0) * rng.normal(0, 0.1, 3)
            rows[f"{name}{number}"] = vector * rng.uniform(0.1, 10)
    return make_toy(rows)


def test_heaps_are_found_the_largest_first():
    found = make_clusters(_three_heaps(), 3, num_central=99).clusters
    assert [cluster.size for cluster in found] == [9, 7, 5]
    for cluster, name in zip(found, "bca", strict=True):
        assert {word[0] for word in cluster.words} == {name}
        assert len(cluster.words) == cluster.size
        assert 0.95 < cluster.cohesion < 1


def test_the_most_central_words_are_told():
    vectors = _three_heaps()
    few = make_clusters(vectors, 3, num_central=2).clusters
    rows = [vectors.vocabulary.id(f"b{number}") for number in range(9)]
    center = vectors.unit[rows].mean(axis=0)
    by_cosine = sorted(rows, key=lambda row: -(vectors.unit[row] @ center))
    expected = tuple(vectors.vocabulary.tokens[row] for row in by_cosine[:2])
    assert few[0].words == expected


def test_the_seed_decides():
    vectors = make_random(200, 8)
    first = make_clusters(vectors, 12, seed=3)
    assert make_clusters(vectors, 12, seed=3) == first
    assert make_clusters(vectors, 12, seed=4) != first


def test_only_the_commonest_words_are_sorted():
    found = make_clusters(make_random(50, 4), 2, num_words=20, num_central=50)
    words = [word for cluster in found.clusters for word in cluster.words]
    assert sorted(words) == sorted(f"w{number}" for number in range(20))
    assert len(make_clusters(make_random(9, 4), 9, num_words=0).clusters) == 9


def test_more_clusters_than_different_vectors_are_refused():
    with pytest.raises(UserError, match="at most 7 clusters of 7 words.* 8"):
        make_clusters(make_toy(), 8)
    same = make_toy({"a": [1, 0], "b": [2, 0], "c": [0, 1]})
    assert [c.size for c in make_clusters(same, 2).clusters] == [2, 1]
    with pytest.raises(UserError, match="at most 2 clusters of 3 words"):
        make_clusters(same, 3)


def test_a_line_tells_a_cluster():
    clusters = Clusters((Cluster(("a", "b"), 1234, 0.876), Cluster(("c",), 5, 1.0)))
    assert clusters.to_text() == " 1,234  0.88  a b\n     5  1.00  c"
