import dataclasses

import pytest

from common.errors import UserError
from projects.video_activity.features.settings import FeatureSettings

OTHER = {
    "backbone": "inception_v3",
    "size": 100,
    "num_frames": 14,
    "frame_interval": 0.25,
    "hop": 5,
    "streams": ("motion",),
    "longest_side": 320,
    "region_share": 0.2,
}


@pytest.mark.parametrize("name", OTHER)
def test_another_setting_has_another_digest(name):
    changed = dataclasses.replace(FeatureSettings(), **{name: OTHER[name]})
    assert changed.digest("abc") != FeatureSettings().digest("abc")


def test_all_settings_but_the_path_of_the_weights_are_told_apart():
    names = {field.name for field in dataclasses.fields(FeatureSettings)}
    assert names - {"weights"} == set(OTHER)


def test_weights_count_by_their_content():
    here, there = FeatureSettings(weights="a.h5"), FeatureSettings(weights="b.h5")
    assert here.digest("abc") == there.digest("abc")
    assert here.digest("abc") != here.digest("abd")


@pytest.mark.parametrize("streams", [(), ("sound",), ("motion", "motion")])
def test_streams_that_there_are_not(streams):
    with pytest.raises(UserError, match="Streams out of appearance, difference"):
        FeatureSettings(streams=streams)
