"""Folders of classes and tables of spans, also wrong ones."""

import os
from pathlib import Path

import pytest

from common.errors import UserError
from projects.video_activity.footage.spans import Span, read_folder, read_table


@pytest.fixture
def put(tmp_path):
    """Return a maker of files that are named like videos."""

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        return tmp_path

    return make


@pytest.fixture
def table(put, tmp_path):
    """Return a writer of tables beside two files."""
    put("a.mp4", "deep/b.avi")

    def write(*rows: str, head: str = "file,start,end,label") -> Path:
        path = tmp_path / "spans.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def test_each_sub_folder_is_a_class(put):
    folder = put(
        "safe/b.MP4",
        "safe/a.avi",
        "safe/deeper/c.gif",
        "safe/.hidden.mp4",
        "safe/.trash/d.mp4",
        "safe/notes.txt",
        "fight/a.webm",
        "loose.mp4",
        ".cache/x.mp4",
    )

    spans = read_folder(folder)

    assert [(span.label, span.path.name, span.group) for span in spans] == [
        ("fight", "a.webm", "fight/a.webm"),
        ("safe", "a.avi", "safe/a.avi"),
        ("safe", "b.MP4", "safe/b.MP4"),
        ("safe", "c.gif", "safe/deeper/c.gif"),
    ]
    assert {(span.start, span.end) for span in spans} == {(0.0, None)}


def test_a_folder_without_videos_is_no_class_and_it_is_said(put, capsys):
    spans = read_folder(put("safe/a.mp4", "notes/a.txt"))

    assert len(spans) == 1
    assert "notes: there is no video in it" in capsys.readouterr().err


@pytest.mark.parametrize("names", [(), ("a.mp4",), ("safe/notes.txt",)])
def test_an_empty_folder(put, tmp_path, names):
    put(*names)

    with pytest.raises(UserError, match="with no video in a sub-folder"):
        read_folder(tmp_path)


def test_no_folder_and_one_that_may_not_be_read(put, monkeypatch):
    folder = put("safe/a.mp4")
    with pytest.raises(UserError, match="No such file"):
        read_folder(folder / "none")
    with pytest.raises(UserError, match="Not a directory"):
        read_folder(folder / "safe" / "a.mp4")

    def refuse(path):
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UserError, match="safe: Permission denied"):
        read_folder(folder)


def test_a_pattern_finds_the_source(put):
    folder = put("safe/porch_1.mp4", "safe/porch_2.mp4", "fight/gate_1.mp4")

    spans = read_folder(folder, r"/([^/]+)_\d")

    assert [span.group for span in spans] == ["gate", "porch", "porch"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "regular expression"),
        ("porch", "in parentheses"),
        (r"(gate)_\d", "to find the source of each video. Received: safe/porch_1.mp4"),
        (r"x?(y?)", "to find the source"),
    ],
)
def test_wrong_patterns(put, pattern, message):
    with pytest.raises(UserError, match=message):
        read_folder(put("safe/porch_1.mp4"), pattern)


def test_groups_csv_names_sources_and_the_rest_are_their_own(put):
    folder = put("safe/a.mp4", "fight/b.mp4", "fight/c.mp4")
    (folder / "groups.csv").write_text(
        "file,label,group\nsafe/a.mp4,safe,gate\nfight/b.mp4,fight,gate\n"
    )

    assert [span.group for span in read_folder(folder)] == [
        "gate",
        "fight/c.mp4",
        "gate",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,group\n", "Add label to the first line"),
        ("file,label,group\nsafe/a.mp4,fight,g\n", "in row 2 of .*groups.csv"),
        ("file,label,group\nsafe/a.mp4,safe,\n", "Received: nothing, in row 2"),
        ("file,label,group\nsafe/a.mp4,safe\n", "row 2 of .* another number"),
        ("file,label,group\na.mp4,a.mp4,g\n", "a.mp4, which is not there"),
    ],
)
def test_wrong_groups(put, text, message):
    folder = put("safe/a.mp4")
    (folder / "groups.csv").write_text(text)

    with pytest.raises(UserError, match=message):
        read_folder(folder)


