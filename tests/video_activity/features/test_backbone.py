import shutil

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity import sources
from projects.video_activity.features.backbone import backbone_names, build_backbone
from projects.video_activity.features.weights import choose_backbone, find_weights


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    """Return an empty cache of Keras; no mirror, no downloads."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_PROJECTS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    (tmp_path / "home" / "models").mkdir(parents=True)
    return tmp_path / "home" / "models"


def test_the_best_whose_weights_are_at_hand_is_chosen(empty_home, mirror, monkeypatch):
    assert choose_backbone("auto") == "motion"
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    assert choose_backbone("auto") == "mobilenet_v2"
    name = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
    (empty_home / name).touch()
    assert choose_backbone("auto") == "inception_v3"
    assert choose_backbone("motion") == "motion"
    assert find_weights("inception_v3", None) == empty_home / name


def test_of_several_mobilenets_the_plain_one_is_taken(empty_home):
    stem = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels"
    for name in ("0.5_160_no_top", "1.0_224_no_top", "1.0_224"):
        (empty_home / f"{stem}_{name}.h5").touch()
    found = sources.find_imagenet_weights("MobileNetV2")
    assert found.name == f"{stem}_1.0_224_no_top.h5"
    assert sources.find_imagenet_weights("mobilenet_v3_small") is None


def test_weights_that_are_not_at_hand_are_not_downloaded(empty_home):
    with pytest.raises(UserError, match="inception_v3 expected in Keras' cache.*--dow"):
        build_backbone("inception_v3")


def test_real_weights_give_what_keras_gives(mirror, monkeypatch):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    backbone = build_backbone("mobilenet_v2", 64)
    assert (backbone.dim, backbone.size, len(backbone.sha)) == (1280, 64, 64)
    assert backbone.sha == sources.MOBILENET_V2.sha256
    plain = keras.applications.MobileNetV2(
        include_top=False,
        pooling="avg",
        input_shape=(64, 64, 3),
        weights=mirror / sources.MOBILENET_V2.mirror_path,
    )
    pictures = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), np.uint8)
    expected = plain(pictures.astype("float32") / 127.5 - 1)
    assert np.allclose(backbone.model(pictures), expected, atol=1e-4)
    assert np.ptp(expected) > 0.1


def test_weights_of_another_model_are_told(tiny_backbone, tmp_path, mirror):
    file = tmp_path / "others.weights.h5"
    shutil.copy(mirror / sources.MOBILENET_V2.mirror_path, file)
    with pytest.raises(UserError, match="Weights of mobilenet expected in .*others"):
        build_backbone("mobilenet", 32, str(file))
    tiny_backbone.model.layers[-1].save_weights(tmp_path / "own.weights.h5")
    own = build_backbone("mobilenet", 32, str(tmp_path / "own.weights.h5"))
    pictures = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3), np.uint8)
    assert np.allclose(own.model(pictures), tiny_backbone.model(pictures), atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"no weights", b"\x89HDF\r\n\x1a\n" * 9])
def test_broken_weights_are_told(content, tmp_path):
    file = tmp_path / "broken.weights.h5"
    file.write_bytes(content)
    with pytest.raises(UserError, match="broken.weights.h5. Received: others, or a br"):
        build_backbone("mobilenet", 32, str(file))


@pytest.mark.parametrize(
    ("name", "size", "weights", "message"),
    [
        ("resnet5", 64, "none", "A backbone expected: auto, motion, inception_v3"),
        ("inception_v3", 40, "none", "size that inception_v3 can see.*Received: 40"),
        ("mobilenet", 32, "/nowhere.h5", "Received: /nowhere.h5, which is no file"),
        ("mobilenet", 32, __file__, "Weights in a .h5 file expected"),
    ],
)
def test_what_cannot_be_built(name, size, weights, message):
    with pytest.raises(UserError, match=message):
        build_backbone(name, size, weights)


def test_all_of_keras_can_be_named():
    names = backbone_names()
    assert {"InceptionV3", "MobileNetV2", "EfficientNetB0", "ResNet50V2"} <= set(names)
    assert len(names) > 30


def test_random_weights_have_different_hashes(tiny_backbone):
    assert build_backbone("mobilenet", 32, "none").sha != tiny_backbone.sha
