"""Batches of pairs: each pair once in a pass, lessons, weights, where lines end."""

from collections import Counter

import numpy as np
import pytest

from projects.couplet.network.batches import EncodedPairs, Lessons, PairBatches
from projects.couplet.tokens import (
    BLANK,
    END,
    PAD,
    START,
    START_REVERSED,
    UNKNOWN,
    Tokens,
)
from tests.couplet.toy_couplets import answer, draw_pairs

NUMBER = 333
FIRST, SECOND = draw_pairs(NUMBER)
TOKENS = Tokens.from_lines([*FIRST, *SECOND], min_count=1)
PAIRS = EncodedPairs.of(FIRST, SECOND, TOKENS)


def make(**options):
    return PairBatches(PAIRS, **({"batch_tokens": 40} | options))


def epoch_of(batches, epoch=0):
    batches.set_epoch(epoch)
    return [batches[index] for index in range(len(batches))]


def text(ids):
    return TOKENS.decode(ids[ids != PAD])


def sources_of(made):
    """Return the first lines of batches, without rows that only fill up."""
    return [text(row) for x, *_ in made for row in x["source"] if row.any()]


def test_pairs_are_kept_in_ids():
    pairs = EncodedPairs.of(["天，风", "日"], ["地，雨", "龘"], TOKENS)
    assert len(pairs) == 2 and pairs.ids.shape == (2, 2, 3)
    assert pairs.lengths.tolist() == [3, 1]
    assert text(pairs.ids[0, 0]) == "天，风"
    assert pairs.ids[1].tolist() == [[TOKENS.id("日"), 0, 0], [UNKNOWN, 0, 0]]


def test_a_batch_teaches_what_follows_what():
    for inputs, targets, weights in epoch_of(make()):
        source, previous = inputs["source"], inputs["previous"]
        assert source.shape == previous.shape == targets.shape == weights.shape
        assert (previous[:, 0] == START).all()
        np.testing.assert_array_equal(previous[:, 1:], targets[:, :-1])
        for line, second in zip(source, targets, strict=True):
            assert text(second) == answer(text(line))
        np.testing.assert_array_equal(weights, targets != PAD)
        assert weights.dtype == np.float32


@pytest.mark.parametrize("epoch_pairs", [0, 50, 100, 120, 1000])
def test_every_pair_comes_once_in_a_pass(epoch_pairs):
    batches = make(epoch_pairs=epoch_pairs)
    in_a_pass = len(make())
    stream = [made for epoch in range(40) for made in epoch_of(batches, epoch)]
    assert len(stream) == 40 * len(batches) >= 2 * in_a_pass
    passes = []
    for begin in range(0, len(stream) - in_a_pass + 1, in_a_pass):
        passes.append(sources_of(stream[begin : begin + in_a_pass]))
        assert Counter(passes[-1]) == Counter(FIRST)
    assert passes[0] != passes[1]


def test_an_epoch_is_about_as_large_as_wished():
    sizes = [len(sources_of(epoch_of(make(epoch_pairs=80), e))) for e in range(8)]
    assert all(40 <= size <= 110 for size in sizes)
    assert 65 <= np.mean(sizes) <= 95


def test_an_epoch_is_a_function_of_seed_and_number():
    lessons = Lessons(0.3, 0.3, TOKENS.han_mask)
    options = {"epoch_pairs": 100, "lessons": lessons}
    used, fresh = make(**options), make(**options)
    for epoch in (5, 0, 2):
        epoch_of(used, epoch)
    fresh.set_epoch(2)
    for index in reversed(range(len(fresh))):
        used.set_epoch(2)
        for own, other in zip(used[index][1:], fresh[index][1:], strict=True):
            np.testing.assert_array_equal(own, other)
        for name, own in used[index][0].items():
            np.testing.assert_array_equal(own, fresh[index][0][name])
    other = make(seed=1, **options)
    assert sources_of(epoch_of(other, 2)) != sources_of(epoch_of(fresh, 2))


