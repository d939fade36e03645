"""The count model: shares by hand, distributions, and the search that asks it."""

import math

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.counting.count_model import CountModel
from projects.couplet.counting.line_ids import LineIds
from projects.couplet.metrics import perplexity
from projects.couplet.tokens import START

SIZE = 12
PARTNER = np.arange(SIZE)
PARTNER[6:] = np.roll(PARTNER[6:], 1)


def _draw(num_lines, seed):
    """Second lines have the partners of the first, but every fourth is a surprise."""
    generator = np.random.default_rng(seed)
    first = generator.integers(6, SIZE, (num_lines, 5))
    second = np.where(
        generator.random(first.shape) < 0.25,
        generator.integers(6, SIZE, first.shape),
        PARTNER[first],
    )
    return LineIds.from_lists(first.tolist()), LineIds.from_lists(second.tolist())


@pytest.fixture(scope="module")
def model():
    return CountModel.fit(*_draw(400, 0), _draw(200, 1), SIZE)


def test_the_shares_are_those_of_the_tables():
    first, second = LineIds.from_lists([[6, 7]] * 4), [[8, 9], [8, 9], [8, 10], [9, 9]]
    second = LineIds.from_lists(second)
    model = CountModel.fit(first, second, (first, second), SIZE)
    # The second character of [8, 9], facing 7 after 8, after START and 8, facing
    # 6 and 7 after 8: 9 is 4 of 8 of all, 2 of 3 after 8, 3 of 4 below 7.
    shares = np.array([1 / 12, 4 / 8, 2 / 3, 2 / 3, 3 / 4, 2 / 3, 2 / 3])
    expected = math.log(model.weights[0b111111] @ shares)
    assert model.log_probs(first, second)[1] == pytest.approx(expected)
    # Never seen: 7 below 6 at the beginning, where START stands before.
    unseen = LineIds.from_lists([[6]]), LineIds.from_lists([[7]])
    expected = math.log(model.weights[0b111111, 0] / 12)
    assert model.log_probs(*unseen)[0] == pytest.approx(expected)


def test_only_seen_contexts_have_weight(model):
    np.testing.assert_allclose(model.weights.sum(axis=1), 1)
    seen = np.arange(64)[:, None] >> np.arange(6) & 1
    assert np.all((model.weights[:, 1:] > 0) == seen)


def test_it_learns_who_partners_whom(model):
    perplexities = perplexity(model.log_probs(*_draw(200, 2)))
    # 3/4 + 1/24 for the partner, 1/24 for each of five others.
    p = np.array([0.75 + 0.25 / 6] + [0.25 / 6] * 5)
    best = math.exp(-(p * np.log(p)).sum())
    assert best < perplexities < 1.15 * best


def test_steps_are_the_probabilities_of_lines(model):
    first, second = _draw(3, 3)
    sources = first.ids.reshape(3, 5)
    targets = second.ids.reshape(3, 5)
    memory, state = model.begin(sources)
    previous, found = np.full(3, START), []
    for position in range(5):
        log_probs, state = model.step(memory, state, previous, position)
        assert (log_probs.shape, log_probs.dtype) == ((3, SIZE), np.float32)
        np.testing.assert_allclose(np.exp(log_probs).sum(axis=1), 1, rtol=1e-5)
        previous = targets[:, position]
        found.append(log_probs[np.arange(3), previous])
    expected = model.log_probs(first, second).reshape(3, 5)
    np.testing.assert_allclose(np.transpose(found), expected, rtol=1e-5)


def test_steps_follow_reordered_rows(model):
    sources = np.array([[6, 7, 8], [9, 10, 11]])
    memory, state = model.begin(sources)
    _, state = model.step(memory, state, np.full(2, START), 0)
    straight, _ = model.step(memory, state, np.array([7, 8]), 1)
    swapped = [{k: v[::-1] for k, v in arrays.items()} for arrays in (memory, state)]
    crossed, _ = model.step(*swapped, np.array([8, 7]), 1)
    np.testing.assert_array_equal(crossed, straight[::-1])


def test_what_is_saved_is_loaded(tmp_path, model):
    model.save(tmp_path / "counts.npz")
    loaded = CountModel.load(tmp_path / "counts.npz")
    test = _draw(9, 4)
    np.testing.assert_array_equal(loaded.log_probs(*test), model.log_probs(*test))
    np.savez(tmp_path / "other.npz", weights=model.weights)
    with pytest.raises(UserError, match="other"):
        CountModel.load(tmp_path / "other.npz")


def test_it_beats_its_parts_on_real_pairs(mirror):
    from projects.couplet.counting.line_ids import encode_lines
    from projects.couplet.counting.ngrams import NgramModel
    from projects.couplet.pairs.reading import read_pairs
    from projects.couplet.tokens import Tokens

    def encode(pairs):
        return [encode_lines(lines, tokens) for lines in (pairs.first, pairs.second)]

    folder = mirror / "couplet"
    train, valid = (
        read_pairs(folder / f"{part}.tsv.xz", limit=20_000)
        for part in ("train", "valid")
    )
    test = read_pairs(folder / "test.tsv.xz")
    tokens = Tokens.from_lines(train.first + train.second)
    size = len(tokens)
    first, second = encode(train)
    model = CountModel.fit(first, second, encode(valid), size)
    trigram = NgramModel.fit(second, order=3, vocabulary_size=size, start=START)
    asked, answered = encode(test)
    han = tokens.han_mask[answered.ids]
    alone = perplexity(trigram.log_probs(answered)[han])
    assert perplexity(model.log_probs(asked, answered)[han]) < 0.7 * alone
