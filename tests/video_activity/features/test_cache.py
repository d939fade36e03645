import numpy as np
import pytest

from projects.video_activity.features.cache import FeatureCache, SpanFeatures

KEY = "0123456789abcdef"


@pytest.fixture
def found():
    random = np.random.default_rng(0)
    return SpanFeatures(
        {"motion": random.normal(0, 3, (25, 4)).astype(np.float32)},
        np.array([15, 10]),
        np.array([0.0, 3.0]),
        ("it was cut off",),
    )


def test_what_was_saved_is_found(found, tmp_path):
    cache = FeatureCache(tmp_path / "new" / "folder")
    assert cache.find(KEY) is None
    cache.save(KEY, found)
    again = cache.find(KEY)
    assert again.features["motion"].dtype == np.float32
    assert again.features["motion"] == pytest.approx(found.features["motion"], rel=1e-3)
    assert again.lengths.tolist() == [15, 10] and again.starts.tolist() == [0.0, 3.0]
    assert again.notes == found.notes
    assert [path.name for path in tmp_path.rglob("*.*")] == [f"{KEY}.npz"]


def test_features_beyond_float16_stay_finite(found, tmp_path):
    found.features["motion"][0] = 1e9
    FeatureCache(tmp_path).save(KEY, found)
    assert np.isfinite(FeatureCache(tmp_path).find(KEY).features["motion"]).all()


@pytest.mark.parametrize("keep", [0, 0.01, 0.5, 0.95])
def test_a_broken_file_is_told_and_written_anew(keep, found, tmp_path, capsys):
    cache = FeatureCache(tmp_path)
    cache.save(KEY, found)
    path = next(tmp_path.rglob("*.npz"))
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data))])
    assert cache.find(KEY) is None
    assert f"{path} is broken" in capsys.readouterr().err
    cache.save(KEY, found)
    assert cache.find(KEY).notes == found.notes


def test_changed_bytes_are_noticed(found, tmp_path, capsys):
    cache = FeatureCache(tmp_path)
    cache.save(KEY, found)
    path = next(tmp_path.rglob("*.npz"))
    data = bytearray(path.read_bytes())
    data[250] ^= 0xFF  # among the numbers of the first stream
    path.write_bytes(data)
    assert cache.find(KEY) is None
    assert "broken" in capsys.readouterr().err


def test_all_that_makes_features_is_in_the_key():
    cache = FeatureCache("anywhere")
    keys = {
        cache.key(content, start, end, digest)
        for content in ("ab", "cd")
        for start in (0.0, 1.0)
        for end in (None, 2.0)
        for digest in ("x", "y")
    }
    assert len(keys) == 16
    assert cache.key("ab", 0, 2, "x") == cache.key("ab", 0.0, 2.0, "x")
