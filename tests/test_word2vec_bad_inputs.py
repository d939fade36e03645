"""What word2vec's train.py refuses: code 2, one line, nothing made."""

import json
from pathlib import Path

import numpy as np
import pytest

from common.config import config_to_dict
from common.errors import run_main
from projects.word2vec import train as train_program
from projects.word2vec.config import Config
from projects.word2vec.reference import Recipe
from projects.word2vec.trainer import Trained, save_model
from tests.test_word2vec_programs import run
from tests.word2vec.toy_vectors import make_toy, save_run

TEXT = "The whale sees a crab. " * 20
BAD = {
    "empty.txt": b"",
    "rare.txt": b"every word here stands just once",
    "binary.txt": bytes(range(256)) * 10,
    "latin.txt": TEXT.encode() + "café".encode("latin-1"),
    "nul.txt": TEXT.encode() + b"\0" + TEXT.encode(),
    "good.txt": TEXT.encode(),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """Return a run whose second matrix has the nodes of a tree."""
    vectors = make_toy()
    path = save_run(tmp_path_factory.mktemp("tree") / "run", vectors)
    options = config_to_dict(Config(objective="hierarchical", embedding_dim=4))
    saved = {"config": options, "versions": {}}
    (path / "config.json").write_text(json.dumps(saved))
    recipe = Recipe(
        model="skip_gram",
        objective="hierarchical",
        window=2,
        negative=1,
        sample=0.0,
        batch_size=64,
        seed=0,
        embedding_dim=4,
        learning_rate=0.1,
        epochs=1,
    )
    matrices = (vectors.matrix, np.zeros((len(vectors) - 1, 4), np.float32))
    save_model(Trained(recipe, matrices, {}, 1.0, 1.0), vectors.vocabulary, path)
    return path


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("--corpus empty.txt", "empty.txt. Received: none"),
        ("--corpus missing.txt", "missing.txt"),
        ("--corpus rare.txt", "at least 5 times"),
        ("--corpus binary.txt", "binary.txt"),
        ("--corpus latin.txt", f"offset {len(TEXT) + 3}"),
        ("--corpus nul.txt", f"offset {len(TEXT)}"),
        ("--corpus good.txt --encoding klingon", "klingon"),
        ("--corpus good.txt --window 0", "at least 1"),
        ("--corpus good.txt --embedding-dim 0", "--embedding-dim"),
        ("--corpus good.txt --embedding-dim -5", "-5"),
        ("--corpus good.txt --batch-size 100", "multiple of 64"),
        ("--corpus good.txt --update tree", "Train anew on all the text"),
        ("--corpus good.txt --update nowhere", "nowhere"),
        ("--resume", "made"),
        ("--windw 3", "Did you mean --window"),
    ],
)
def test_a_bad_input_is_one_line_and_code_2(arguments, word, tree, tmp_path):
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(content)
    arguments = arguments.replace("tree", str(tree)).split()
    where = ["--run-dir", "made", "--data-dir", "cache", "--quiet"]
    done = run("train.py", *arguments, *where, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert word in done.stderr
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [("--negative 5", "number of words, 5"), ("--negative 1 --show wale", "whale")],
)
def test_what_does_not_fit_the_words_is_refused(
    arguments, word, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("good.txt").write_bytes(BAD["good.txt"])
    where = ["--run-dir", "made", "--data-dir", "cache", "--quiet"]
    given = ["--corpus", "good.txt", *arguments.split(), *where]
    assert run_main(train_program.main, given) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ") and told.count("\n") == 1
    assert word in told and not Path("made").exists()
