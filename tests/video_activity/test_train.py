"""The whole training, killed in the middle and gone on with."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from common.errors import UserError
from projects.video_activity import train
from projects.video_activity.network.trained import Classifier
from tests.conftest import REPOSITORY

NET = ["--head", "recurrent", "--epochs", "60", "--inner-folds", "2", "--no-refit"]


@pytest.fixture
def clips(calm_and_wild):
    """Return a folder of two classes, calm and wild, of six sources each."""
    return calm_and_wild(6)


def arguments(clips, tmp_path, name, *more):
    given = ["--videos", clips, "--backbone", "motion", "--quiet"]
    given += ["--run-dir", tmp_path / name, "--data-dir", tmp_path / "data", *more]
    return list(map(str, given))


def test_a_training_killed_in_the_middle_ends_as_if_it_had_not_been(
    clips, tmp_path, capsys
):
    assert train.main(arguments(clips, tmp_path, "whole", *NET)) == 0
    command = [sys.executable, train.__file__]
    process = subprocess.Popen(
        [*command, *arguments(clips, tmp_path, "killed", *NET)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )
    begun = tmp_path / "killed" / "checkpoints" / "tested" / "recurrent"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if list(begun.glob("epoch-*")):
            break
        time.sleep(0.002)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "killed" / "report.md").exists()

    resumed = ["--run-dir", str(tmp_path / "killed"), "--resume", "--quiet"]
    assert train.main([*resumed, "--data-dir", str(tmp_path / "data")]) == 0

    whole, killed = (Classifier.load(tmp_path / name) for name in ("whole", "killed"))
    pairs = zip(whole.model.get_weights(), killed.model.get_weights(), strict=True)
    assert all((one == other).all() for one, other in pairs)
    one, other = (
        json.loads((tmp_path / name / "metrics.json").read_text())
        for name in ("whole", "killed")
    )
    assert one == other
    with pytest.raises(UserError, match="is finished"):
        train.main(resumed)


@pytest.mark.parametrize(
    "spoil, expected",
    [
        (lambda clips: (clips / "wild").rename(clips.parent / "gone"), "two classes"),
        (lambda clips: [p.write_bytes(b"") for p in clips.glob("wild/*")], "wild"),
    ],
)
def test_what_cannot_be_learned_from_is_told_before_a_run_is_made(
    clips, tmp_path, spoil, expected
):
    spoil(clips)
    with pytest.raises(UserError, match=expected):
        train.main(arguments(clips, tmp_path, "run"))
    assert not (tmp_path / "run" / "report.md").exists()
