"""A poet is trained, goes on where it was stopped, and writes."""

import json

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.couplet import poem, train_poems
from projects.couplet.poems import training as poem_training
from projects.couplet.poems.corpus import clauses_of, read_poems, split_poems
from projects.couplet.poems.poet import Poet
from tests.couplet.tiny_poet import make_poems, make_tones

TINY = (
    "--held-out 10 --min-count 1 --embedding-dim 8 --units 6 --batch-size 16"
    " --samples 5 --quiet"
).split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poems")
    (folder / "poems.txt").write_text("\n".join(make_poems(120)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(folder):
    arguments = [f"--poems={folder}/poems.txt", f"--run-dir={folder}/run"]
    assert train_poems.main([*arguments, "--epochs=2", *TINY]) == 0
    return folder / "run"


def test_the_report_sets_the_model_beside_ngrams(run):
    metrics = json.loads((run / "metrics.json").read_text())
    assert set(metrics["scores"]) == {"2-gram", "3-gram", "4-gram", "LSTM"}
    written = metrics["texts"]["LSTM, in a form, strict tones"]
    assert written["right_length"] == written["even"] == 1 and written["copied"] == 0
    plain = metrics["texts"]["4-gram without discount, drawn freely"]
    assert plain["copied"] > metrics["texts"]["4-gram, drawn freely"]["copied"]
    report = (run / "report.md").read_text()
    assert "train_poems.py" in report and "七律" in report
    assert len((run / "history.csv").read_text().splitlines()) == 3


def test_the_poet_returns_from_its_folder(run):
    poet = Poet.load(run, make_tones())
    split = split_poems(read_poems(run.parent / "poems.txt"), held_out=10)
    assert all(c in poet.known for p in split.train for c in clauses_of(p))
    held_out = [c for p in split.test for c in clauses_of(p)]
    assert sum(clause in poet.known for clause in held_out) < 0.2 * len(held_out)


def test_a_killed_training_goes_on_to_the_same_weights(folder, run, monkeypatch):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch:
                raise RuntimeError("killed")

    original = poem_training.Progress
    arguments = [f"--poems={folder}/poems.txt", f"--run-dir={folder}/killed"]
    arguments += ["--epochs=2", *TINY]
    monkeypatch.setattr(poem_training, "Progress", lambda *a, **o: Stop())
    with pytest.raises(RuntimeError, match="killed"):
        train_poems.main(arguments)
    monkeypatch.setattr(poem_training, "Progress", original)
    assert train_poems.main([f"--run-dir={folder}/killed", "--resume", "--quiet"]) == 0
    for name in ("weights.npz", "themes.npz"):
        with (
            np.load(folder / "killed" / "poet" / name) as found,
            np.load(run / "poet" / name) as expected,
        ):
            assert found.files == expected.files
            for key in found.files:
                assert np.array_equal(found[key], expected[key])


def test_poems_are_written(run, capsys):
    arguments = [f"--poet={run}/poet", "--form=五律", "--count=2", "--tones=off"]
    assert poem.main(arguments) == 0
    shown = capsys.readouterr().out
    poems = shown.strip().split("\n\n")
    assert [len(text.splitlines()) for text in poems] == [4, 4]
    assert poem.main([*arguments, "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["text"] for entry in found] == [p.replace("\n", "") for p in poems]


def test_a_broken_poet_is_told(run, tmp_path):
    with pytest.raises(UserError, match="poet.json"):
        Poet.load(tmp_path, make_tones())
    for path in (run / "poet").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "poet.json").write_text('{"units": "6"}')
    with pytest.raises(UserError, match="Expected embedding_dim and units"):
        Poet.load(tmp_path, make_tones())
    (tmp_path / "poet.json").write_text('{"embedding_dim": 8, "units": 7}')
    with pytest.raises(UserError, match="those of another"):
        Poet.load(tmp_path, make_tones())
