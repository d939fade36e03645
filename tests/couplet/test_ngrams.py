"""N-gram models by hand, as distributions, and beside a plain implementation."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.counting.line_ids import LineIds
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.metrics import perplexity

START, END, SIZE = 2, 4, 9


@pytest.fixture(scope="module")
def lines():
    generator = np.random.default_rng(0)
    drawn = [generator.integers(5, SIZE, n).tolist() for n in (4, 1, 0, 7, 7, 3) * 5]
    return LineIds.from_lists(drawn)


def _plain(train, test, order, discount):
    """The same by dictionaries, following the formula."""
    follow = defaultdict(Counter)
    for line in train:
        padded = [START] * (order - 1) + line
        for place in range(order - 1, len(padded)):
            for n in range(order):
                follow[tuple(padded[place - n : place])][padded[place]] += 1

    def probability(word, history):
        if history is None:
            return 1 / SIZE
        lower = probability(word, history[1:] if history else None)
        seen = follow[history]
        if not seen:
            return lower
        share = discount * len(seen) / seen.total()
        return max(seen[word] - discount, 0) / seen.total() + share * lower

    return [
        math.log(probability(w, tuple(([START] * order + line)[i + 1 : order + i])))
        for line in test
        for i, w in enumerate(line)
    ]


def _lists(lines):
    pairs = zip(lines.starts, lines.starts[1:], strict=False)
    return [lines.ids[begin:end].tolist() for begin, end in pairs]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("end", [None, END])
def test_probabilities_are_those_of_the_formula(lines, order, end):
    model = NgramModel.fit(
        lines, order=order, vocabulary_size=SIZE, start=START, end=end, discount=0.6
    )
    test = LineIds.from_lists([[5, 6, 7, 8], [], [8, 3, 5]])
    closing = [] if end is None else [end]
    train = [line + closing for line in _lists(lines)]
    asked = [line + closing for line in _lists(test)]
    expected = _plain(train, asked, order, 0.6)
    np.testing.assert_allclose(model.log_probs(test), expected, rtol=1e-12)


def test_a_bigram_by_hand():
    # After 5 came 6 twice and 7 once; 5, 6, 7 were seen 3, 2 and 1 times.
    lines = LineIds.from_lists([[5, 6], [5, 6], [5, 7]])
    model = NgramModel.fit(lines, order=2, vocabulary_size=8, start=START, discount=0.5)
    unigram = 1.5 / 6 + 0.5 * 3 / 6 / 8
    expected = 1.5 / 3 + 0.5 * 2 / 3 * unigram
    asked = LineIds.from_lists([[5, 6]])
    assert math.exp(model.log_probs(asked)[1]) == pytest.approx(expected)


@pytest.mark.parametrize("order", [1, 3])
def test_distributions_are_the_probabilities(lines, order):
    model = NgramModel.fit(lines, order=order, vocabulary_size=SIZE, start=START)
    histories = np.array([[5, 6], [8, 8], [3, 3]])
    probs = model.distribution(histories)
    assert probs.shape == (3, SIZE)
    np.testing.assert_allclose(probs.sum(axis=1), 1)
    for history, row in zip(histories.tolist(), probs, strict=True):
        asked = LineIds.from_lists([[*history, w] for w in range(SIZE)])
        np.testing.assert_allclose(np.log(row), model.log_probs(asked)[2::3])


def test_a_short_history_begins_the_line(lines):
    model = NgramModel.fit(lines, order=3, vocabulary_size=SIZE, start=START)
    begun = model.distribution(np.empty((1, 0), int))
    np.testing.assert_allclose(begun, model.distribution(np.array([[START, START]])))
    assert not np.allclose(begun, model.distribution(np.array([[5, 6]])))


def test_samples_have_the_distribution(lines):
    model = NgramModel.fit(lines, order=2, vocabulary_size=SIZE, start=START, end=END)
    drawn = model.sample(4000, longest=5, seed=1)
    assert drawn == model.sample(4000, longest=5, seed=1)
    assert drawn != model.sample(4000, longest=5, seed=2)
    assert max(map(len, drawn)) == 5
    assert not any(END in line for line in drawn)
    begins = np.bincount([line[0] if line else END for line in drawn], minlength=SIZE)
    expected = model.distribution(np.empty((1, 0), int))[0]
    np.testing.assert_allclose(begins / 4000, expected, atol=0.03)
    # What the model draws is less of a surprise than noise.
    noise = np.random.default_rng(0).integers(5, SIZE, (4000, 3)).tolist()
    own = perplexity(model.log_probs(LineIds.from_lists(drawn)))
    assert own < perplexity(model.log_probs(LineIds.from_lists(noise)))


def test_without_discount_samples_only_repeat_what_was_seen():
    lines = LineIds.from_lists([[5, 6, 7, 8], [5, 8]])
    model = NgramModel.fit(
        lines, order=2, vocabulary_size=SIZE, start=START, end=END, discount=0.0
    )
    drawn = model.sample(99, longest=9, seed=0)
    assert {tuple(line) for line in drawn} == {(5, 6, 7, 8), (5, 8)}
    asked = LineIds.from_lists([[5, 7]])
    assert model.log_probs(asked)[:2].tolist() == [0, -math.inf]


def test_lines_without_end_are_drawn_to_their_length(lines):
    model = NgramModel.fit(lines, order=2, vocabulary_size=SIZE, start=START)
    assert [len(line) for line in model.sample(3, longest=6, seed=0)] == [6, 6, 6]


@pytest.mark.parametrize("end", [None, END])
def test_what_is_saved_is_loaded(tmp_path, lines, end):
    model = NgramModel.fit(
        lines, order=3, vocabulary_size=SIZE, start=START, end=end, discount=0.7
    )
    model.save(tmp_path / "ngrams.npz")
    loaded = NgramModel.load(tmp_path / "ngrams.npz")
    assert (loaded.order, loaded.end, loaded.discount) == (3, end, 0.7)
    np.testing.assert_array_equal(loaded.log_probs(lines), model.log_probs(lines))


def test_a_file_of_something_else_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", end=np.array(1))
    with pytest.raises(UserError, match="other"):
        NgramModel.load(tmp_path / "other.npz")
