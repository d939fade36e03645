"""The whole way, with a model that is never sure of anything."""

import json

import pytest

from common.errors import UserError
from projects.video_activity import calibrate
from projects.video_activity.alarms.settings import read_settings


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    """Return a finished run whose model gives both classes one half."""
    import keras

    from projects.video_activity.features.motion import DIM
    from projects.video_activity.features.settings import FeatureSettings
    from projects.video_activity.features.streams import Extractor
    from projects.video_activity.network.trained import Classifier

    settings = FeatureSettings(backbone="motion", streams=("motion",))
    steps = settings.num_frames
    motion = keras.Input((steps, DIM), name="motion")
    mask = keras.Input((steps,), dtype="bool", name="mask")
    pooled = keras.layers.GlobalAveragePooling1D()(motion, mask=mask)
    layer = keras.layers.Dense(2, "softmax", kernel_initializer="zeros")
    model = keras.Model({"motion": motion, "mask": mask}, layer(pooled))
    folder = tmp_path_factory.mktemp("run")
    digest = Extractor(settings).digest
    Classifier(model, ("criminal", "safe"), settings, digest).save(folder)
    for name in ("config.json", "report.md"):
        (folder / name).write_text("{}")
    return folder


def call(run_dir, tmp_path, *arguments):
    output = tmp_path / "alarms.toml"
    common = ["--run-dir", run_dir, "--output", output, "--classes", "criminal"]
    assert calibrate.main(list(map(str, [*common, *arguments]))) == 0
    return read_settings(output).rules[0]


def test_videos_of_a_folder(run_dir, tmp_path, write_video, walking_images, capsys):
    for name in ("a.mp4", "b.avi"):
        write_video(f"normal/{name}", walking_images(speed=0.5))
    (tmp_path / "normal" / "c.mp4").write_text("no video")
    verdicts = tmp_path / "v.jsonl"
    given = ["--normal", tmp_path / "normal", "--verdicts", verdicts]
    rule = call(run_dir, tmp_path, *given, "--hop", "1", "--false-alarms", "0")
    assert rule.on == 0.505
    told = [json.loads(line) for line in verdicts.read_text().splitlines()]
    assert {line["file"][-5:] for line in told} == {"a.mp4", "b.avi"}
    assert told[0]["probabilities"] == {"criminal": 0.5, "safe": 0.5}
    assert "left out: " in capsys.readouterr().err


def test_another_class_is_refused_before_anything_is_watched(
    run_dir, tmp_path, write_video
):
    video = write_video("a.mp4")
    with pytest.raises(UserError, match="criminal, safe. Received: criminals"):
        call(run_dir, tmp_path, "--normal", video, "--classes", "criminals")


def test_a_real_video(run_dir, tmp_path, mirror):
    video = mirror / "video" / "normal" / "bgs__video02.avi"
    rule = call(run_dir, tmp_path, "--normal", video, "--hours", "0.003")
    assert rule.on == 0.505
