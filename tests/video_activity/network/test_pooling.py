"""Summaries over time, beside NumPy."""

import keras
import numpy as np
import pytest

from projects.video_activity.network.pooling import KINDS, Pool

pytestmark = pytest.mark.backend

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(3, 6, 4)).astype(np.float32)
LENGTHS = [6, 3, 1]
MASK = np.arange(6) < np.array(LENGTHS)[:, None]


def by_hand(kind, rows):
    if kind == "mean":
        return rows.mean(axis=0)
    if kind == "max":
        return rows.max(axis=0)
    if kind == "deviation":
        return rows.std(axis=0)
    steps = np.abs(np.diff(rows, n=2 if kind == "acceleration" else 1, axis=0))
    return steps.mean(axis=0) if len(steps) else np.zeros(rows.shape[1])


@pytest.mark.parametrize("kind", KINDS)
def test_only_frames_that_are_there_count(kind):
    padded = np.where(MASK[..., None], FEATURES, 99.0)  # what stands behind is nothing
    found = keras.ops.convert_to_numpy(Pool(kind)(padded, MASK))
    for row, features, length in zip(found, FEATURES, LENGTHS, strict=True):
        np.testing.assert_allclose(row, by_hand(kind, features[:length]), atol=1e-5)


def test_even_movement_changes_but_does_not_accelerate():
    even = np.arange(5, dtype=np.float32)[None, :, None]
    jerky = np.array([0, 2, 0, 2, 0], np.float32)[None, :, None]
    mask = np.ones((1, 5), bool)
    pooled = {
        kind: [float(Pool(kind)(rows, mask)[0, 0]) for rows in (even, jerky)]
        for kind in ("change", "acceleration")
    }
    assert pooled == {"change": [1, 2], "acceleration": [0, 4]}


def test_a_pool_is_made_again_from_its_configuration():
    assert Pool.from_config(Pool("change").get_config()).kind == "change"
    with pytest.raises(ValueError, match="one of"):
        Pool("median")
