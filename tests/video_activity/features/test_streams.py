import subprocess
import sys

import numpy as np
import pytest

from projects.video_activity.features import motion
from projects.video_activity.features.region import crop, moving_region
from projects.video_activity.features.settings import STREAMS, FeatureSettings
from projects.video_activity.features.streams import Extractor, differences, resize
from tests.video_activity.features.made_frames import place, walking


@pytest.fixture(scope="module")
def extractor(tiny_backbone):
    settings = FeatureSettings(backbone="mobilenet", weights="none", size=32)
    return Extractor(
        FeatureSettings(**(vars(settings) | {"streams": STREAMS})),
        backbone=tiny_backbone,
    )


def test_each_window_has_all_streams_in_order(extractor, tiny_backbone):
    found = extractor([walking(7), walking(3), walking(1)])
    for features, n in zip(found, (7, 3, 1), strict=True):
        assert set(features) == set(STREAMS)
        for name, values in features.items():
            assert values.shape == (n, extractor.streams[name])
            assert values.dtype == np.float32 and np.isfinite(values).all()
    assert extractor.streams["region"] == tiny_backbone.dim
    assert extractor.streams["motion"] == motion.DIM


def test_windows_do_not_see_each_other(extractor):
    windows = [walking(5), walking(4, 8.0), np.stack([place(3)] * 3)]
    together = extractor(windows)
    for window, features in zip(windows, together, strict=True):
        alone = extractor([window])[0]
        for name, values in alone.items():
            scale = np.abs(values).max() + 1e-6
            assert np.abs(features[name] - values).max() < 0.02 * scale
    assert extractor([]) == []


def test_fewer_streams_are_the_same_and_cost_nothing_more(extractor, monkeypatch):
    narrow = extractor.only({"region_difference", "difference", "mask"})
    assert narrow.settings.streams == ("difference", "region_difference")
    assert narrow.digest != extractor.digest
    assert narrow.backbone is extractor.backbone
    window = walking(4, 8.0)
    expected = extractor([window])[0]
    monkeypatch.setattr(motion, "motion_statistics", None)
    found = narrow([window])[0]
    assert set(found) == {"difference", "region_difference"}
    for name, values in found.items():
        scale = np.abs(expected[name]).max()
        assert np.abs(values - expected[name]).max() < 0.02 * scale


def test_streams_are_what_the_network_says_of_their_pictures(extractor, tiny_backbone):
    window = walking(4, 8.0)
    found = extractor([window])[0]
    whole = resize(window, 32)
    zoomed = resize(crop(window, moving_region(window, 0.1)), 32)
    for name, pictures in {
        "appearance": whole,
        "difference": differences(whole),
        "region": zoomed,
        "region_difference": differences(zoomed),
    }.items():
        expected = tiny_backbone.model.predict_on_batch(pictures)
        if "difference" in name:
            expected = np.concatenate([expected[:1], expected])
        cosine = (found[name] * expected).sum() / (
            np.linalg.norm(found[name]) * np.linalg.norm(expected)
        )
        assert cosine > 0.999, name
    assert found["motion"] == pytest.approx(motion.motion_statistics(window), abs=1e-6)


def test_differences_are_bright():
    pictures = np.zeros((3, 2, 2, 3), np.uint8)
    pictures[1], pictures[2, 0] = 10, 200
    changes = differences(pictures)
    assert len(changes) == 2 and (changes[0] == 40).all()
    assert (changes[1, 0] == 255).all() and (changes[1, 1] == 40).all()
    assert differences(pictures[1:2]).shape == (1, 2, 2, 3)
    assert not differences(pictures[1:2]).any()


def test_frames_of_any_size_become_squares():
    for height, width in ((20, 400), (400, 20), (32, 32), (8, 8)):
        frames = np.full((2, height, width, 3), 77, np.uint8)
        assert (resize(frames, 32) == 77).all()
        assert resize(frames, 32).shape == (2, 32, 32, 3)


def test_the_digest_names_weights_and_settings(tiny_backbone):
    settings = FeatureSettings(backbone="mobilenet", weights="none", size=32)
    extractor = Extractor(settings, backbone=tiny_backbone)
    assert extractor.digest == settings.digest(tiny_backbone.sha)


def test_the_network_waits_until_it_is_needed(mirror, monkeypatch):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    extractor = Extractor(FeatureSettings(backbone="mobilenet_v2"))
    assert len(extractor.digest) == 16
    assert "backbone" not in vars(extractor)


def test_motion_needs_no_keras():
    program = (
        "import sys, numpy as np\n"
        "from projects.video_activity.features.streams import Extractor\n"
        "from projects.video_activity.features.settings import FeatureSettings\n"
        "extractor = Extractor(FeatureSettings(backbone='motion'))\n"
        "found = extractor([np.zeros((3, 48, 64, 3), np.uint8)])\n"
        "print(list(found[0]), found[0]['motion'].shape, 'keras' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split("\n")[0] == f"['motion'] (3, {motion.DIM}) False"
