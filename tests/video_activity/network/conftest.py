"""Clips whose class shows in one of two streams."""

import numpy as np
import pytest

from projects.video_activity.features.clip_set import ClipSet


def make_clips(count=60, groups=12, frames=5, seed=0):
    """Return clips of two classes: in class 1 the region changes more."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    lengths = rng.integers(3, frames + 1, count)
    mask = np.arange(frames) < lengths[:, None]
    size = (1 + 2 * labels)[:, None, None]
    streams = {}
    for name, dim in (("region", 6), ("region_difference", 4)):
        values = rng.normal(size=(count, frames, dim)) * size
        streams[name] = np.where(mask[..., None], values, 0).astype(np.float32)
    return ClipSet(
        features=streams,
        lengths=lengths,
        labels=labels,
        classes=("calm", "wild"),
        groups=np.array([f"g{(n // 2) % groups}" for n in range(count)], object),
        paths=np.array([f"v{n}.mp4" for n in range(count)], object),
        starts=np.zeros(count),
    )


@pytest.fixture(scope="session")
def clips():
    return make_clips()
