"""Weights go to disk and come back; what is not theirs is told in one line."""

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.network.weights import load_weights, read_weights, save_weights


def make_model(units=3):
    layers = [keras.Input((2,)), keras.layers.Dense(units), keras.layers.Dense(1)]
    return keras.Sequential(layers)


def test_weights_return_rounded_to_float16(tmp_path):
    model, other = make_model(), make_model()
    save_weights(model, tmp_path / "weights.npz")
    load_weights(other, tmp_path / "weights.npz")
    for before, after in zip(model.get_weights(), other.get_weights(), strict=True):
        assert after.dtype == np.float32
        assert np.array_equal(before.astype(np.float16), after)
        assert np.abs(before - after).max() < 1e-3


def test_the_file_is_half_as_large_as_float32(tmp_path):
    model = keras.Sequential([keras.Input((256,)), keras.layers.Dense(256)])
    save_weights(model, tmp_path / "weights.npz")
    size = (tmp_path / "weights.npz").stat().st_size
    assert 2 * model.count_params() < size < 2 * model.count_params() + 1500


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path, model = tmp_path / "weights.npz", make_model()
    save_weights(model, path)
    before = path.read_bytes()
    model.layers[0].bias.assign([0.0, np.nan, 0.0])
    with pytest.raises(UserError, match="NaN, in .*bias"):
        save_weights(model, path)
    model.layers[0].bias.assign([0.0, 1e6, 0.0])
    with pytest.raises(UserError, match="at most 65,504"):
        save_weights(model, path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_another_model_is_told(tmp_path):
    save_weights(make_model(units=4), tmp_path / "weights.npz")
    with pytest.raises(UserError, match=r"array 0 \(2, 4\), not \(2, 3\)"):
        load_weights(make_model(), tmp_path / "weights.npz")
    with pytest.raises(UserError, match="4 arrays, not 1"):
        read_weights(tmp_path / "weights.npz", [(2, 4)])


def test_a_missing_file_is_told(tmp_path):
    for path in (tmp_path / "none.npz", tmp_path):
        with pytest.raises(UserError, match="no such file"):
            load_weights(make_model(), path)


def test_a_broken_file_is_told_and_leaves_the_model(tmp_path):
    path, model = tmp_path / "weights.npz", make_model()
    save_weights(model, path)
    whole, before = path.read_bytes(), model.get_weights()
    first = before[0].astype(np.float16).tobytes()
    flipped = whole.replace(first, first[:-1] + bytes([first[-1] ^ 1]))
    for content in (b"", b"text", whole[: len(whole) // 2], flipped):
        path.write_bytes(content)
        with pytest.raises(UserError, match="a broken file"):
            load_weights(model, path)
    for old, new in zip(before, model.get_weights(), strict=True):
        assert np.array_equal(old, new)


def test_nothing_is_unpickled(tmp_path):
    np.savez(tmp_path / "weights.npz", **{"000": np.array([{}], dtype=object)})
    with pytest.raises(UserError, match="a broken file"):
        read_weights(tmp_path / "weights.npz", [(1,)])
