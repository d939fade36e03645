"""Where attention lies, counted by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from projects.couplet.experiments.alignment import FARTHEST, measure_alignment
from projects.couplet.tokens import Tokens

FIRST, SECOND = ["风云三", "天，地日"], ["花鸟一", "山，水月"]


class Scripted:
    """A translator whose attention is given by the length of the line."""

    def __init__(self, weights, looking=True):
        self.tokens = Tokens.from_lines([*FIRST, *SECOND], min_count=1)
        self.model = SimpleNamespace(looking=looking or None)
        self.weights = weights

    def look(self, sources, targets):
        assert sources.shape == targets.shape
        return np.stack([self.weights[sources.shape[1]]] * len(sources))


def shares(places, length):
    """Return weights with 0.7 at the place of each step, the rest spread evenly."""
    weights = np.full((len(places), length), 0.3 / (length - 1))
    weights[np.arange(len(places)), places] = 0.7
    return weights


def test_steps_are_counted_by_hand():
    # Of the second line only its three characters count, not the comma (step 1).
    script = Scripted({3: shares([0, 1, 1], 3), 4: shares([1, 1, 2, 0], 4)})
    found = measure_alignment(script, FIRST, SECOND)
    assert found.right == pytest.approx(3 / 6)
    assert found.chance == pytest.approx((3 / 3 + 3 / 4) / 6)
    own = [0.7, 0.7, 0.15, 0.1, 0.7, 0.1]
    assert found.weight == pytest.approx(np.mean(own))
    by_offset = dict(zip(range(-FARTHEST, FARTHEST + 1), found.offsets, strict=True))
    assert by_offset[0] == pytest.approx(3 / 6)
    assert by_offset[-1] == by_offset[1] == by_offset[-3] == pytest.approx(1 / 6)
    assert np.isnan(found.mean_of_seven).all()


def test_lines_of_seven_make_the_mean_picture():
    seven = np.random.default_rng(0).dirichlet(np.ones(7), size=7)
    script = Scripted({7: seven})
    found = measure_alignment(script, ["一二三四五六七"], ["七六五四三二一"])
    np.testing.assert_allclose(found.mean_of_seven, seven)


def test_a_model_without_attention_aligns_nothing():
    script = Scripted({}, looking=False)
    assert measure_alignment(script, FIRST, SECOND) is None
