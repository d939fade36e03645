import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.features.clip_set import ClipSet


@pytest.fixture
def clips():
    return ClipSet(
        features={
            "motion": np.arange(24, dtype=np.float32).reshape(3, 4, 2),
            "region": np.ones((3, 4, 5), np.float32),
        },
        lengths=np.array([4, 2, 1]),
        labels=np.array([0, 1, 1]),
        classes=("safe", "可疑"),
        groups=np.array(["a", "b", "b"], object),
        paths=np.array(["a/x.mp4", "b/y.mp4", "b/y.mp4"], object),
        starts=np.array([0.0, 0.0, 0.8]),
        skipped=("c/z.mp4: empty",),
        notes=(),
    )


def _same(one, other):
    for name, value in vars(one).items():
        expected = getattr(other, name)
        if isinstance(value, dict):
            assert list(value) == list(expected)
            assert all(np.array_equal(value[key], expected[key]) for key in value)
        else:
            assert type(value) is type(expected)
            assert np.array_equal(value, expected)
            assert getattr(value, "dtype", None) == getattr(expected, "dtype", None)


def test_what_is_known_of_the_shape(clips):
    assert len(clips) == 3 and clips.num_frames == 4
    assert clips.dims == {"motion": 2, "region": 5}
    assert clips.mask.tolist() == [[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]]


@pytest.mark.parametrize("chosen", [[2, 0], np.array([2, 0])])
def test_some_clips_in_the_order_asked_for(clips, chosen):
    part = clips.select(chosen)
    assert part.features["motion"][:, 0, 0].tolist() == [16, 0]
    assert part.lengths.tolist() == [1, 4] and part.labels.tolist() == [1, 0]
    assert part.groups.tolist() == ["b", "a"] and part.starts.tolist() == [0.8, 0]
    assert part.paths.tolist() == ["b/y.mp4", "a/x.mp4"]
    assert part.classes == clips.classes and part.skipped == clips.skipped


def test_some_clips_by_a_mask(clips):
    assert clips.select(clips.labels == 1).starts.tolist() == [0.0, 0.8]


def test_saved_and_loaded_it_is_the_same(clips, tmp_path):
    clips.save(tmp_path / "clips.npz")
    _same(ClipSet.load(tmp_path / "clips.npz"), clips)


@pytest.mark.parametrize("content", [None, b"", b"text", b"PK\x03\x04 cut"])
def test_what_is_no_such_file_is_told(content, tmp_path):
    path = tmp_path / "clips.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match="Features of clips expected in .*clips.npz"):
        ClipSet.load(path)


def test_another_npz_is_told(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(UserError, match="Features of clips expected"):
        ClipSet.load(tmp_path / "other.npz")
