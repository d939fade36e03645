"""Every kept word is a center once and sees its neighbors, however a text is cut."""

import itertools
import threading

import numpy as np
import pytest

from projects.word2vec import slabs
from projects.word2vec.banded import Layout
from projects.word2vec.slabs import PADDING, Slabs, ahead
from tests.word2vec.toy import ToyCorpus

LAYOUT = Layout(window=3, batch_size=8, steps=4, chunk=4)
SIZE = LAYOUT.words  # 32


def text_of(length, seed=0):
    """Return a corpus of so many words, id 0 to 9, in sentences of about 5."""
    random = np.random.default_rng(seed)
    words = random.integers(0, 10, length)
    borders = np.flatnonzero(random.random(length - 1) < 0.2) + 1
    return ToyCorpus(np.split(words, borders))


def neighbors_in(words, sentences, here):
    """Return the words around a position that are of its sentence."""
    near = range(max(0, here - 3), min(len(words), here + 4))
    return [
        int(words[i]) for i in near if i != here and sentences[i] == sentences[here]
    ]


def views_of(pieces):
    """Return (center, neighbors) for each center of slabs, padding left out."""
    views = []
    for piece in pieces:
        assert piece.words.shape == piece.sentences.shape == (SIZE + 6,)
        assert piece.words.dtype == piece.sentences.dtype == np.int32
        for here in range(3, 3 + SIZE):
            if piece.sentences[here] >= 0:
                around = neighbors_in(piece.words, piece.sentences, here)
                views.append((int(piece.words[here]), around))
    return views


def views_in(corpus, keep):
    """Return the same from the text, in one look."""
    words = (corpus.tokens & 0x7FFFFFFF).astype(int)
    sentences = np.cumsum(corpus.tokens >> 31)
    stay = keep[words] == 1
    words, sentences = words[stay], sentences[stay]
    return [
        (int(word), neighbors_in(words, sentences, here))
        for here, word in enumerate(words)
    ]


