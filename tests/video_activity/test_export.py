"""The classifier of a run as a file, and the network that makes its features."""

import json

import numpy as np
import pytest

from common.engines import ENGINES
from common.export_options import FORMATS
from common.exporting import export
from projects.video_activity.export import main
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.features.streams import Extractor
from projects.video_activity.network.exported import backbone_part
from projects.video_activity.network.heads import build_recurrent
from projects.video_activity.network.pooled import Member, build_jury, fit_jury
from projects.video_activity.network.trained import Classifier
from tests.video_activity.network.conftest import make_clips


def save(folder, model, settings, digest="0"):
    classifier = Classifier(model, ("calm", "wild"), settings, digest)
    classifier.save(folder)
    (folder / "config.json").write_text("{}")
    (folder / "report.md").write_text("done")
    return classifier


def jury():
    clips = make_clips()
    members = (Member("region", "change"), Member("region_difference", "max"))
    summaries = {m: m.summarize(clips.features, clips.mask) for m in members}
    fitted = fit_jury(summaries, clips.labels, 2, dict.fromkeys(members, 0.1))
    return build_jury(fitted, clips.dims, clips.num_frames, 1.5)


@pytest.mark.parametrize("format", FORMATS)
def test_the_jury_of_a_run_votes_alike(format, tmp_path, capsys):
    classifier = save(tmp_path, jury(), FeatureSettings(num_frames=5))
    given = ["--run-dir", str(tmp_path), "--format", format, "--batch-size", "60"]
    assert main(given) == 0
    path = tmp_path / "export" / f"classifier.{format}"
    assert f"{path}: differs" in capsys.readouterr().out
    clips = make_clips()
    found = ENGINES[format].load(path)(clips.features | {"mask": clips.mask})
    features = [
        {name: rows[n, :length] for name, rows in clips.features.items()}
        for n, length in enumerate(clips.lengths)
    ]
    expected = classifier.probabilities(features)
    np.testing.assert_allclose(found["output"], expected, atol=1e-4)
    assert np.ptp(expected[:, 0]) > 0.5
    described = json.loads((tmp_path / "export" / f"{path.name}.json").read_text())
    assert described["meaning"]["classes"] == ["calm", "wild"]
    assert (tmp_path / "export" / "classifier.json").is_file()


def test_a_recurrent_net_can_be_exported(tmp_path):
    net = build_recurrent({"region": 3, "motion": 2}, 4, 2, units=2)
    save(tmp_path, net, FeatureSettings())
    assert main(["--run-dir", str(tmp_path)]) == 0
    assert (tmp_path / "export" / "classifier.onnx").is_file()


def test_the_backbone_comes_along_if_asked_for(tmp_path):
    settings = FeatureSettings(backbone="mobilenet", weights="none", size=32)
    extractor = Extractor(settings)
    classifier = save(tmp_path, jury(), settings, extractor.digest)
    vars(classifier)["extractor"] = extractor  # random weights are never the same
    part = backbone_part(classifier, 2)
    path, difference = export(part, "tflite", tmp_path)
    assert difference < 1e-4 and path.stat().st_size > 1e6
    assert part.examples[0]["pictures"].shape == (2, 32, 32, 3)


def test_motion_alone_has_no_backbone(tmp_path, capsys):
    settings = FeatureSettings(backbone="motion", streams=("motion",))
    save(tmp_path, jury(), settings, Extractor(settings).digest)
    given = ["--run-dir", str(tmp_path), "--format", "saved_model", "--backbone"]
    assert main(given) == 0
    assert "motion alone" in capsys.readouterr().out
