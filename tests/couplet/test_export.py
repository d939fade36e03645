"""Encoder and decoder step as files: they write what the model writes."""

import json
import re
import shutil

import keras
import numpy as np
import pytest

from common.engines import ENGINES
from common.errors import run_main
from common.export_options import FORMATS
from projects.couplet.export import main
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.model import build_model
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import NUM_SPECIAL, START, Tokens
from tests.conftest import REPOSITORY
from tests.couplet.toy_couplets import random_weights

TOKENS = Tokens.from_lines(["风云三尺剑花鸟一床书"], min_count=1)


def save_run(folder, form):
    """Write a model of random weights as a finished run; return it as it is read."""
    folder.mkdir()
    model = build_model(len(TOKENS), form, padded=False)
    random_weights(model.full)
    Translator(model, form, TOKENS).save(folder)
    (folder / "config.json").write_text("{}")
    (folder / "report.md").write_text("# A run")
    return Translator.load(folder)


def write_greedily(source, encode, step, log_probs):
    """Write a line of the most probable characters with two engines."""
    memory = encode({"source": source}) | {"source": source}
    states = None
    previous, written = np.full((len(source), 1), START, np.int32), []
    for here in range(source.shape[1]):
        given = {"previous": previous, "here": source[:, here : here + 1]}
        given["encoded_here"] = memory["encoded"][:, here : here + 1]
        states = states or {
            name: np.zeros((len(source), 6), np.float32)
            for name in ("state_0_0", "state_0_1")
        }
        found = step(memory | given | states)
        states = {name: found[f"next_{name}"] for name in states}
        log_probs.append(found["log_probs"])
        previous = found["log_probs"].argmax(1).astype(np.int32)[:, None]
        written.append(previous)
    return np.concatenate(written, axis=1)


@pytest.mark.parametrize("format", FORMATS)
def test_a_line_is_written_alike(format, tmp_path, capsys):
    keras.utils.set_random_seed(0)
    form = Architecture(encoder_layers=1, decoder_layers=1, units=6, embedding_dim=4)
    translator = save_run(tmp_path / "run", form)
    given = ["--run-dir", str(tmp_path / "run"), "--format", format]
    assert main([*given, "--batch-size", "2", "--length", "5"]) == 0
    folder = tmp_path / "run" / "export"
    assert capsys.readouterr().out.count("differs from Keras") == 2
    assert Tokens.load(folder).characters == TOKENS.characters
    encode, step = (
        ENGINES[format].load(folder / f"{name}.{format}") for name in ("encode", "step")
    )
    source = np.array(
        [TOKENS.encode("风云三尺剑"), TOKENS.encode("花鸟一床书")], np.int32
    )
    found = []
    written = write_greedily(source, encode, step, found)
    chosen = np.take_along_axis(np.stack(found, 1), written[..., None], 2)[..., 0]
    expected = translator.log_probs(source, written)
    np.testing.assert_allclose(chosen, expected, atol=1e-4)
    described = json.loads((folder / f"step.{format}.json").read_text())
    assert described["meaning"]["ids"]["start"] == START
    assert {"vocabulary.txt", "model.json"} <= {p.name for p in folder.iterdir()}


@pytest.mark.parametrize("attention", ["none", "multi_head", "local"])
def test_other_attentions_can_be_exported(attention, tmp_path):
    form = Architecture(
        cell="gru", encoder="uni", encoder_layers=1, decoder_layers=1, units=4,
        embedding_dim=4, attention=attention, aligned=False, direct=False,
    )  # fmt: skip
    save_run(tmp_path / "run", form)
    out = tmp_path / "out"
    given = ["--run-dir", str(tmp_path / "run"), "--output", str(out)]
    assert main(given) == 0
    assert (out / "step.onnx").is_file()


def test_the_shipped_model_needs_an_output(capsys):
    assert run_main(main, []) == 2
    assert "--output for the model that comes along" in capsys.readouterr().err


def test_a_broken_run_is_refused(tmp_path, capsys):
    form = Architecture(encoder_layers=1, decoder_layers=1, units=4, embedding_dim=4)
    save_run(tmp_path / "run", form)
    shutil.copy(__file__, tmp_path / "run" / "weights.npz")
    assert run_main(main, ["--run-dir", str(tmp_path / "run")]) == 2
    assert "weights.npz" in capsys.readouterr().err


def test_the_code_of_the_page_runs(tmp_path, monkeypatch, capsys):
    form = Architecture(encoder_layers=1, decoder_layers=1, units=6, embedding_dim=4)
    translator = save_run(tmp_path / "run", form)
    given = ["--run-dir", str(tmp_path / "run"), "--format", "onnx"]
    assert main([*given, "--output", str(tmp_path / "exported")]) == 0
    page = (REPOSITORY / "docs" / "export.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    capsys.readouterr()
    monkeypatch.chdir(tmp_path)
    exec("\n".join(blocks), {})
    checked, written = capsys.readouterr().out.splitlines()
    name, *shape, difference = checked.split()
    assert (name, float(difference) < 1e-4) == ("encoded", True)
    line, answer = written.split()
    source = np.array([TOKENS.encode(line)], np.int32)
    targets = np.array([TOKENS.encode(answer)], np.int32)
    everything = {"source": source, "previous": np.roll(targets, 1)}
    everything["previous"][0, 0] = START
    logits = translator.model.full.predict_on_batch(everything)
    best = logits[0, :, NUM_SPECIAL:].argmax(1) + NUM_SPECIAL
    assert best.tolist() == targets[0].tolist()
