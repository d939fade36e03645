"""The program generate.py with a writer that needs no model."""

import json
import sys
import types

import pytest

from common import startup
from common.errors import run_main
from projects.couplet import generate
from projects.couplet.cards import explanation_report, whole_couplets
from projects.couplet.cards.terminal_text import display_width
from tests.couplet.toy_writer import ToyWriter

FIRST, SECOND = "风云三尺剑", "花鸟一床书"


@pytest.fixture
def writer(monkeypatch, tmp_path) -> ToyWriter:
    """Put a toy in the place of the writer, and work in a folder of its own."""
    toy = ToyWriter()
    module = types.ModuleType("projects.couplet.writer")
    module.Writer = types.SimpleNamespace(load=lambda folder: toy)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(startup, "quiet_keras", lambda threads=None: None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return toy


@pytest.fixture
def unloaded(monkeypatch, tmp_path) -> None:
    """Forbid that a model is loaded."""

    def load(threads=None):
        raise AssertionError("Keras was loaded before the input was read")

    monkeypatch.setattr(startup, "quiet_keras", load)
    monkeypatch.chdir(tmp_path)


def run(*arguments: object) -> int:
    return run_main(generate.main, list(map(str, arguments)))


def test_a_line_is_answered_in_short_cards_with_a_legend(writer, capsys, tmp_path):
    assert run(FIRST) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].replace(" ", "") == f"上联{FIRST}"
    assert sum("score" in line for line in lines[:-5]) == 5
    assert lines[2].replace(" ", "").startswith(f"1.{SECOND}score-1.00")
    assert "平水韵" in out and "fluency:" in out
    assert max(map(display_width, lines)) <= 80
    assert not list(tmp_path.iterdir())


def test_wishes_reach_the_writer(writer):
    wishes = "--candidates 2 --beam 4 --tones strict --seed 7 --diversity 0.5"
    more = ["--pattern", "花____", "--forbidden", "鸟书", "--tone-penalty", "3"]
    assert run(FIRST, *wishes.split(), *more) == 0
    line, request = writer.asked[0]
    assert (line, request.candidates, request.beam) == (FIRST, 2, 4)
    assert (request.tones, request.seed, request.diversity) == ("strict", 7, 0.5)
    assert (request.pattern, request.forbidden) == ("花____", "鸟书")
    assert request.tone_penalty == 3.0
    assert run("风云，三尺剑", "--acrostic", "花鸟") == 0
    assert writer.asked[1][1].acrostic == "花鸟"


def test_json_is_one_line(writer, capsys):
    assert run(FIRST, "--json") == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and FIRST in out
    assert [card["second"] for card in json.loads(out)["cards"]][0] == SECOND


def test_an_explanation_is_told_and_written(writer, capsys, tmp_path):
    assert run(FIRST, "--explain", "--candidates", 2) == 0
    told = capsys.readouterr()
    assert "✓ equal length" in told.out and told.out.count("对仗  ") == 2
    assert "answers/风云三尺剑/cards.html and 2 pictures" in told.err
    folder = tmp_path / "answers" / FIRST
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["attention-1.png", "attention-2.png", "cards.html"]
    assert (folder / "attention-1.png").read_bytes().startswith(b"\x89PNG")


def test_an_explanation_is_replaced_only_when_asked(writer, capsys, tmp_path):
    given = (FIRST, "--explain", "--output", "here")
    assert run(*given) == 0
    before = (tmp_path / "here" / "cards.html").stat().st_mtime_ns
    (tmp_path / "here" / "mine.txt").write_text("mine")
    assert run(*given) == 2
    assert "--overwrite" in capsys.readouterr().err and len(writer.asked) == 1
    assert run(*given, "--overwrite", "--candidates", 1) == 0
    names = sorted(path.name for path in (tmp_path / "here").iterdir())
    assert names == ["attention-1.png", "cards.html", "mine.txt"]
    assert (tmp_path / "here" / "cards.html").stat().st_mtime_ns > before


def test_without_attention_or_a_font_a_line_says_so(writer, capsys, monkeypatch):
    monkeypatch.setattr(explanation_report, "font_for", lambda text: None)
    assert run(FIRST, "--explain", "--candidates", 1) == 0
    told = capsys.readouterr().err
    assert "KERAS_PROJECTS_FONT" in told and told.count("\n") == 2
    writer.attends = False
    assert run("风云", "--explain") == 0
    told = capsys.readouterr().err
    assert "no attention" in told and "and 0 pictures" in told


def test_a_file_is_answered_on_the_terminal_or_in_a_table(writer, capsys, tmp_path):
    (tmp_path / "lines.txt").write_text(f"{FIRST}\n风云\n", encoding="utf-8")
    assert run("--file", "lines.txt", "--candidates", 1) == 0
    told = capsys.readouterr()
    assert told.out.count("上联") == 2 and "2 lines" in told.err
    assert run("--file", "lines.txt", "--quiet", "--json") == 0
    told = capsys.readouterr()
    assert [json.loads(row)["first"] for row in told.out.splitlines()] == [
        FIRST,
        "风云",
    ]
    assert told.err == ""
    given = ("--file", "lines.txt", "--quiet", "--output", "new/answers.csv")
    assert run(*given) == 0
    assert capsys.readouterr().out == "2 lines answered: new/answers.csv\n"
    rows = (tmp_path / "new" / "answers.csv").read_text(encoding="utf-8").split("\n")
    assert len(rows) == 12 and rows[1].startswith(f"1,{FIRST},1,{SECOND},")
    assert run(*given) == 2 and "--overwrite" in capsys.readouterr().err
    assert run(*given, "--overwrite", "--candidates", 1) == 0


