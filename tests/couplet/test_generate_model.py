"""generate.py with a real model, a tiny one of random weights: nothing breaks it."""

import json
import shutil
from pathlib import Path

import keras
import pytest

from common.errors import run_main
from projects.couplet import generate
from projects.couplet.lines.characters import PUNCTUATION
from projects.couplet.lines.rules import structure_holds
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.model import build_model
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import Tokens
from projects.couplet.writer import Writer

KNOWN = "".join(map(chr, range(0x4E00, 0x4F80))) + "风云三尺剑山水明月松间照石泉"
HOSTILE = [
    "山",
    "山山山山山",
    "山水山水山水山",
    "风,云;三:尺?剑!山.",
    "，，风，，",
    "。风云三尺剑。",
    "风" * 32,
    KNOWN[-13:] + "，" + KNOWN[:18],
    "龘龘靐齉",
    "\U00020000剑\U0002a6d6",
    "〇",
    "風雲三尺劍",
    "髮發发山",
    "風\U00020000，风",
]


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory) -> Path:
    """Save a model as a finished run."""
    keras.utils.set_random_seed(0)
    form = Architecture(encoder_layers=1, decoder_layers=1, units=8, embedding_dim=6)
    tokens = Tokens.from_lines([KNOWN, PUNCTUATION], min_count=1)
    model = build_model(len(tokens), form, padded=False)
    path = tmp_path_factory.mktemp("runs") / "run"
    path.mkdir()
    Translator(model, form, tokens).save(path)
    (path / "config.json").write_text("{}")
    (path / "report.md").write_text("# A run")
    return path


@pytest.fixture(scope="module")
def writer(run_dir) -> Writer:
    return Writer.load(run_dir)


@pytest.fixture(autouse=True)
def loaded_once(writer, monkeypatch, tmp_path):
    """Build the model once for all lines; it is what takes long."""
    monkeypatch.setattr(Writer, "load", lambda folder: writer)
    monkeypatch.chdir(tmp_path)


def run(*arguments: object) -> int:
    return run_main(generate.main, list(map(str, arguments)))


def seconds_of(out: str) -> list[tuple[str, str]]:
    """Return the pairs of what `--json` printed."""
    sheets = map(json.loads, out.splitlines())
    return [(s["first"], card["second"]) for s in sheets for card in s["cards"]]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_lines_have_answers_that_keep_the_structure(line, run_dir, capsys):
    assert (
        run(line, "--json", "--candidates", 3, "--beam", 4, "--run-dir", run_dir) == 0
    )
    pairs = seconds_of(capsys.readouterr().out)
    assert 1 <= len(pairs) <= 3
    assert len(set(pairs)) == len(pairs)
    for first, second in pairs:
        assert structure_holds(first, second)
        assert len(first) == len(second)


def test_rare_characters_are_named(run_dir, capsys):
    assert run("龘剑龘靐", "--run-dir", run_dir) == 0
    assert "! The model has not learned 龘、靐:" in capsys.readouterr().out


def test_wishes_hold(run_dir, capsys):
    given = ["明月松间照", "--pattern", "山__水_", "--json", "--run-dir", run_dir]
    assert run(*given) == 0
    seconds = [second for _, second in seconds_of(capsys.readouterr().out)]
    assert all(second[0] == "山" and second[3] == "水" for second in seconds)
    worst = seconds[0][1]
    assert run(*given, "--forbidden", worst) == 0
    seconds = [second for _, second in seconds_of(capsys.readouterr().out)]
    assert worst not in "".join(seconds)


def test_an_explanation_has_the_attention_of_the_model(run_dir, tmp_path, capsys):
    given = ["明月松间照", "--explain", "--candidates", 1, "--run-dir", run_dir]
    assert run(*given, "--json") == 0
    card = json.loads(capsys.readouterr().out)["cards"][0]
    assert len(card["attention"]) == 5
    assert [sum(row) for row in card["attention"]] == pytest.approx([1] * 5, abs=1e-3)
    written = {path.name for path in (tmp_path / "answers" / "明月松间照").iterdir()}
    assert written == {"cards.html", "attention-1.png"}


def test_a_file_is_answered_as_line_by_line(run_dir, tmp_path, capsys):
    lines = ["明月松间照", "山", "风云三尺剑", "石泉，山"] * 3
    (tmp_path / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
    asked = ["--json", "--quiet", "--candidates", 2, "--run-dir", run_dir]
    assert run("--file", "lines.txt", *asked) == 0
    together = capsys.readouterr().out
    assert [first for first, _ in seconds_of(together)][::2] == lines
    for line in lines[:4]:
        assert run(line, *asked) == 0
    alone = capsys.readouterr().out
    assert seconds_of(together)[:8] == seconds_of(alone)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("weights.npz", lambda data: data[: len(data) // 2]),
        ("weights.npz", lambda data: b""),
        ("weights.npz", lambda data: b"\0" * 100),
        ("weights.npz", None),
        ("vocabulary.txt", lambda data: data[: len(data) // 2]),
        ("vocabulary.txt", None),
        ("model.json", lambda data: data[:10]),
        ("model.json", lambda data: b"{}"),
        ("model.json", lambda data: b"[]"),
        ("model.json", lambda data: data.replace(b"8", b"10", 1)),
        ("model.json", None),
        ("report.md", None),
    ],
)
def test_a_broken_model_is_one_line(
    name, change, run_dir, tmp_path, monkeypatch, capsys
):
    monkeypatch.undo()
    broken = tmp_path / "broken"
    shutil.copytree(run_dir, broken)
    if change is None:
        (broken / name).unlink()
    else:
        (broken / name).write_bytes(change((broken / name).read_bytes()))
    assert run("风云三尺剑", "--run-dir", broken) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("error: ")
    assert told.err.count("\n") == 1 and str(broken) in told.err
