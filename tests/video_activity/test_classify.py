import csv
import json

import numpy as np
import pytest

from common.errors import UserError, run_main
from projects.video_activity.classify import main


@pytest.fixture
def images():
    """Return 3 s of stillness and 3 s of a square that goes to and fro, 10 a second."""
    ground = 40 + 150 * (np.indices((48, 64)).sum(0) // 24 % 2)[..., None]
    lefts = [4] * 30 + [4 + 3 * abs(n % 20 - 10) for n in range(30)]
    images = []
    for left in lefts:
        image = np.repeat(ground, 3, axis=2).astype(np.uint8)
        image[16:28, left : left + 8] = 230, 180, 40
        images.append(image)
    return images


@pytest.fixture
def video(write_video, images):
    return write_video("a $1.mp4", images)


def _run(*arguments):
    return run_main(main, [str(argument) for argument in arguments])


def test_a_video_gets_lines_a_table_a_picture_and_a_copy(
    run_dir, video, tmp_path, capfd
):
    table, picture = tmp_path / "t.csv", tmp_path / "t.png"
    copy = tmp_path / "t.mp4"
    wishes = ["--output", table, "--figure", picture, "--annotate", copy]
    assert _run(video, "--run-dir", run_dir, *wishes) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == str(video)
    assert [line.split()[:2] for line in lines[1:3]] == [
        ["0:00.0", "still"],
        ["0:03.0", "moving"],
    ]
    assert "  0:03.0 - 0:06.0  moving" in "\n".join(lines)
    assert lines[-1] == "moving 3.0 s, still 3.0 s"
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["label"] for row in rows] == ["still", "moving"]
    assert float(rows[1]["moving"]) + float(rows[1]["still"]) == pytest.approx(1)
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert copy.stat().st_size > 5000


def test_each_verdict_gets_a_picture_of_the_frames_that_told_so(
    run_dir, video, tmp_path
):
    folder = tmp_path / "why"
    assert _run(video, "--run-dir", run_dir, "--explain", folder) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["00000.0 s.png", "00003.0 s.png"]
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in folder.iterdir())
    assert _run(video, "--run-dir", run_dir, "--explain", folder) == 2


def test_json_are_all_that_is_printed(run_dir, video, capfd):
    assert _run(video, "--run-dir", run_dir, "--json", "--hop", 1) == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [row["start"] for row in rows] == [0, 1, 2, 3]
    assert {row["file"] for row in rows} == {str(video)}
    assert rows[0]["label"] == "still" and rows[3]["label"] == "moving"


def test_a_folder_is_summed_up_without_its_broken_videos(
    run_dir, write_video, images, tmp_path, capfd
):
    write_video("all/b.avi", images)
    write_video("all/c.mp4", images[30:])
    (tmp_path / "all" / "broken.mp4").write_text("this is no video")
    assert _run(tmp_path / "all", "--run-dir", run_dir) == 0
    told = capfd.readouterr()
    rows = {
        line.split()[0][-5:]: line.split()[1:] for line in told.out.splitlines()[-2:]
    }
    assert rows == {"b.avi": ["3.0", "3.0", "0.0"], "c.mp4": ["3.0", "0.0", "0.0"]}
    assert "left out" in told.err and "broken.mp4" in told.err
    assert "1 of 3 videos could not be read" in told.err


def test_a_video_plays_as_a_camera_for_some_seconds(run_dir, video, tmp_path, capfd):
    table = tmp_path / "live.jsonl"
    wishes = ["--realtime", "--seconds", 20, "--hop", 1, "--output", table]
    assert _run(video, "--run-dir", run_dir, *wishes) == 0
    rows = [json.loads(line) for line in table.read_text().splitlines()]
    assert 1 <= len(rows) <= 5
    assert rows[0]["label"] == "still"
    assert "connected" in capfd.readouterr().err


@pytest.mark.parametrize(
    "wishes, expected",
    [
        (["a.mp4", "--annotate", "b.mkv"], ".mp4 or .webm"),
        (["a.mp4", "--output", "b.xlsx"], ".csv or .jsonl"),
        (["a.mp4", "--figure", "b.jpg"], ".png"),
        (["a.mp4", "--figure", "a.mp4/b.png"], "a.mp4, which is a file"),
        (["a.mp4", "--output", "taken.csv"], "--overwrite"),
        (["0", "--figure", "b.png"], "one video"),
        (["many", "--annotate", "b.mp4"], "one video"),
        (["many", "--explain", "why"], "one video"),
        (["a.mp4", "--explain", "taken.csv", "--overwrite"], "a folder"),
        (["a.mp4", "--alarms", "no.toml"], "file of alarms"),
        (["missing.mp4"], "is not there"),
        (["a.mp4", "--hop", "0"], "at least 0.2"),
        ([], "classify.py my_video.mp4"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_model_is_loaded(
    wishes, expected, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for name in ("a.mp4", "many/1.mp4", "many/2.mp4", "taken.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    with pytest.raises(UserError, match="(?s)" + expected.replace(".", r"\.")):
        main([*wishes, "--run-dir", "no-run"])


def test_alarms_for_classes_that_there_are_not_are_refused(run_dir, video, tmp_path):
    (tmp_path / "alarms.toml").write_text(
        '[[alarm]]\nclass = "fire"\non = 0.9\n[action.print]\n'
    )
    with pytest.raises(UserError, match="fire"):
        main(
            [str(video), "--run-dir", str(run_dir), "--alarms"]
            + [str(tmp_path / "alarms.toml")]
        )


def test_a_video_of_no_length_is_told(run_dir, write_video, images, tmp_path, capfd):
    one = write_video("one.mp4", images[:1])
    assert _run(one, "--run-dir", run_dir) == 0
    assert "not judged" in capfd.readouterr().out