def test_couplets_from_nothing_are_shown_as_pairs(
    writer, capsys, monkeypatch, tmp_path
):
    asked = []

    def draft(folder, request, **wishes):
        asked.append((folder, request, wishes))
        return ["山风云剑", "山剑", "山三尺剑"]

    monkeypatch.setattr(whole_couplets, "draft_lines", draft)
    wishes = ["--theme", "春", "--first-char", "山", "--length", "5", "--seed", "3"]
    assert run("--from-nothing", *wishes, "--candidates", "2") == 0
    out = capsys.readouterr().out
    assert out.count("上联") == out.count("下联") == 2
    assert asked[0][0] is None and asked[0][1].seed == 3
    assert asked[0][2] == {"length": 5, "theme": "春", "first_char": "山"}
    assert run("--from-nothing", "--explain", "--candidates", "1", "--json") == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert (tmp_path / "answers" / "from-nothing" / "attention-1.png").is_file()


def test_a_rare_character_and_a_broken_rule_are_told(writer, capsys):
    assert run("龘剑龘风") == 0
    out = capsys.readouterr().out
    assert "! The model has not learned 龘:" in out and "should end on 仄" in out


@pytest.mark.parametrize(
    "line", ["山", "山山山山山", "风云,三尺剑!", " 风 云 ", "\U00020000剑", "𫠒" * 32]
)
def test_odd_lines_are_answered(writer, line, capsys):
    assert run(line) == 0
    assert "score" in capsys.readouterr().out


# What cannot be answered is told in one line, before a model is loaded.

REFUSED = [
    ([""], "an empty line"),
    (["   "], "an empty line"),
    (["，。！"], "only punctuation"),
    (["hello"], "h (LATIN SMALL LETTER H) at position 1"),
    (["风云3尺剑"], "at position 3"),
    (["风云😀"], "at position 3"),
    (["风云\x1b[31m"], "control character U+001B"),
    (["风云\ud800"], "U+D800"),
    (["剑" * 200], "Received: 200"),
    (["<script>"], "at position 1"),
    ([], "none of them"),
    ([FIRST, "--from-nothing"], "more than one"),
    ([FIRST, "--file", "x.txt"], "more than one"),
    ([FIRST, "--pattern", "花___"], "a pattern of 5 signs"),
    ([FIRST, "--pattern", "风____"], "share no character"),
    ([FIRST, "--pattern", "花____", "--forbidden", "花"], "forbidden"),
    (["山山", "--pattern", "水云"], "both 山"),
    ([FIRST, "--pattern", "花花___"], "positions 1 and 2"),
    ([FIRST, "--acrostic", "花鸟"], "an acrostic of at most 1"),
    ([FIRST, "--tones", "loud"], "soft, strict, off"),
    ([FIRST, "--candidates", "0"], "candidates"),
    ([FIRST, "--beam", "9999"], "beam"),
    ([FIRST, "--forbidden", "abc"], "forbidden"),
    ([FIRST, "--theme", "春"], "only with --from-nothing"),
    ([FIRST, "--output", "x"], "only with --explain or --file"),
    ([FIRST, "--skip-bad"], "only with --file"),
    (["--from-nothing", "--theme", "spring"], "--theme"),
    (["--from-nothing", "--first-char", "春山"], "one Chinese character"),
    (["--from-nothing", "--length", "6"], "5, 7"),
    (["--from-nothing", "--pattern", "____"], "one first line"),
    (["--file", "nowhere.txt"], "nowhere.txt"),
    (["--file", "bad.txt"], "row 2 of bad.txt"),
    (["--file", "bad.txt", "--output", "x.xls"], ".csv, .tsv, .jsonl"),
    (["--file", "good.txt", "--output", "bad.csv"], "--overwrite"),
    (["--file", "good.txt", "--explain"], "without --file"),
    ([FIRST, "--explain", "--output", "good.txt"], "is a file"),
    ([FIRST, "--explain", "--output", "good.txt/below"], "is a file"),
    ([FIRST, "--run-dir", "nowhere"], "nowhere"),
    ([FIRST, "--patern", "花____"], "Did you mean --pattern"),
]


@pytest.mark.parametrize(("arguments", "word"), REFUSED)
def test_a_bad_input_is_one_line_and_code_2(
    unloaded, arguments, word, tmp_path, capsys
):
    (tmp_path / "bad.txt").write_text("风云\nx\n", encoding="utf-8")
    (tmp_path / "good.txt").write_text("风云\n", encoding="utf-8")
    (tmp_path / "bad.csv").write_text("mine")
    assert run(*arguments) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("error: ")
    assert told.err.count("\n") == 1 and word in told.err
    assert "\x1b" not in told.err
    assert len(list(tmp_path.iterdir())) == 3
