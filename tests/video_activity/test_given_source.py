import pytest

from common.errors import UserError
from projects.video_activity.given_source import GivenSource, find_source, hide_password


def test_a_number_is_a_camera_and_an_address_is_one():
    assert find_source("0") == GivenSource("camera 0", camera=0)
    address = "rtsp://host/stream"
    assert find_source(address) == GivenSource(address, camera=address)


def test_a_video_and_the_videos_of_a_folder_are_files(tmp_path):
    for name in ("b.mp4", "a/c.avi", "a/notes.txt", ".hidden.mp4"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    one = find_source(str(tmp_path / "b.mp4"))
    assert one.files == (tmp_path / "b.mp4",) and one.camera is None
    found = find_source(str(tmp_path))
    assert set(found.files) == {tmp_path / "b.mp4", tmp_path / "a" / "c.avi"}


def test_a_file_that_is_called_like_a_number_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "7").write_text("x")
    assert find_source("7").camera is None


def test_a_video_can_play_as_a_camera(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_text("x")
    found = find_source(str(path), realtime=True)
    assert (found.camera, found.files) == (path, ())


def test_passwords_are_in_no_name(monkeypatch):
    address = "rtsp://me:secret@host:554/live?x=1"
    assert find_source(address) == GivenSource("rtsp://host:554/live?x=1", (), address)
    monkeypatch.setenv("PORCH", address)
    assert find_source("env:PORCH") == GivenSource("env:PORCH", (), address)
    assert hide_password("http://host/a@b") == "http://host/a@b"
    assert hide_password("a/me@home.mp4") == "a/me@home.mp4"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("missing.mp4", "is not there"),
        ("env:KERAS_PROJECTS_NO_CAMERA", "environment variable"),
        ("ftp://host/a.mp4", "rtsp://"),
        ("concat:a|b", "is not there"),
    ],
)
def test_what_is_no_source_is_refused(text, expected):
    with pytest.raises(UserError, match=expected):
        find_source(text)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match="holds no videos"):
        find_source(str(tmp_path))
