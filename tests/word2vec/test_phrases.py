import re
from collections import Counter

import numpy as np
import pytest

from common.vocabulary import Vocabulary
from projects.word2vec import encoding
from projects.word2vec.encoding import encode
from projects.word2vec.merging import count_words, renumbered, write_tokens
from projects.word2vec.phrases import count_pairs, join_phrases
from tests.word2vec.plain_words import (
    FIRST,
    chunks_of,
    order_of,
    random_sentences,
    tokens_of,
)


def _plain_phrases(sentences, min_count, threshold):
    """Join pairs as the definition says, word by word."""
    counts = Counter(word for sentence in sentences for word in sentence)
    pairs = Counter(p for s in sentences for p in zip(s, s[1:], strict=False))
    total = sum(counts.values())

    def joins(a, b):
        if min(counts[a], counts[b]) < min_count:
            return False
        score = (pairs[a, b] - min_count) / counts[a] / counts[b] * total
        return score > threshold

    result = []
    for sentence in sentences:
        joined, position = [], 0
        while position < len(sentence):
            two = sentence[position : position + 2]
            if len(two) == 2 and joins(*two):
                two = ["_".join(two)]
                position += 1
            joined.append(two[0])
            position += 1
        result.append(joined)
    return result


def _rare_removed(sentences, min_count):
    known = dict(order_of(sentences, min_count))
    return [[w if w in known else None for w in s] for s in sentences]


def _join(sentences, folder, *, min_count, threshold, passes=1, max_size=0):
    parts = encode(chunks_of(sentences), folder / "part", 10**6)
    vocabulary = count_words(parts, min_count, 10**6).vocabulary
    path = folder / "tokens.bin"
    write_tokens(renumbered(parts, vocabulary, len(vocabulary)), path)
    for number in range(1, passes + 1):
        vocabulary, told = join_phrases(
            path,
            vocabulary,
            min_count=min_count,
            threshold=threshold,
            max_size=max_size,
            last=number == passes,
        )
    return vocabulary, np.fromfile(path, "<u4").tolist(), told


@pytest.mark.parametrize("passes", [1, 2, 3])
@pytest.mark.parametrize("block", [1, 2, 13, 1 << 20])
def test_phrases_are_those_of_the_definition(block, passes, tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "_BLOCK", block)
    rng_words = random_sentences(seed=5, num_sentences=60)
    sentences = rng_words + [["new", "york", "city"], ["w1", "new", "york"]] * 8
    sentences += [["san", "rare", "jose"]] + [["san", "w0", "jose"]] * 6
    vocabulary, tokens, _ = _join(
        sentences, tmp_path, min_count=3, threshold=2, passes=passes
    )
    expected = sentences
    for _ in range(passes):
        expected = _plain_phrases(expected, min_count=3, threshold=2)
        assert any("_" in word for sentence in expected for word in sentence)
    order = order_of(expected, 3)
    assert list(zip(vocabulary.tokens, vocabulary.counts, strict=True)) == order
    assert tokens == tokens_of(expected, vocabulary.tokens)
    assert ("new_york_city" in vocabulary) == (passes > 1)


def test_a_phrase_reaches_neither_across_borders_nor_across_rare_words(tmp_path):
    sentences = [["x", "a"], ["b", "y"], ["c", "once", "d"]]
    sentences = [[w.replace("once", f"once{n}") for w in s]
                 for n in range(9) for s in sentences]  # fmt: skip
    vocabulary, tokens, told = _join(sentences, tmp_path, min_count=2, threshold=1)
    assert set(vocabulary.tokens) == {"x_a", "b_y", "c", "d"}
    assert told == "pairs of words joined to phrases: 2"
    assert tokens == tokens_of(_plain_phrases(sentences, 2, 1), vocabulary.tokens)


def test_in_a_row_of_equal_words_every_other_pair_is_joined(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "_BLOCK", 3)
    sentences = [["ha"] * 7] + [["x", "y", "z"]] * 40
    vocabulary, tokens, _ = _join(sentences, tmp_path, min_count=1, threshold=10)
    ha_ha, ha = vocabulary.ids(["ha_ha", "ha"])
    assert tokens[:4] == [ha_ha | FIRST, ha_ha, ha_ha, ha]


def test_two_ways_to_one_phrase_are_one_word(tmp_path):
    sentences = [["a_b", "c"], ["a", "b_c"], ["a_b_c"]] * 5
    vocabulary, tokens, told = _join(sentences, tmp_path, min_count=1, threshold=0.5)
    assert vocabulary.tokens == ("a_b_c",)
    assert vocabulary.counts.tolist() == [15]
    assert tokens == [FIRST] * 15


def test_what_is_seldom_alone_after_joining_leaves(tmp_path):
    sentences = [["new", "york"]] * 9 + [["new", "w"], ["w"]] + [["w", "v"]] * 9
    vocabulary, tokens, _ = _join(sentences, tmp_path, min_count=2, threshold=1.4)
    assert "new_york" in vocabulary and "new" not in vocabulary
    assert tokens == tokens_of(_plain_phrases(sentences, 2, 1.4), vocabulary.tokens)


def test_the_vocabulary_can_be_limited(tmp_path):
    sentences = random_sentences(seed=6) + [["new", "york"]] * 300
    all_of_it, _, _ = _join(sentences, tmp_path, min_count=1, threshold=9)
    vocabulary, tokens, _ = _join(
        sentences, tmp_path, min_count=1, threshold=9, max_size=5
    )
    assert vocabulary.tokens == all_of_it.tokens[:5]
    assert "new_york" in vocabulary
    assert max(token & ~FIRST for token in tokens) == 4


def test_pairs_are_counted_in_bounded_memory():
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 300, 60_000).astype("<u4")
    tokens[::3] = 7
    exact = Counter(zip(tokens.tolist(), tokens[1:].tolist(), strict=False))
    blocks = np.array_split(tokens, 50)

    def as_dict(found):
        keys = [divmod(pair, 1 << 32) for pair in found.pairs.tolist()]
        return dict(zip(keys, found.counts.tolist(), strict=True))

    found = count_pairs(blocks, other=999)
    assert as_dict(found) == exact and found.dropped == 0
    found = count_pairs(blocks, other=7)
    assert as_dict(found) == {p: n for p, n in exact.items() if 7 not in p}

    found = count_pairs(blocks, other=999, max_pairs=2_000)
    assert len(found.pairs) <= 2_000 and found.dropped > 0
    assert all(count <= exact[pair] for pair, count in as_dict(found).items())
    # Those that matter lose next to nothing.
    assert as_dict(found)[7, 7] == exact[7, 7]


def test_what_was_not_looked_at_is_told(tmp_path, monkeypatch):
    counting = count_pairs
    monkeypatch.setattr(
        "projects.word2vec.phrases.count_pairs",
        lambda blocks, other: counting(blocks, other, max_pairs=3),
    )
    sentences = [["new", "york"]] * 20 + random_sentences(seed=7, num_sentences=20)
    _, _, told = _join(sentences, tmp_path, min_count=1, threshold=3)
    assert re.search(r"phrases: \d+ \(of those that stood more than \d+ times\)", told)


def test_an_empty_file_joins_nothing(tmp_path):
    vocabulary = Vocabulary(("a",), np.array([1]))
    (tmp_path / "tokens.bin").write_bytes(b"")
    result, told = join_phrases(
        tmp_path / "tokens.bin", vocabulary, min_count=1, threshold=1, last=True
    )
    assert len(result) == 0 and told.endswith(": 0")
