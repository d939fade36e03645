"""The report of a training: scores beside baselines, neighbors, the map."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from common.vocabulary import Vocabulary
from projects.word2vec import report as reporting
from projects.word2vec.pairs import FIRST_OF_SENTENCE
from projects.word2vec.report import Subject, make_report, save_map
from projects.word2vec.small_exam import make_small_exam
from projects.word2vec.trainer import Trained
from projects.word2vec.vectors import WordVectors

DIM = 40
COMMAND = "python projects/word2vec/train.py --corpus mine.txt"
EXAM = make_small_exam().analogies["own analogies"]


class Text:
    """Words drawn one by one: no baseline learns anything from it."""

    num_tokens = num_words = 4_000
    num_sentences = 400
    description, notes = "mine.txt", ("tokenizer words: it is prose",)

    def __init__(self, tokens):
        draw = np.random.default_rng(1)
        self.tokens = draw.integers(0, len(tokens), self.num_tokens).astype(np.uint32)
        counts = np.bincount(self.tokens, minlength=len(tokens))
        self.tokens[::10] |= FIRST_OF_SENTENCE
        self.vocabulary = Vocabulary(tuple(tokens), counts)

    def read(self, start, count):
        return self.tokens[start : start + count]


def train_on(text, objective="negative", seconds=12.0, seed=0):
    """Return a training whose vectors know the relations of the exam."""
    n = len(text.vocabulary)
    random = np.random.default_rng(seed)
    center = random.normal(size=(n, DIM)).astype(np.float32)
    for axis, questions in enumerate(EXAM.values()):
        for one, other in dict.fromkeys(question[:2] for question in questions):
            if one in text.vocabulary and other in text.vocabulary:
                row = text.vocabulary.id(one)
                change = 4 * np.eye(DIM)[axis]
                center[text.vocabulary.id(other)] = center[row] + change
    recipe = SimpleNamespace(
        model="skip_gram", objective=objective, window=3, seed=0, epochs=4
    )
    return Trained(recipe, (center, center), {"loss": [3.0, 2.5]}, seconds, 1.0)


def report_on(text, *trained, show=(), map_words=0):
    vectors = WordVectors(text.vocabulary, trained[0].matrices[0])
    return make_report(Subject(text, COMMAND, show), vectors, trained, map_words)


@pytest.fixture(scope="module")
def text():
    pairs = EXAM["gram-comparative"] + EXAM["gram-plural"]
    return Text(dict.fromkeys(word for question in pairs for word in question))


@pytest.fixture(scope="module")
def made(text):
    trained = [train_on(text), train_on(text, "softmax", seconds=20.0, seed=1)]
    return report_on(text, *trained, show=("fast", "array"), map_words=25)


def test_every_training_stands_beside_the_baselines(made, text):
    table = made[0].tables[0]
    names = [row[0] for row in table.rows]
    assert names[:2] == ["skip-gram, negative", "skip-gram, softmax"]
    assert names[2:] == ["PPMI-SVD", "random", "one-hot"]
    assert [row[1] for row in table.rows] == [3.0, 5.0, None, None, None]
    questions = [question for section in EXAM.values() for question in section]
    answerable = [q for q in questions if all(word in text.vocabulary for word in q)]
    assert f"{len(answerable)} of {len(questions)} questions" in table.title
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert "comparative" in table.columns and "gram" not in str(table.columns)


def test_the_scores_are_those_of_the_vectors(made):
    report, _ = made
    accuracies = {n: s["accuracy"] for n, s in report.metrics["scores"].items()}
    assert accuracies["skip-gram, negative"] > 0.8
    assert accuracies["one-hot"] == 0 and accuracies["random"] < 0.1
    first = report.tables[0].rows[0]
    assert first[2] == f"{100 * accuracies['skip-gram, negative']:.1f} %"
    assert report.verdict.startswith(f"Own analogies: skip-gram, negative {first[2]}")
    assert "next skip-gram, softmax" in report.verdict
    assert report.metrics["loss"] == {"negative": 2.5, "softmax": 2.5}
    assert not report.warnings


def test_sections_that_cannot_be_asked_are_dashes(made):
    report, _ = made
    lines = report.tables[0].to_text().splitlines()
    assert "nan" not in report.to_text() + report.to_markdown()
    assert lines[3].split()[-1] == "-"  # numbers
    sections = report.metrics["scores"]["one-hot"]["sections"]
    assert math.isnan(sections["numbers"]) and sections["gram-plural"] == 0


def test_neighbors_are_those_of_the_words_that_were_asked_for(made, text):
    table = made[0].tables[1]
    assert [row[0] for row in table.rows] == ["fast", "array"]
    matrix = train_on(text).matrices[0]
    vectors = WordVectors(text.vocabulary, matrix)
    near = [word for word, _ in vectors.most_similar(["fast"], count=6)]
    assert table.rows[0][1] == ", ".join(near)


def test_without_words_to_show_common_ones_are_shown(text):
    report, word_map = report_on(text, train_on(text))
    rows = report.tables[1].rows
    assert 10 < len(rows) <= 20 and word_map is None
    assert set(report.figures) == {"learning_curves"}
    assert all(len(row[1].split(", ")) == 6 for row in rows)


def test_what_was_read_is_told(made):
    report, _ = made
    assert report.title.startswith("Word vectors of mine.txt: ")
    assert report.title.endswith(f"{DIM} numbers each")
    assert report.notes == [
        "4,000 words in 400 sentences; 4,000 of them in the vocabulary.",
        "tokenizer words: it is prose",
    ]
    assert COMMAND in report.to_markdown()


def test_all_of_it_lies_in_the_folder(made, tmp_path):
    report, word_map = made
    report.save(tmp_path)
    save_map(word_map, tmp_path)
    assert len(word_map.words) == 25
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert all(word in page for word in word_map.words)
    for name in ("map", "learning_curves"):
        assert (tmp_path / "figures" / f"{name}.png").stat().st_size > 5_000
        assert f"figures/{name}.png" in (tmp_path / "report.md").read_text()
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["scores"]["one-hot"]["sections"]["numbers"] is None


def test_no_map_leaves_no_page(tmp_path):
    save_map(None, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_missing_font_is_told_once(made, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reporting, "font_for", lambda text: None)
    save_map(made[1], tmp_path)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_few_questions_are_a_warning():
    words = ["one", "first", "two", "second", *(f"word{n}" for n in range(60))]
    text = Text(words)
    report, _ = report_on(text, train_on(text))
    assert len(report.warnings) == 1 and "Few questions" in report.warnings[0]
    assert report.metrics["scores"]["random"]["answerable"] == 2


def test_a_text_of_other_words_is_not_scored_but_shown():
    text = Text([f"word{chr(97 + n)}" for n in range(26)])
    report, _ = report_on(text, train_on(text))
    assert report.verdict.startswith("Look at the neighbors")
    assert "nan" not in report.to_text() and "0 of" in report.tables[0].title
    assert report.warnings


def test_chinese_has_no_built_in_exam():
    text = Text([chr(0x4E00 + n) for n in range(30)])
    report, _ = report_on(text, train_on(text))
    assert [table.columns[0] for table in report.tables] == ["word"]
    assert report.verdict.startswith("Look at the neighbors")
    assert report.metrics["scores"] == {} and not report.warnings


def test_two_words_are_enough():
    text = Text(["ab", "cd"])
    report, word_map = report_on(text, train_on(text), map_words=600)
    assert word_map is None
    assert report.tables[-1].rows == [["ab", "cd"], ["cd", "ab"]]
    # Fewer words than dimensions: nothing to factor.
    assert "PPMI-SVD" not in report.metrics["scores"]
