import tracemalloc

import numpy as np
import pytest

from projects.word2vec import encoding
from projects.word2vec.encoding import NO_WORD, encode, read_blocks
from projects.word2vec.merging import GONE, count_words, renumbered, write_tokens
from projects.word2vec.reading.chunks import Chunk
from tests.word2vec.plain_words import (
    FIRST,
    chunks_of,
    order_of,
    random_sentences,
    tokens_of,
)


def _merge(parts, folder, min_count=1, max_size=10**6):
    counted = count_words(parts, min_count, max_size)
    blocks = renumbered(parts, counted.vocabulary, GONE)
    write_tokens(blocks, folder / "tokens.bin")
    return counted, np.fromfile(folder / "tokens.bin", "<u4").tolist()


@pytest.mark.parametrize("max_distinct", [1, 20, 10**6])
@pytest.mark.parametrize("min_count", [1, 4, 40])
def test_words_get_their_final_ids(max_distinct, min_count, tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "_BLOCK", 97)
    monkeypatch.setattr("projects.word2vec.merging._OPEN_FILES", 3)
    sentences = random_sentences(seed=min_count)
    parts = encode(chunks_of(sentences), tmp_path / "part", max_distinct)
    counted, tokens = _merge(parts, tmp_path, min_count)
    expected = order_of(sentences, min_count)
    words = counted.vocabulary.tokens
    assert list(zip(words, counted.vocabulary.counts, strict=True)) == expected
    assert tokens == tokens_of(sentences, words)
    everything = order_of(sentences)
    assert counted.num_distinct == len(everything)
    assert counted.num_common == len(expected) < len(everything) + (min_count == 1)
    assert (counted.commonest, counted.commonest_count) == everything[0]
    assert sum(part.num_words for part in parts) == sum(map(len, sentences))
    assert len(parts) == 1 if max_distinct == 10**6 else len(parts) > 10


def test_borders_move_on_and_empty_sentences_vanish(tmp_path):
    sentences = [
        ["rare1", "a", "b"],  # its border moves to a
        ["rare2", "rare3"],  # vanishes
        ["b", "rare4"],
        ["rare5", "a"],
    ]
    for longest in (2, 100):
        parts = encode(chunks_of(sentences, 1, longest), tmp_path / "part", 100)
        assert _merge(parts, tmp_path, min_count=2)[1] == [
            0 | FIRST, 1, 1 | FIRST, 0 | FIRST
        ]  # fmt: skip


def test_a_text_need_not_begin_with_a_border(tmp_path):
    parts = encode([Chunk(["a", "b"], []), Chunk(["a"], [0])], tmp_path / "part", 9)
    assert _merge(parts, tmp_path)[1] == [0 | FIRST, 1, 0 | FIRST]


def test_what_is_no_word_only_hands_its_border_on(tmp_path):
    first = encode([Chunk([NO_WORD, "a", "b", NO_WORD], [3])], tmp_path / "1", 9)
    second = encode([Chunk([NO_WORD, "b", "c", NO_WORD], [])], tmp_path / "2", 9)
    only = encode([Chunk([NO_WORD, NO_WORD], [1])], tmp_path / "3", 9)
    third = encode([Chunk([NO_WORD, "a"], [])], tmp_path / "4", 9)
    parts = [*first, *second, *only, *third]
    counted, tokens = _merge(parts, tmp_path)
    assert counted.vocabulary.tokens == ("a", "b", "c")
    assert counted.vocabulary.counts.tolist() == [2, 2, 1]
    assert tokens == [0 | FIRST, 1, 1 | FIRST, 2, 0 | FIRST]
    assert [part.num_words for part in parts] == [2, 2, 0, 1]


def test_only_the_commonest_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("projects.word2vec.merging._SPARE", 0)
    sentences = random_sentences(seed=3)
    parts = encode(chunks_of(sentences), tmp_path / "part", 5)
    counted, tokens = _merge(parts, tmp_path, min_count=2, max_size=7)
    expected = order_of(sentences, 2, 7)
    assert counted.vocabulary.tokens == tuple(word for word, _ in expected)
    assert counted.num_common == len(order_of(sentences, 2))
    assert tokens == tokens_of(sentences, counted.vocabulary.tokens)


def test_no_text_has_no_parts(tmp_path):
    assert encode([], tmp_path / "part", 9) == []
    assert encode([Chunk([], [])], tmp_path / "part", 9) == []
    assert list(tmp_path.iterdir()) == []
    counted, tokens = _merge([], tmp_path)
    assert (len(counted.vocabulary), counted.num_distinct, tokens) == (0, 0, [])


def test_memory_does_not_grow_with_the_number_of_words(tmp_path):
    def text(num_chunks):
        for chunk in range(num_chunks):
            words = [f"word-{chunk}-{number}" for number in range(1000)]
            yield Chunk(["the", *words], [0])

    peaks = []
    for num_chunks in (40, 160):
        tracemalloc.start()
        parts = encode(text(num_chunks), tmp_path / "part", 5_000)
        counted, tokens = _merge(parts, tmp_path, min_count=2)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert counted.num_distinct == num_chunks * 1000 + 1
        assert tokens == [FIRST] * num_chunks
    assert peaks[1] < 1.2 * peaks[0]


def test_blocks_are_those_of_the_file(tmp_path):
    tokens = np.arange(encoding._BLOCK + 5, dtype="<u4")
    tokens.tofile(tmp_path / "tokens")
    blocks = list(read_blocks(tmp_path / "tokens"))
    assert [len(block) for block in blocks] == [encoding._BLOCK, 5]
    assert (np.concatenate(blocks) == tokens).all()