def test_lines_of_a_batch_have_one_length_and_few_shapes():
    made = epoch_of(make())
    lengths = {len(line) for line in FIRST}
    assert {x["source"].shape for x, *_ in made} == {(40 // n, n) for n in lengths}
    for inputs, _, weights in made:
        real = inputs["source"].any(axis=1)
        assert inputs["source"][real].all() and weights[real].all()
        assert not weights[~real].any()


def test_wide_buckets_pad_at_the_end():
    made = epoch_of(make(bucket_width=4))
    assert {x["source"].shape[1] for x, *_ in made} == {4, 7}
    for inputs, targets, _ in made:
        real = targets != PAD
        assert (real[:, :-1] >= real[:, 1:]).all()
        np.testing.assert_array_equal(inputs["source"] != PAD, real)
    assert Counter(sources_of(made)) == Counter(FIRST)


def test_validation_is_always_alike_and_not_filled_up():
    batches = make(shuffle=False)
    made = epoch_of(batches)
    lines = sources_of(made)
    assert sorted(lines) == sorted(FIRST)
    assert sources_of(epoch_of(make(shuffle=False))) == lines
    assert all(x["source"].any(axis=1).all() for x, *_ in made)
    assert sources_of(epoch_of(batches, 3)) == lines


def test_a_loop_over_batches_ends():
    batches = make(epoch_pairs=100)
    assert len(list(batches[i] for i in range(len(batches)))) == len(batches)
    with pytest.raises(IndexError):
        batches[len(batches)]


def test_unknown_characters_are_read_but_not_learned():
    pairs = EncodedPairs.of(["天龘日"], ["龘雨月"], TOKENS)
    inputs, targets, weights = PairBatches(pairs, batch_tokens=3)[0]
    assert inputs["source"][0, 1] == UNKNOWN and targets[0, 0] == UNKNOWN
    assert inputs["previous"][0, 1] == UNKNOWN
    assert weights.tolist() == [[0, 1, 1]]


def rows_of(lessons, epochs=30):
    """Return (source, start, target) of all pairs in some epochs."""
    batches = make(lessons=lessons)
    return [
        (source, previous[0], target)
        for epoch in range(epochs)
        for x, targets, _ in epoch_of(batches, epoch)
        for source, previous, target in zip(
            x["source"], x["previous"], targets, strict=True
        )
        if target.any()
    ]


def test_a_share_is_asked_backwards():
    rows, seconds = rows_of(Lessons(reverse_share=0.3)), set(SECOND)
    turned = [start == START_REVERSED for _, start, _ in rows]
    assert np.mean(turned) == pytest.approx(0.3, abs=0.02)  # of 10,000
    for source, start, target in rows:
        backwards = text(source) in seconds
        assert start == (START_REVERSED if backwards else START)
        assert text(target) == answer(text(source))


def test_a_share_is_asked_with_punctuation_alone():
    rows = rows_of(Lessons(0.3, 0.2, TOKENS.han_mask))
    blanked = [(s, start, t) for s, start, t in rows if (s == BLANK).any()]
    assert len(blanked) / len(rows) == pytest.approx(0.2, abs=0.02)
    comma = TOKENS.id("，")
    for source, _, target in blanked:
        kept = (target == comma) | (target == PAD)
        np.testing.assert_array_equal(source[kept], target[kept])
        assert (source[~kept] == BLANK).all()
    # Both lessons are drawn independently.
    turned = [start == START_REVERSED for _, start, _ in blanked]
    assert np.mean(turned) == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize("width", [1, 4])
def test_the_end_stands_right_after_the_line(width):
    made = epoch_of(make(lessons=Lessons(end=True), bucket_width=width))
    for inputs, targets, weights in made:
        assert targets.shape[1] == inputs["source"].shape[1] + 1
        np.testing.assert_array_equal(inputs["previous"][:, 1:], targets[:, :-1])
        for source, target, weight in zip(
            inputs["source"], targets, weights, strict=True
        ):
            count = np.count_nonzero(source)
            assert (target == END).nonzero()[0].tolist() == ([count] if count else [])
            assert weight.sum() == (count + 1 if count else 0)
            assert not target[count + 1 :].any()


def test_keras_sees_two_lengths_at_once():
    """Nine batches of one length come before the other: fit must not fix it."""
    lines = ["天风日"] * 90 + ["山花"]
    tokens = Tokens.from_lines(lines, min_count=1)
    pairs = EncodedPairs.of(lines, lines, tokens)
    for options in ({"shuffle": False}, {"seed": 3}, {"epoch_pairs": 9}):
        batches = PairBatches(pairs, batch_tokens=30, **options)
        shapes = {batches[index][1].shape[1] for index in (0, 1)}
        assert shapes == {2, 3}, options
