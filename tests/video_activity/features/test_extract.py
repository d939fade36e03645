import pytest

from common.errors import UserError
from projects.video_activity.extract import main
from projects.video_activity.extract_config import ExtractConfig
from projects.video_activity.features.clip_set import ClipSet


@pytest.fixture
def arguments(spans, tmp_path):
    """Return arguments for two folders of videos, one video broken."""
    folder = tmp_path / "videos"
    for span in spans:
        target = folder / span.label / span.path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(span.path.read_bytes())
    data = ["--data-dir", str(tmp_path / "data"), "--backbone", "motion"]
    return ["--videos", str(folder), *data]


def test_a_folder_is_extracted_and_counted(arguments, tmp_path, capsys):
    output = tmp_path / "clips.npz"
    assert main([*arguments, "--output", str(output)]) == 0
    told = capsys.readouterr()
    rows = [line.split() for line in told.out.splitlines()]
    assert ["class", "videos", "sources", "clips", "frames"] in rows
    assert ["a", "1", "1", "2", "20"] in rows and ["b", "3", "2", "3", "28"] in rows
    assert "1 of 4 left out:" in told.out and "b/broken.mp4" in told.out
    assert "features: 48 frames" in told.err
    assert ClipSet.load(output).lengths.tolist() == [15, 5, 8, 15, 5]


def test_a_table_of_stretches(arguments, tmp_path, capsys):
    table = tmp_path / "videos" / "labels.csv"
    table.write_text("file,start,end,label\na/one.mp4,0,2,safe\na/one.mp4,2,4,bad\n")
    assert main(["--videos", str(table), *arguments[2:], "--quiet"]) == 0
    told = capsys.readouterr()
    rows = [line.split() for line in told.out.splitlines()]
    assert ["bad", "1", "1", "1", "10"] in rows and [
        "safe",
        "1",
        "1",
        "1",
        "10",
    ] in rows
    assert told.err == ""


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Expected a folder of videos"),
        ({"videos": "x", "workers": 2, "scheduler": "local:2"}, "Received: both"),
    ],
)
def test_what_cannot_be_asked_for(values, message):
    with pytest.raises(UserError, match=message):
        ExtractConfig(**values)


def test_streams_that_there_are_not(arguments):
    with pytest.raises(UserError, match="Received: sound"):
        main([*arguments, "--streams", "sound"])
