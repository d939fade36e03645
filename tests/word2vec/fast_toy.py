"""What the tests of fast training share: a recipe, and programs compiled once."""

import itertools

import numpy as np
import pytest

from projects.word2vec import fast
from projects.word2vec.model import MODELS, OBJECTIVES
from projects.word2vec.reference import Recipe

RECIPE = Recipe(
    model="skip_gram",
    objective="negative",
    window=3,
    negative=4,
    sample=0.0,
    batch_size=64,
    seed=1,
    embedding_dim=8,
    learning_rate=0.1,
    epochs=4,
)
ALL = list(itertools.product(MODELS, OBJECTIVES))


@pytest.fixture(scope="module")
def programs():
    """Compile once for each kind of objective and layout."""
    made, make = {}, fast.make_program

    def remember(objective):
        # All that a program has of its objective; the rest is handed to it.
        sizes = [v for v in vars(objective).values() if isinstance(v, int | float)]
        key = (type(objective), objective.layout, *sizes)
        if key not in made:
            made[key] = make(objective)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "make_program", remember)
        yield


def assert_same(one, other):
    """Compare what two trainings return, bit for bit."""
    for mine, theirs in zip(one[0], other[0], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert one[1] == other[1]
