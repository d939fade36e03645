"""Videos that grow frame by frame: whole, or not there."""

import os
import subprocess
import sys

import pytest

from projects.video_activity.footage.recording import Recording
from tests.conftest import REPOSITORY
from tests.video_activity.alarms.made_events import make_image

# The system refuses to write more than so much, as it does when the disk is full.
FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from projects.video_activity.footage.recording import Recording, RecordingError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
chance = np.random.default_rng(0)
recording = Recording(Path(sys.argv[1]), 5.0)
for k in range(40):
    recording.add(k / 5, chance.integers(0, 255, (96, 128, 3), np.uint8))
try:
    recording.finish()
except RecordingError as error:
    print(error)
"""


@pytest.mark.parametrize("ending", ["mp4", "webm"])
def test_a_disk_that_fills_up_is_told_and_leaves_nothing(tmp_path, ending):
    path = tmp_path / "clips" / f"x.{ending}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", FULL, path],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "could not be written: disk full?" in done.stdout
    assert list(path.parent.iterdir()) == []


def test_a_recording_is_not_there_before_it_is_whole(tmp_path):
    recording = Recording(tmp_path / "x.mp4", 5.0)
    recording.add(0.0, make_image(0))
    assert not recording.path.exists()
    recording.drop()
    assert list(tmp_path.iterdir()) == []
