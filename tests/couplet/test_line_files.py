"""Files of first lines in, tables of answers out."""

import csv
import json

import pytest

from common.errors import UserError
from projects.couplet.cards.line_files import (
    answer_lines,
    read_first_lines,
    write_table,
)
from projects.couplet.decoding.request import Request
from tests.couplet.toy_writer import ToyWriter

TWO = Request(candidates=2)


class Stubborn(ToyWriter):
    """Has no answer to lines that begin with 山."""

    def answer(self, line, request=None):
        if line.startswith("山"):
            raise UserError("Expected more characters. Received: 0.")
        return super().answer(line, request)


@pytest.fixture
def write(tmp_path):
    def write_file(content: bytes | str):
        path = tmp_path / "lines.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def test_rows_are_normalized_and_empty_ones_passed_over(write):
    path = write("\ufeff风云三尺剑\r\n\n  \n风 云,三尺剑\n山")
    assert read_first_lines(path, TWO) == ["风云三尺剑", "风云，三尺剑", "山"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["Expected first lines", "none"]),
        ("\n \n", ["none"]),
        ("风云\nabc\n", ["row 2", "LATIN"]),
        ("风云\n，。\n剑\na\n剑😀", ["row 2", "only punctuation", "either (2): 4, 5."]),
        ("剑" * 33, ["row 1", "33"]),
        ("风\x07云", ["row 1", "control character U+0007"]),
        ("风云".encode("gb18030") + b"\n", ["UTF-8", "line 1"]),
        ("a\n" * 20, ["either (19): 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..."]),
    ],
)
def test_a_bad_row_is_told_by_its_number(write, content, words):
    path = write(content)
    with pytest.raises(UserError) as caught:
        read_first_lines(path, TWO)
    for word in (*words, str(path)):
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bad_rows_can_be_left_out(write, capsys):
    path = write("风云\nabc\n剑\n12\n")
    assert read_first_lines(path, TWO, skip_bad=True) == ["风云", "剑"]
    told = capsys.readouterr().err
    assert told.startswith("left out: row 2") and told.count("\n") == 1
    with pytest.raises(UserError, match="none"):
        read_first_lines(write("abc"), TWO, skip_bad=True)


def test_wishes_are_held_against_each_row(write):
    path = write("风云，三尺剑\n风云三尺剑\n")
    with pytest.raises(UserError, match="row 2.*acrostic"):
        read_first_lines(path, Request(acrostic="花鸟"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.txt"):
        read_first_lines(tmp_path / "nowhere.txt", TWO)


def test_answers_come_in_the_order_of_the_lines():
    lines = ["山风云剑", "剑", "风云三尺剑", "云", "风云", "剑"] * 60
    writer = ToyWriter()
    sheets = answer_lines(lines, TWO, writer, quiet=True)
    assert [sheet.first for sheet in sheets] == lines
    assert [len(sheet.cards) for sheet in sheets] == [2] * 360
    asked = [len(line) for line, _ in writer.asked]
    assert asked == sorted(asked)  # lines of one length together


def test_progress_goes_to_stderr_and_can_be_silenced(capsys):
    answer_lines(["剑"] * 3, TWO, ToyWriter())
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("answering: 3 lines in")
    answer_lines(["剑"], TWO, ToyWriter(), quiet=True)
    assert capsys.readouterr().err == ""


def test_a_line_without_an_answer_is_named_or_left_out(capsys):
    lines = ["风云", "山云", "剑"]
    with pytest.raises(UserError, match="^山云 has no answer. Expected more"):
        answer_lines(lines, TWO, Stubborn(), quiet=True)
    sheets = answer_lines(lines, TWO, Stubborn(), quiet=True, skip_bad=True)
    assert [sheet.first for sheet in sheets] == ["风云", "剑"]
    assert "left out: 山云" in capsys.readouterr().err


@pytest.mark.parametrize(("ending", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_a_table_has_a_row_for_each_answer(tmp_path, ending, delimiter):
    path = tmp_path / f"answers{ending}"
    sheets = answer_lines(["风云三尺剑", "风云"], TWO, ToyWriter(), quiet=True)
    write_table(path, sheets)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    assert [(r["number"], r["rank"]) for r in rows] == [
        ("1", "1"),
        ("1", "2"),
        ("2", "1"),
        ("2", "2"),
    ]
    assert rows[0] | {} == {
        "number": "1",
        "first": "风云三尺剑",
        "rank": "1",
        "second": "花鸟一床书",
        "score": "-1.0000",
        "fluency": "-4.5000",
        "broken_rules": "",
    }
    assert rows[2]["broken_rules"] == "仄起平落"


def test_a_table_of_json_has_whole_sheets(tmp_path):
    path = tmp_path / "answers.jsonl"
    sheets = answer_lines(["风云三尺剑", "风云"], TWO, ToyWriter(), quiet=True)
    write_table(path, sheets)
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    assert [row["first"] for row in rows] == ["风云三尺剑", "风云"]
    assert rows[0]["cards"][0]["second"] == "花鸟一床书"
