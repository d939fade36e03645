"""Copies under two classes or in two sources, and spans behind the end."""

import pytest

from common.errors import UserError
from projects.video_activity.footage.checking import check_spans
from projects.video_activity.footage.contents import same_contents
from projects.video_activity.footage.spans import Span


@pytest.fixture
def file(tmp_path):
    """Return a maker of files."""

    def make(name: str, content: str):
        path = tmp_path / name
        path.write_text(content)
        return path

    return make


def _whole(path, label, group=None):
    return Span(path, 0.0, None, label, group or path.name)


def test_two_classes_are_needed(file):
    with pytest.raises(UserError, match="two classes or more. Received: safe"):
        check_spans([_whole(file("a", "1"), "safe")])


def test_the_same_video_under_two_classes_is_refused(file):
    first, second = file("a.mp4", "same"), file("b.mp4", "same")

    with pytest.raises(UserError, match=r"a.mp4 is 'safe' and .*b.mp4 is 'fight'"):
        check_spans([_whole(first, "safe"), _whole(second, "fight")])


def test_copies_with_spans_apart_are_no_conflict(file):
    first, second = file("a.mp4", "same"), file("b.mp4", "same")
    spans = [Span(first, 0, 5, "safe", "g"), Span(second, 5, None, "fight", "g")]

    checked, notes = check_spans(spans)

    assert checked == spans
    assert notes == [f"The same video is there 2 times ({first}, {second})."]


def test_sources_of_copies_become_one(file):
    a, b, c, d = (file(name, text) for name, text in zip("abcd", "1123", strict=True))
    e = file("e", "2")
    spans = [
        _whole(a, "safe", "first"),
        _whole(b, "safe", "second"),
        _whole(c, "fight", "second"),
        _whole(d, "fight", "alone"),
        _whole(e, "fight", "third"),
    ]

    checked, notes = check_spans(spans)

    assert [span.group for span in checked] == ["first"] * 3 + ["alone", "first"]
    assert len(notes) == 2 and notes[0].endswith("their sources are taken as one.")


def test_spans_of_one_file_in_two_sources_become_one(file):
    path = file("a", "1")
    spans = [Span(path, 0, 5, "safe", "x"), Span(path, 5, 9, "fight", "y")]

    checked, notes = check_spans(spans)

    assert {span.group for span in checked} == {"x"} and notes == []


def test_only_files_of_one_length_are_read(file, monkeypatch):
    paths = [file("a", "1"), file("b", "12"), file("c", "123"), file("d", "321")]
    read = []
    monkeypatch.setattr(
        "projects.video_activity.footage.contents.digest",
        lambda path: read.append(path.name) or path.name,
    )

    assert same_contents(paths) == [] and read == ["c", "d"]


def test_a_file_that_has_gone_is_no_copy(file):
    gone = file("a", "1")
    gone.unlink()

    assert same_contents([gone, file("b", "1")]) == []


def test_spans_are_cut_at_the_end_or_refused_behind_it(decoder, write_video, tmp_path):
    path, broken = write_video("a.mp4"), tmp_path / "broken.mp4"
    broken.write_text("text")
    spans = [
        Span(path, 0, 2, "safe", "a"),
        Span(path, 2, 4.9, "fight", "a"),
        Span(path, 3, 9, "fight", "a"),
        Span(broken, 3, 9, "fight", "b"),
    ]

    checked, notes = check_spans(spans, decoder)

    assert [span.end for span in checked] == [2, 4.9, None, 9]
    assert notes == [f"{path} (3 s to 9 s): the file ends at 4.0 s; cut there."]
    with pytest.raises(UserError, match=r"which has 4.0 s. Received: .*\(4 s to end\)"):
        check_spans([*spans, Span(path, 4, None, "fight", "a")], decoder)