@pytest.mark.parametrize("block", [1, 7, 32, 1000])
@pytest.mark.parametrize(
    "length", [1, 2, 4, SIZE - 3, SIZE - 1, SIZE, SIZE + 1, SIZE + 3, 5 * SIZE, 333]
)
def test_every_word_is_a_center_once_and_sees_its_neighbors(length, block, monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", block)
    corpus, keep = text_of(length), np.ones(10)
    pieces = list(Slabs(corpus, LAYOUT, keep, seed=1).epoch(0))
    assert views_of(pieces) == views_in(corpus, keep)
    assert len(pieces) == -(-length // SIZE)  # none is all padding
    assert corpus.largest == block


@pytest.mark.parametrize("block", [5, 64, 1000])
def test_windows_reach_over_words_that_are_left_out(block, monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", block)
    corpus, keep = text_of(500), (np.arange(10) % 3 != 0).astype(float)
    pieces = list(Slabs(corpus, LAYOUT, keep, seed=1).epoch(0))
    expected = views_in(corpus, keep)
    assert views_of(pieces) == expected and 200 < len(expected) < 450


def test_a_text_of_which_nothing_is_left_has_no_slabs():
    corpus = text_of(50)
    assert list(Slabs(corpus, LAYOUT, np.zeros(10), seed=1).epoch(0)) == []
    corpus.num_tokens = 0
    assert list(Slabs(corpus, LAYOUT, np.ones(10), seed=1).epoch(0)) == []


def test_margins_beyond_the_text_are_padding():
    (piece,) = Slabs(text_of(SIZE - 2), LAYOUT, np.ones(10), seed=1).epoch(0)
    assert (piece.sentences[:3] == PADDING).all()
    assert (piece.sentences[-5:] == PADDING).all()
    assert not piece.words[:3].any() and not piece.words[-5:].any()


def test_numbers_of_sentences_go_round_before_they_are_too_large(monkeypatch):
    """A text with 2 ** 31 sentences is too long for a test: count from there."""
    corpus, keep, plain = text_of(100), np.ones(10), slabs.split_tokens

    def late(tokens):
        words, sentences = plain(tokens)
        return words, sentences + 2**31 - 8

    monkeypatch.setattr(slabs, "split_tokens", late)
    pieces = list(Slabs(corpus, LAYOUT, keep, seed=1).epoch(0))
    assert views_of(pieces) == views_in(corpus, keep)


@pytest.mark.parametrize("block", [7, 100, 1000])
def test_the_share_of_the_text_rises_from_0_to_1(block, monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", block)
    keep = np.where(np.arange(10) < 5, 1.0, 0.3)
    pieces = list(Slabs(text_of(1000), LAYOUT, keep, seed=1).epoch(0))
    assert len(pieces) > 15
    assert pieces[0].begin == 0 and pieces[-1].end == 1
    for before, after in itertools.pairwise(pieces):
        assert before.begin < before.end == after.begin
    words = sum((piece.sentences[3:-3] >= 0).sum() for piece in pieces)
    for number, piece in enumerate(pieces, 1):
        assert piece.end == pytest.approx(min(1, number * SIZE / words), abs=0.05)


def test_shares_never_fall_where_nothing_is_kept_for_long(monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", 10)
    corpus = ToyCorpus([[0] * 30, [1] * 200, [0] * 40, [1] * 5])
    keep = np.array([1.0, 0.0])
    pieces = list(Slabs(corpus, LAYOUT, keep, seed=1).epoch(0))
    ends = [0.0, *(piece.end for piece in pieces)]
    assert ends == sorted(ends) and [piece.begin for piece in pieces] == ends[:-1]
    assert len(pieces) == 3 and ends[-1] == 1


def test_shares_never_fall_where_margins_are_wider_than_blocks(monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", 10)
    corpus = ToyCorpus([[0] * 200, *[[0, *[1] * 9]] * 60])
    layout = Layout(window=30, batch_size=8, steps=1, chunk=4)
    pieces = list(Slabs(corpus, layout, np.array([1.0, 0.0]), seed=1).epoch(0))
    ends = [0.0, *(piece.end for piece in pieces)]
    assert ends == sorted(ends) and ends[-1] == 1


def test_equal_blocks_are_thinned_differently(monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", 40)
    corpus = ToyCorpus([[*range(40)]] * 2)
    pieces = Slabs(corpus, LAYOUT, np.full(40, 0.5), seed=1).epoch(0)
    kept = [center for center, _ in views_of(pieces)]
    assert (np.bincount(kept) == 1).any()  # it stayed in one of both


def test_what_stays_is_decided_by_seed_and_epoch(monkeypatch):
    monkeypatch.setattr(slabs, "BLOCK", 100)
    corpus, keep = text_of(2000), np.linspace(0.1, 1, 10)

    def kept(seed, epoch):
        pieces = Slabs(corpus, LAYOUT, keep, seed).epoch(epoch)
        return [center for center, _ in views_of(pieces)]

    cut = Slabs(corpus, LAYOUT, keep, seed=1)
    second = views_of(cut.epoch(1))  # whatever was cut before
    assert [center for center, _ in second] == kept(1, 1)
    assert kept(1, 0) == kept(1, 0)
    assert len({tuple(kept(seed, epoch)) for seed in (1, 2) for epoch in (0, 1)}) == 4


def test_words_stay_as_often_as_they_should():
    corpus, keep = text_of(20_000), np.linspace(0.1, 1, 10)
    centers = [
        piece.words[3:-3][piece.sentences[3:-3] >= 0]
        for piece in Slabs(corpus, LAYOUT, keep, seed=3).epoch(0)
    ]
    share = np.bincount(np.concatenate(centers)) / corpus.vocabulary.counts
    np.testing.assert_allclose(share, keep, atol=0.05)
    assert share[-1] == 1


def test_items_made_ahead_come_in_order():
    before = threading.active_count()
    assert list(ahead(iter(range(50)))) == list(range(50))
    assert list(ahead(iter([]))) == []
    assert threading.active_count() == before


def test_only_a_few_items_are_made_ahead():
    made = []

    def make():
        for number in range(100):
            made.append(number)
            yield number

    items = ahead(make(), depth=3)
    assert made == []  # nothing before it is asked for
    for asked in range(1, 6):
        next(items)
        assert len(made) <= asked + 3 + 1  # in the queue, and one in the hand
    items.close()
    assert len(made) < 12


@pytest.mark.parametrize("error", [ValueError("torn"), KeyboardInterrupt()])
def test_an_error_is_raised_where_the_item_would_have_come(error):
    def make():
        yield 1
        yield 2
        raise error

    items, got = ahead(make()), []
    with pytest.raises(type(error)) as raised:
        for item in items:
            got.append(item)
    assert raised.value is error and got == [1, 2]


def test_who_stops_early_leaves_no_thread_behind():
    before = threading.active_count()
    items = ahead(itertools.count())
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    assert threading.active_count() == before + 1
    items.close()
    assert threading.active_count() == before
    with pytest.raises(ValueError, match="no more"):
        for item in ahead(itertools.count()):
            if item == 2:
                raise ValueError("no more")
    ahead(itertools.count()).close()  # never begun