def test_the_real_folder(mirror):
    spans = read_folder(mirror / "video" / "surv_fight")

    assert len(spans) == 234
    assert {span.label for span in spans} == {"fight", "no_fight"}
    assert len({span.group for span in spans}) < 50


def test_a_table_of_spans(table, tmp_path):
    path = table(
        "a.mp4,0,4.5,safe",
        "./a.mp4, 4.5 ,1:02:03.5,fight",
        "",
        "deep/b.avi,,,safe",
    )

    assert read_table(path) == [
        Span(tmp_path / "a.mp4", 0.0, 4.5, "safe", "a.mp4"),
        Span(tmp_path / "a.mp4", 4.5, 3723.5, "fight", "a.mp4"),
        Span(tmp_path / "deep/b.avi", 0.0, None, "safe", "deep/b.avi"),
    ]


def test_a_table_with_groups_and_a_byte_order_mark(table, tmp_path):
    path = table("gate,a.mp4,0,1,x", head="﻿group,file,start,end,label")

    assert read_table(path)[0].group == "gate"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("none.mp4,0,1,safe", "none.mp4, which is not there, in row 3"),
        ("deep,0,1,safe", "deep, which is not there"),
        (",0,1,safe", r"Received: \?, which is not there"),
        ("a.mp4,0,1,", "Expected a label. Received: nothing, in row 3"),
        ("a.mp4,2,1,safe", "ends after its start. Received: 2 to 1 in row 3"),
        ("a.mp4,2,2,safe", "ends after its start"),
        ("a.mp4,-1,2,safe", "time in seconds, 0 or later.* '-1' in row 3"),
        ("a.mp4,0,nan,safe", "'nan' in row 3"),
        ("a.mp4,0,inf,safe", "'inf' in row 3"),
        ("a.mp4,zero,1,safe", "'zero' in row 3"),
        ("a.mp4,1:2:3:4,,safe", "'1:2:3:4' in row 3"),
        ("a.mp4,0,1", "row 3 .* another number"),
        ("a.mp4,0,1,safe,more", "row 3 .* another number"),
        ("a.mp4,9.5,11,fight", "row 2 is 'safe' and row 3 is 'fight'"),
        ("./a.mp4,0,,fight", "row 3 is 'fight' and row 2 is 'safe'"),
    ],
)
def test_wrong_rows_are_named(table, row, message):
    with pytest.raises(UserError, match=message):
        read_table(table("a.mp4,9,10,safe", row))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("file;start;end;label", "Received: file;start;end;label. Add file, start"),
        ("file,start,end", "Add label"),
        ("", "Received: an empty file|Add file"),
        ("file,start,end,label", "Expected rows of labeled spans"),
    ],
)
def test_wrong_heads(table, head, message):
    with pytest.raises(UserError, match=message):
        read_table(table(head=head))


def test_a_table_that_is_none(table, tmp_path):
    with pytest.raises(UserError, match="No such file"):
        read_table(tmp_path / "none.csv")
    path = table()
    path.write_bytes(b"file,start,end,label\n\xff\xfe")
    with pytest.raises(UserError, match="CSV file in UTF-8"):
        read_table(path)
    path.write_text('file,start,end,label\n"a.mp4,0,1,safe\n')
    with pytest.raises(UserError, match="CSV file in UTF-8"):
        read_table(path)


def test_spans_of_one_label_may_overlap(table):
    assert len(read_table(table("a.mp4,0,5,safe", "a.mp4,4,9,safe"))) == 2


def test_spans_that_touch_may_differ(table):
    assert len(read_table(table("a.mp4,5,9,fight", "a.mp4,0,5,safe"))) == 2
