"""The map of words: topics lie apart, labels keep off each other."""

import numpy as np
import pytest

from projects.word2vec.word_map import choose_words, make_word_map, place_labels

WORDS = [f"{topic}{letter}" for letter in "abcdefghijkl" for topic in ("sea", "war")]
WORDS += [f"song{letter}" for letter in "abcdefghijkl"]
TOPICS = np.array([["sea", "war", "song"].index(word[:-1]) for word in WORDS])


def planted(seed: int = 0) -> np.ndarray:
    """Return vectors of three topics, cosines about .8 within and 0 between."""
    noise = np.random.default_rng(seed).normal(size=(len(WORDS), 20))
    lengths = np.linspace(5, 0.1, len(WORDS))[:, None]  # must not matter
    return (lengths * (np.eye(20)[TOPICS] + 0.11 * noise)).astype(np.float32)


def test_planted_topics_are_the_clusters_and_lie_apart():
    found = make_word_map(WORDS, planted(), num_clusters=3)
    assert found.words == tuple(WORDS)
    assert found.positions.shape == (36, 2) and np.abs(found.positions).max() == 1
    groups = {frozenset(np.flatnonzero(found.clusters == c)) for c in range(3)}
    assert groups == {frozenset(np.flatnonzero(TOPICS == t)) for t in range(3)}
    apart = np.linalg.norm(found.positions[:, None] - found.positions, axis=2)
    same = TOPICS[:, None] == TOPICS
    assert apart[same].max() < apart[~same].min()


def test_a_cluster_is_named_by_its_words():
    found = make_word_map(WORDS, planted(), num_clusters=3)
    for cluster, name in enumerate(found.cluster_names):
        members = {
            w for w, c in zip(WORDS, found.clusters, strict=True) if c == cluster
        }
        assert len(set(name.split(", ")) & members) == 3


def test_the_same_vectors_give_the_same_map():
    first, again = (make_word_map(WORDS, planted(), seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.positions, again.positions)
    np.testing.assert_array_equal(first.clusters, again.clusters)
    moved = make_word_map(WORDS, planted(seed=1), seed=5)
    assert not np.array_equal(first.positions, moved.positions)


def test_neighbors_are_the_cosines_of_the_whole_vocabulary():
    matrix = planted()
    found = make_word_map(WORDS, matrix, num_words=4, num_clusters=2, num_neighbors=3)
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    assert found.words == tuple(WORDS[:4])
    for row, neighbors in enumerate(found.neighbors):
        cosines = {WORDS[i]: float(unit[row] @ unit[i]) for i in range(36) if i != row}
        best = sorted(cosines, key=cosines.get, reverse=True)[:3]
        assert [word for word, _ in neighbors] == best
        assert [c for _, c in neighbors] == pytest.approx(
            [cosines[w] for w in best], abs=6e-4
        )


def test_words_that_say_little_are_left_out():
    tokens = ["the", "of", "king", "b", "42", "==", "的", "山", "两个", "a_b", "\x07ab"]
    tokens += ["x" * 33, "there", "don't", "$x_1$", "中文", "<b>", "two", "γλώσσα"]
    chosen = [tokens[i] for i in choose_words(tokens, 99)]
    assert chosen == ["king", "山", "两个", "a_b", "don't", "中文", "γλώσσα"]
    assert choose_words(tokens, 2) == [2, 7] and choose_words(tokens, 0) == []


@pytest.mark.parametrize("count", range(8))
@pytest.mark.parametrize("dim", [1, 2, 5])
def test_few_words_and_few_numbers(count, dim):
    matrix = np.random.default_rng(0).normal(size=(count, dim))
    found = make_word_map(WORDS[:count], matrix)
    assert found.positions.shape == (count, 2) and np.isfinite(found.positions).all()
    assert len(found.clusters) == len(found.neighbors) == count
    assert {len(n) for n in found.neighbors} <= {max(count - 1, 0)}
    assert len(found.cluster_names) == len(set(found.clusters.tolist()))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_vectors_that_are_all_the_same(value):
    found = make_word_map(WORDS, np.full((36, 4), value, np.float32))
    assert set(found.clusters) == {0}
    np.testing.assert_allclose(
        np.sort(found.positions[:, 0]), np.linspace(-0.5, 0.5, 36)
    )


def test_labels_never_overlap_and_stay_near_and_inside():
    random = np.random.default_rng(1)
    centers = random.uniform(0, 400, (120, 2))
    sizes = random.uniform((20, 10), (70, 20), (120, 2))
    placed = place_labels(centers, sizes, (400, 400), 25)
    done = ~np.isnan(placed).any(axis=1)
    assert 60 < done.sum() < 120  # 400 x 400 cannot hold all of them
    assert done[0] and done[1]
    low, high = placed[done] - sizes[done] / 2, placed[done] + sizes[done] / 2
    assert low.min() >= 0 and high.max() <= 400
    cover = ((low[:, None] < high) & (high[:, None] > low)).all(axis=2)
    np.testing.assert_array_equal(cover, np.eye(done.sum(), dtype=bool))
    inner = (np.abs(centers - 200) < 150).all(axis=1) & done  # not pushed by the frame
    assert np.linalg.norm(placed - centers, axis=1)[inner].max() <= 25 + 1e-9


def test_a_free_label_stays_where_it_belongs():
    centers = np.array([[50.0, 50.0], [50.0, 50.0], [80.0, 20.0], [0.0, 0.0]])
    sizes = np.array([[20.0, 10.0]] * 3 + [[200.0, 10.0]])
    placed = place_labels(centers, sizes, (100, 100), 15)
    np.testing.assert_array_equal(placed[0], [50, 50])
    assert abs(placed[1] - placed[0]).max() >= 10
    np.testing.assert_array_equal(placed[2], [80, 20])
    assert np.isnan(placed[3]).all()  # wider than the frame
    assert place_labels(np.empty((0, 2)), np.empty((0, 2)), (9, 9), 1).shape == (0, 2)
