import keras
import numpy as np
import pytest

from projects.video_activity.features import fast_backbone as module
from projects.video_activity.features.fast_backbone import FastBackbone, fast_backbone

tensorflow = pytest.importorskip("tensorflow")
if keras.backend.backend() != "tensorflow":
    pytest.skip("graphs are TensorFlow's", allow_module_level=True)


@pytest.fixture(scope="module")
def pictures():
    return module._trial_pictures(32)


@pytest.fixture(scope="module")
def frozen(tiny_backbone):
    return fast_backbone(tiny_backbone, way="frozen float32")


def _least_cosine(one, other):
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return ((one * other).sum(1) / norms).min()


def test_frozen_features_are_those_of_keras(tiny_backbone, frozen, pictures):
    expected = tiny_backbone.model.predict_on_batch(pictures)
    assert np.ptp(expected) > 0.01
    scale = np.abs(expected).max()
    assert np.abs(frozen(pictures) - expected).max() < 1e-4 * scale
    mixed = fast_backbone(tiny_backbone, way="frozen bfloat16")
    assert mixed(pictures).dtype == np.float32
    assert _least_cosine(mixed(pictures), expected) >= module.LEAST_COSINE
    kept = fast_backbone(tiny_backbone, way="keras")
    assert np.abs(kept(pictures) - expected).max() < 1e-5 * scale


def test_real_features_in_bfloat16(mirror, monkeypatch):
    from projects.video_activity.features.backbone import build_backbone

    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    backbone = build_backbone("mobilenet_v2", 96)
    pictures = module._trial_pictures(96)
    expected = backbone.model.predict_on_batch(pictures)
    mixed = fast_backbone(backbone, way="frozen bfloat16")(pictures)
    assert _least_cosine(mixed, expected) >= module.LEAST_COSINE


@pytest.mark.parametrize("count", [1, module.BATCH, module.BATCH + 3])
def test_any_number_of_pictures(frozen, tiny_backbone, count):
    seen = np.random.default_rng(0).integers(0, 256, (count, 32, 32, 3), np.uint8)
    found = frozen(seen)
    assert found.shape == (count, tiny_backbone.dim)
    last = frozen(seen[-1:])
    assert np.abs(found[-1] - last).max() < 1e-4 * np.abs(found).max()


def test_a_trial_decides_and_leaves_no_setting_behind(tiny_backbone, monkeypatch):
    monkeypatch.setattr(module, "_TRIAL_SECONDS", 0.05)
    before = tensorflow.config.optimizer.get_experimental_options()
    fast = fast_backbone(tiny_backbone)
    assert fast.way in fast.trial and len(fast.trial) == 2
    assert tensorflow.config.optimizer.get_experimental_options() == before
    product = tensorflow.function(lambda x: x @ x)(tensorflow.random.normal((64, 64)))
    assert product.dtype == "float32"


@pytest.mark.parametrize(
    ("seconds", "error", "expected"),
    [(0.5, 0.0, "bfloat16"), (0.5, 3.0, "float32"), (0.99, 0.0, "float32")],
)
def test_bfloat16_must_be_faster_and_right(seconds, error, expected, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(module.time, "process_time", lambda: clock[0])
    monkeypatch.setattr(module, "_TRIAL_SECONDS", 0.01)

    def way(cost, error):
        def run(pictures):
            clock[0] += cost
            features = np.ones((len(pictures), 9), np.float32)
            features[:, 0] += error
            return features

        return run

    fast = module._faster(way(1.0, 0.0), way(seconds, error), 32)
    assert fast.way == f"frozen {expected}"


def test_without_freezing_keras_does_it(tiny_backbone, pictures, monkeypatch, capsys):
    def fail(model):
        raise ImportError("no such module")

    monkeypatch.setattr(module, "_freeze", fail)
    fast = fast_backbone(tiny_backbone)
    assert fast.way == "keras"
    assert "without being frozen: no such module" in capsys.readouterr().err
    assert fast(pictures).shape == (len(pictures), tiny_backbone.dim)


def test_batches_are_put_together_in_order():
    fast = FastBackbone(lambda pictures: pictures[:, 0, 0], "keras", {})
    pictures = np.arange(100, dtype=np.uint8).reshape(100, 1, 1, 1)
    assert np.array_equal(fast(pictures)[:, 0], np.arange(100))
