"""What visitors bring is gone when the server is, killed or not."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from common.errors import UserError
from projects.video_activity.web.workplace import workplace
from tests.conftest import REPOSITORY

PROGRAM = """
import sys, time
from projects.video_activity.web.workplace import workplace
with workplace(sys.argv[1]) as folder:
    (folder / "video").write_bytes(b"x")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_the_folder_is_private_and_goes_with_the_work(tmp_path):
    with pytest.raises(ZeroDivisionError), workplace(tmp_path) as folder:
        (folder / "a" / "b").mkdir(parents=True)
        assert folder.parent == tmp_path
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_what_a_killed_server_left_goes_with_the_next_and_others_stay(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    left = process.stdout.readline().strip()
    (tmp_path / "video-activity-of-others").mkdir()  # without a lock: not ours
    with workplace(tmp_path):
        assert os.path.exists(f"{left}/video")  # in use
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with workplace(tmp_path):
        assert not os.path.exists(left)
    assert [p.name for p in tmp_path.iterdir()] == ["video-activity-of-others"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match="--upload-dir"), workplace(tmp_path / "no"):
        pass
