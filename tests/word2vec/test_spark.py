"""Vectors by Spark: what its workers read, and what comes out of the program."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from common.errors import UserError, run_main
from projects.word2vec import nearest, spark_training
from projects.word2vec.corpus import CorpusSettings, prepare_corpus
from projects.word2vec.spark_training import Recipe, check_size, in_order
from projects.word2vec.vectors import WordVectors
from tests.conftest import REPOSITORY

PROGRAM = REPOSITORY / "projects" / "word2vec" / "spark.py"
RECIPE = Recipe(8, 5, 1, 0.025, 1e-4, 1, 0)


@pytest.fixture
def corpus(tmp_path):
    text = "a b c\n\nb c d d\n\ne\n\na a\n"
    (tmp_path / "text.txt").write_text(text)
    settings = CorpusSettings(
        str(tmp_path / "text.txt"), tokenizer="words", min_count=1
    )
    return prepare_corpus(settings, tmp_path / "cache")


def words_of(corpus, sentences):
    tokens = corpus.vocabulary.tokens
    return [[tokens[int(number)] for number in sentence] for sentence in sentences]


def test_sentences_are_read_by_their_marks(corpus):
    every = np.ones(len(corpus.vocabulary), np.float32)
    read = spark_training.read_sentences(corpus.path, 0, every, 0)
    # A sentence of one word has no neighbors.
    assert words_of(corpus, read) == [list("abc"), list("bcdd"), list("aa")]


def test_spans_hold_every_word_once(corpus):
    every = np.ones(len(corpus.vocabulary), np.float32)
    spans = [
        spark_training.read_sentences(corpus.path, start, every, 0, count=5)
        for start in (0, 5)
    ]
    assert [words_of(corpus, span) for span in spans] == [
        [list("abc"), list("bc")],
        [list("dd"), list("aa")],
    ]


def test_frequent_words_are_thinned_alike_in_each_try(corpus):
    keep = np.full(len(corpus.vocabulary), 0.5, np.float32)
    tries = [
        list(spark_training.read_sentences(corpus.path, 0, keep, seed))
        for seed in (1, 1, 2)
    ]
    assert tries[0] == tries[1] != tries[2]


def test_vectors_stand_in_the_order_of_the_vocabulary(corpus):
    vectors = in_order({3: [1.0, 2.0], 0: [3.0, 4.0]}, corpus)
    tokens = corpus.vocabulary.tokens
    assert vectors.vocabulary.tokens == (tokens[0], tokens[3])
    assert vectors.matrix.tolist() == [[3.0, 4.0], [1.0, 2.0]]
    assert vectors.vocabulary.counts.tolist() == [3, corpus.vocabulary.counts[3]]


def test_what_spark_cannot_hold_is_refused(corpus, monkeypatch):
    check_size(corpus, RECIPE)
    monkeypatch.setattr(spark_training, "_MOST_NUMBERS", 40)
    with pytest.raises(UserError, match="Fewer than 5 words of 8 numbers"):
        check_size(corpus, RECIPE)


def test_the_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(UserError, match="pyspark.*not installed.*extra `spark`"):
        with spark_training.session("local[1]", "1g"):
            pass


def test_words_that_stand_together_come_out_near(tmp_path, monkeypatch, capsys):
    pytest.importorskip("pyspark", reason="pyspark is not installed (extra `spark`)")
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    random = np.random.default_rng(0)
    groups = ["red green blue white".split(), "one two three four".split()]
    lines = [
        " ".join(random.choice(groups[number % 2], 8)) + "." for number in range(3000)
    ]
    (tmp_path / "text.txt").write_text("\n".join(lines))
    options = "--embedding-dim 16 --epochs 5 --sample 0 --learning-rate 0.1".split()
    options += "--data-dir cache --run-dir run --quiet".split()
    done = subprocess.run(
        [sys.executable, PROGRAM, "--corpus", "text.txt", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    vectors = WordVectors.load(tmp_path / "run")
    assert vectors.matrix.shape == (8, 16)
    for group in groups:
        for word in group:
            near = [name for name, _ in vectors.most_similar([word], count=3)]
            assert set(near) == set(group) - {word}
    monkeypatch.chdir(tmp_path)
    assert run_main(nearest.main, ["red", "--run-dir", "run", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "blue" in json.dumps(answer)
