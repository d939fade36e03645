"""The program that puts vectors to tests."""

import json
from pathlib import Path

import numpy as np
import pytest

from common.runs import RunDirectory
from projects.word2vec import evaluate
from projects.word2vec.corpus import Corpus, CorpusSettings, prepare_corpus
from projects.word2vec.formats import write_text
from projects.word2vec.vectors import WordVectors
from tests.word2vec.test_baselines import HILL, SEA


@pytest.fixture
def own(tmp_path) -> list[str]:
    """Tests that vectors of two topics pass."""
    (tmp_path / "mine.txt").write_text(": sea\nwave sail rock goat\nwave x rock y\n")
    pairs = "wave sail 9\nrock goat 8.5\nwave rock 1\nfish snow 2\nfish moon 1\n"
    (tmp_path / "mine.tsv").write_text(pairs)
    names = ("--analogies", tmp_path / "mine.txt", "--pairs", tmp_path / "mine.tsv")
    return list(map(str, names))


@pytest.fixture
def corpus(tmp_path) -> Corpus:
    generator = np.random.default_rng(0)
    sentences = [generator.choice(topic, size=8) for topic in [SEA, HILL] * 50]
    (tmp_path / "text.txt").write_text("\n".join(map(" ".join, sentences)))
    settings = CorpusSettings(str(tmp_path / "text.txt"), "blanks", min_count=1)
    return prepare_corpus(settings, tmp_path / "corpora")


@pytest.fixture
def vectors(corpus) -> WordVectors:
    rows = [[word in SEA, word in HILL] for word in corpus.vocabulary.tokens]
    noise = np.random.default_rng(1).normal(scale=0.1, size=(len(rows), 2))
    return WordVectors(corpus.vocabulary, (rows + noise).astype(np.float32))


@pytest.fixture
def run(tmp_path, corpus, vectors) -> Path:
    """A finished run, as `train.py` leaves it."""
    run = RunDirectory.create("word2vec", tmp_path / "run")
    inputs = {"sha256": corpus.sha256}
    run.save_config({"window": 3}, inputs=inputs, corpus_folder=str(corpus.folder))
    vectors.save(run.path)
    (run.path / "report.md").write_text("done")
    return run.path


def test_a_run_is_put_to_tests_of_ones_own(run, own, capsys):
    assert evaluate.main(["--run-dir", str(run), *own]) == 0
    told = capsys.readouterr().out
    names = ("these vectors", "PPMI-SVD", "random", "one-hot")
    for name in names:
        assert sum(line.startswith(name) for line in told.splitlines()) >= 1, name
    assert "1 of 2" in told and "4 of 5" in told and "moon" not in told
    folder = run / "evaluation"
    assert "moon" in (folder / "report.md").read_text()
    scores = json.loads((folder / "metrics.json").read_text())["scores"]
    assert list(scores) == list(names)
    assert scores["these vectors"]["mine.tsv"]["spearman"] > 0.5
    assert scores["PPMI-SVD"]["mine.tsv"]["spearman"] > 0.5
    assert scores["one-hot"]["mine.tsv"]["spearman"] is None
    assert scores["one-hot"]["mine.txt"]["total"]["correct"] == 0
    assert (run / "report.md").read_text() == "done"


def test_a_corpus_that_is_gone_is_said(run, corpus, own, capsys):
    corpus.path.unlink()
    assert evaluate.main(["--run-dir", str(run), *own]) == 0
    told = capsys.readouterr()
    assert "PPMI-SVD" not in told.out
    assert "PPMI-SVD is left out" in told.err
    assert "PPMI-SVD is left out" in (run / "evaluation" / "report.md").read_text()


def test_another_corpus_in_its_place_is_no_baseline(run, own, capsys):
    config = json.loads((run / "config.json").read_text())
    config["inputs"]["sha256"] = "f" * 64
    (run / "config.json").write_text(json.dumps(config))
    assert evaluate.main(["--run-dir", str(run), *own]) == 0
    assert "Received: another" in capsys.readouterr().err


def test_a_vectors_file_needs_no_run(vectors, own, tmp_path, capsys):
    path = tmp_path / "vectors.txt"
    write_text(vectors, path)
    options = ["--vectors", str(path), "--no-baselines", *own]
    assert evaluate.main(options) == 0
    told = capsys.readouterr()
    assert "vectors.txt: 8 words, 2 dimensions" in told.out
    assert "random" not in told.out
    assert "--output" in told.out
    assert evaluate.main([*options, "--output", str(tmp_path / "kept" / "here")]) == 0
    assert (tmp_path / "kept" / "here" / "report.md").exists()


def test_the_public_tests_come_from_the_mirror(
    vectors, mirror, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    path = tmp_path / "vectors.txt"
    write_text(vectors, path)
    options = ["--vectors", str(path), "--data-dir", str(tmp_path / "cache")]
    assert evaluate.main(options) == 0
    told = capsys.readouterr()
    assert "0 of 19,544" in told.out
    assert "of 353" in told.out and "of 999" in told.out
    assert "English" in told.err
