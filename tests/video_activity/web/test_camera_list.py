"""Cameras on a command line."""

import pytest

from common.errors import UserError
from projects.video_activity.web.camera_list import read_cameras


def test_numbers_addresses_and_names(monkeypatch):
    monkeypatch.setenv("PORCH", "rtsp://user:secret@10.0.0.9/a?b=c")
    given = ["0", "rtsp://10.0.0.5/x?y=z", "back door=1", "porch=env:PORCH"]
    assert read_cameras(given) == [
        ("Camera 1", 0),
        ("Camera 2", "rtsp://10.0.0.5/x?y=z"),
        ("back door", 1),
        ("porch", "rtsp://user:secret@10.0.0.9/a?b=c"),
    ]
    assert read_cameras(()) == []


def test_files_play_and_what_is_no_camera_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"x")
    assert read_cameras([f"demo={tmp_path}/a.mp4"]) == [("demo", tmp_path / "a.mp4")]
    for wrong in (
        "file:///etc/passwd",
        f"{tmp_path}/b.mp4",
        "concat:a",
        "x=javascript:",
    ):
        with pytest.raises(UserError):
            read_cameras([wrong])


def test_missing_addresses_and_equal_names_are_refused(monkeypatch):
    monkeypatch.delenv("NO_CAMERA", raising=False)
    with pytest.raises(UserError, match="porch.*NO_CAMERA"):
        read_cameras(["porch=env:NO_CAMERA"])
    with pytest.raises(UserError, match="porch twice"):
        read_cameras(["porch=0", "porch=1"])
