"""The programs of word2vec as people start them: by path, from another folder."""

import json
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from common.errors import run_main
from projects.word2vec import train as train_program
from projects.word2vec.vectors import WordVectors
from tests.conftest import REPOSITORY

PROGRAMS = REPOSITORY / "projects" / "word2vec"
SEA = "wave sail fish shell harbor anchor whale tide coral gull boat crab".split()
HILL = "rock goat snow pine ridge eagle trail cave moss bear cliff stone".split()
VERBS = "meets sees finds follows".split()
SMALL = ["--embedding-dim", "16", "--sample", "0.02", "--window", "3"]
FAST = [*SMALL, "--epochs", "6", "--batch-size", "64"]


def sentences(number: int, *topics: list[str], seed: int = 0) -> str:
    """Return sentences of a toy grammar; each stays with its topic."""
    draw = random.Random(seed)
    lines = []
    for _ in range(number):
        topic = draw.choice(topics)
        first, second, third = draw.sample(topic, 3)
        lines.append(f"The {first} {draw.choice(VERBS)} a {second} and the {third}.\n")
    return "".join(lines)


def run(program: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess:
    """Start a program in `cwd` and wait for it."""
    command = [sys.executable, str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def topics_apart(vectors: WordVectors, sea=SEA, hill=HILL) -> float:
    """Return by how much words of one topic are nearer than those of two."""
    rows = [vectors.unit[vectors.ids(topic)] for topic in (sea, hill)]
    near = [(each @ each.T)[np.triu_indices(len(each), 1)].mean() for each in rows]
    return float(np.mean(near) - (rows[0] @ rows[1].T).mean())


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Return a folder with a text, where the programs are started."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "text.txt").write_text(sentences(3000, SEA, HILL))
    (folder / "short.txt").write_text(sentences(800, SEA, HILL))
    return folder


@pytest.fixture(scope="module")
def train(place):
    """Return a function that trains and returns the run and what was told."""

    def start(name: str, *options: object) -> tuple[Path, subprocess.CompletedProcess]:
        where = ["--run-dir", place / name, "--data-dir", place / "cache"]
        done = run("train.py", *where, *options, cwd=place)
        assert done.returncode == 0, done.stderr
        return place / name, done

    return start


@pytest.fixture(scope="module")
def trained(train):
    return train("run", "--corpus", "text.txt", *FAST, "--map-words", "30")


@pytest.fixture(scope="module")
def tree(train):
    """Train the readable reference on the other model and the tree."""
    names = ["--engine", "keras", "--model", "cbow", "--objective", "hierarchical"]
    options = [*SMALL, "--epochs", "4", "--learning-rate", "0.1", "--map-words", "0"]
    return train("tree", "--corpus", "short.txt", *names, *options)


def test_training_writes_the_promised_files(trained):
    path, done = trained
    assert files(path) >= {
        "config.json",
        "history.csv",
        "metrics.json",
        "report.md",
        "model.keras",
        "vectors.npy",
        "vocabulary.txt",
        "map.html",
        "figures/map.png",
        "figures/learning_curves.png",
    }
    saved = json.loads((path / "config.json").read_text())
    assert len(saved["inputs"]["sha256"]) == 64
    assert Path(saved["corpus_folder"], "tokens.bin").stat().st_size == 4 * 24_000
    assert saved["config"]["embedding_dim"] == 16
    history = pd.read_csv(path / "history.csv")
    assert history["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert history["loss"].iloc[-1] < history["loss"].iloc[0]
    assert "24,000 words in 3,000 sentences" in (path / "report.md").read_text()
    assert f"Report: {path}" in done.stdout


def test_the_vectors_know_the_topics(trained):
    vectors = WordVectors.load(trained[0])
    assert vectors.matrix.shape == (len(vectors), 16) and len(vectors) == 31
    assert topics_apart(vectors) > 0.5


def test_nothing_but_plain_lines_goes_into_a_pipe(trained, tree):
    for _, done in (trained, tree):
        assert not set("\x1b\b\r") & set(done.stdout + done.stderr)
        begin = ("reading", "tokenizer", "compiling", "training")
        assert all(line.startswith(begin) for line in done.stderr.splitlines())


def test_a_finished_run_is_not_overwritten(trained, place, capsys):
    path, _ = trained
    before = (path / "vectors.npy").read_bytes()
    where = ["--run-dir", str(path), "--data-dir", str(place / "cache"), *SMALL]
    for options, word in (([], "--overwrite"), (["--resume"], "is finished")):
        arguments = ["--corpus", str(place / "text.txt"), "--quiet", *where, *options]
        assert run_main(train_program.main, arguments) == 2
        told = capsys.readouterr().err
        assert word in told and told.count("\n") == 1
    assert (path / "vectors.npy").read_bytes() == before


def test_words_have_neighbors(trained, tmp_path):
    path, _ = trained
    done = run("nearest.py", "whale", "--run-dir", path, "--count", 5, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines()} < set(SEA)
    options = ["--json", "--run-dir", path, "--count", 3]
    done = run("nearest.py", "goat - rock + sail", *options, cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert answer["query"] == "goat - rock + sail"
    assert len(answer["nearest"]) == 3
    done = run("nearest.py", "wale", "--run-dir", path, cwd=tmp_path)
    assert done.returncode == 2 and "whale" in done.stderr


def test_vectors_are_put_to_tests_of_ones_own(trained, tmp_path):
    path, _ = trained
    (tmp_path / "mine.txt").write_text(": sea\nwave sail rock goat\nwave x y z\n")
    pairs = ["wave gull 9", "rock bear 9", "fish moss 1", "tide pine 1"]
    (tmp_path / "mine.tsv").write_text("\n".join(pairs))
    tests = ["--analogies", "mine.txt", "--pairs", "mine.tsv"]
    done = run("evaluate.py", *tests, "--run-dir", path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    scores = json.loads((path / "evaluation" / "metrics.json").read_text())["scores"]
    assert list(scores) == ["these vectors", "PPMI-SVD", "random", "one-hot"]
    own = scores["these vectors"]
    assert own["mine.tsv"]["spearman"] > 0.8
    assert own["mine.txt"]["total"]["answerable"] == 1


def test_gensim_reads_what_is_exported(trained, tmp_path):
    models = pytest.importorskip("gensim.models")
    path, _ = trained
    output = ["--format", "text", "--output", tmp_path / "out" / "vectors.txt"]
    done = run("export.py", *output, "--run-dir", path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    keyed = models.KeyedVectors.load_word2vec_format(output[-1])
    vectors = WordVectors.load(path)
    assert tuple(keyed.index_to_key) == vectors.vocabulary.tokens
    np.testing.assert_allclose(keyed.vectors, vectors.matrix, rtol=1e-6)


def test_a_run_goes_on_with_more_text_and_new_words(trained, train, place):
    more = sentences(600, [*SEA, "squid"], seed=1)
    (place / "more.txt").write_text(more)
    options = ["--update", trained[0], "--sample", "0.02", "--epochs", "5"]
    options += ["--map-words", "0", "--show", "squid,whale", "--window", "3"]
    path, done = train("more", "--corpus", "more.txt", *options)
    assert "31 known words" in done.stderr
    old, new = WordVectors.load(trained[0]), WordVectors.load(path)
    assert set(new.vocabulary.tokens) == {*old.vocabulary.tokens, "squid"}
    assert new.matrix.shape[1] == 16
    # Nothing was said of the hills.
    assert (new.matrix[new.ids(HILL)] == old.matrix[old.ids(HILL)]).all()
    kept = (new.unit[new.ids(SEA)] * old.unit[old.ids(SEA)]).sum(axis=1)
    assert kept.min() > 0.8
    near = [word for word, _ in new.most_similar(["squid"], count=5)]
    assert len(set(near) & {*SEA, *VERBS, "the", "a", "and"}) == 5
    assert len(set(near) & set(SEA)) >= 3


def test_the_lecture_puts_three_outputs_in_one_table(train):
    options = [*SMALL, "--epochs", "1", "--map-words", "0", "--quiet"]
    objectives = ["negative", "softmax", "hierarchical"]
    path, done = train("slides", "--corpus", "text.txt", "--preset", "slides", *options)
    lines = [x for x in done.stdout.splitlines() if x.startswith("skip-gram, ")]
    rows = [line.removeprefix("skip-gram, ").split() for line in lines]
    assert [row[0] for row in rows] == objectives
    assert all(float(row[1]) > 0 for row in rows)  # seconds of an epoch
    assert done.stderr == ""
    history = pd.read_csv(path / "history.csv")
    assert history["objective"].tolist() == objectives
    metrics = json.loads((path / "metrics.json").read_text())
    assert list(metrics["loss"]) == objectives
    assert WordVectors.load(path).matrix.shape == (31, 16)


def test_the_keras_engine_trains_cbow_with_a_tree(tree):
    path, done = tree
    assert "cbow, hierarchical" in done.stdout
    assert topics_apart(WordVectors.load(path)) > 0.3


# Starts train.py and kills it -9 while its sixth backup is half written.
KILLED = """
import os, runpy, sys
from common import backup
from projects.word2vec import fast

write = backup._write_files
def write_and_die(state, folder):
    if len(written) == 5:
        (folder / "arrays.npz").write_bytes(b"half")
        os.kill(os.getpid(), 9)
    written.append(write(state, folder))

written, fast._SECONDS_BETWEEN_BACKUPS = [], 0.0
backup._write_files = write_and_die
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_killed_training_ends_as_an_undisturbed_one(trained, place):
    where = ["--run-dir", place / "killed", "--data-dir", place / "cache"]
    options = ["--corpus", "text.txt", *FAST, "--map-words", "30", *where]
    command = [sys.executable, "-c", KILLED, PROGRAMS / "train.py", *options]
    died = subprocess.run(command, cwd=place, capture_output=True, timeout=300)
    assert died.returncode == -signal.SIGKILL, died.stderr
    backups = sorted((place / "killed" / "checkpoints" / "negative").iterdir())
    assert len(backups) == 3 and ".tmp-" in backups[-1].name
    assert not (place / "killed" / "report.md").exists()

    text = (place / "text.txt").read_bytes()
    (place / "text.txt").write_bytes(text + b"One more line.\n")
    done = run("train.py", "--resume", *where, cwd=place)
    assert done.returncode == 2 and done.stderr.count("error: ") == 1
    assert "Received" in done.stderr and not (place / "killed" / "report.md").exists()

    # The same text at another time and with another cache is the same text.
    (place / "text.txt").write_bytes(text)
    shutil.rmtree(place / "cache")
    done = run("train.py", "--resume", *where, cwd=place)
    assert done.returncode == 0, done.stderr
    for name in ("vectors.npy", "history.csv", "vocabulary.txt"):
        same = (place / "killed" / name).read_bytes()
        assert same == (trained[0] / name).read_bytes(), name
