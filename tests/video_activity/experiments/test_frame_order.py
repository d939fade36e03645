"""The experiment, on clips whose class is nothing but the order of their frames."""

import dataclasses

import numpy as np
import pytest

from projects.video_activity.evaluation.comparison import compare
from projects.video_activity.evaluation.cross_validation import Examined
from projects.video_activity.evaluation.splits import BY_SOURCE, make_splits
from projects.video_activity.experiments.frame_order_report import make_report
from projects.video_activity.experiments.frame_order_systems import (
    NETS,
    ORDERED,
    SHUFFLED,
    list_systems,
    title,
)
from projects.video_activity.footage.material import Material
from projects.video_activity.metrics import accuracy
from tests.video_activity.network.conftest import make_clips


@pytest.fixture(scope="module")
def ramps():
    """Return clips; half of the features rise, half fall, which is the class."""
    clips = make_clips()
    rising = np.linspace(-2, 2, clips.num_frames)
    ramp = np.where(clips.labels[:, None] == 1, rising, rising[::-1])
    rng = np.random.default_rng(0)
    ways = np.array([1, 1, 1, -1, -1, -1])
    values = ramp[..., None] * ways + 0.3 * rng.normal(size=(*ramp.shape, 6))
    lengths = np.full(len(clips), clips.num_frames)
    streams = {"appearance": values.astype(np.float32)}
    return dataclasses.replace(clips, features=streams, lengths=lengths)


def test_a_net_that_reads_sees_the_order_and_shuffling_takes_it(ramps):
    ordered, shuffled = (title("recurrent", kind) for kind in (ORDERED, SHUFFLED))
    wanted = [
        s
        for s in list_systems("appearance", ["recurrent"], 60)
        if s.name in (ordered, shuffled)
    ]
    cut = {"seeds": range(1), "by_clip": False, "leave_one_out": False}
    splits = make_splits(ramps, folds=2, **cut)
    found = compare(wanted, ramps, splits, lambda text: None)[BY_SOURCE]
    scores = {name: found[name].by_fold(accuracy, ramps).mean() for name in found}
    assert scores[ordered] > 0.9
    assert scores[shuffled] < 0.75


def test_gains_are_the_differences_on_the_same_folds(ramps):
    right = np.eye(2)[ramps.labels]
    half = right.copy()
    half[::2] = right[::2, ::-1]
    folds = [[np.arange(0, 30), np.arange(30, 60)]]
    found = {
        system.name: Examined(half[None], folds)
        for system in list_systems("appearance", NETS, 1)
    }
    found[title("slides", ORDERED)] = Examined(right[None], folds)
    material = Material("ramps", [], (), "")
    report = make_report(material, ramps, {BY_SOURCE: found}, {}, "frame_order.py")
    _, gains = report.tables
    assert [row[0] for row in gains.rows][:2] == [
        "slides' net: in order - shuffled",
        "slides' net: in order - averaged",
    ]
    assert [list(row[1:]) for row in gains.rows] == [
        ["0.5 ± 0", "2 of 2"],
        ["0.5 ± 0", "2 of 2"],
        ["0 ± 0", "0 of 2"],
        ["0 ± 0", "0 of 2"],
    ]
    assert "slides' net +50.0%; small recurrent net +0.0%" in report.verdict
