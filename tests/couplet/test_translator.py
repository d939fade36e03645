"""A trained model at work: steps, whole lines, its files, other backends."""

import importlib.util
import os
import subprocess
import sys
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.model import build_model
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import START, START_REVERSED, UNKNOWN, Tokens
from tests.conftest import REPOSITORY
from tests.couplet.toy_couplets import ABOVE, BELOW, answer, random_weights

pytestmark = pytest.mark.backend

LINES = ["天风日", "山花红", "新春朝"]
PLAIN = Architecture(
    cell="gru",
    encoder_layers=1,
    decoder_layers=2,
    units=6,
    embedding_dim=4,
    attention="additive",
    aligned=False,
    direct=False,
    reverse_source=True,
)


def encode(translator, lines):
    return np.array([translator.tokens.encode(line) for line in lines], np.int32)


@pytest.fixture(scope="module")
def plain():
    """Return a translator of random weights whose source is reversed."""
    tokens = Tokens.from_lines([ABOVE, BELOW], min_count=1)
    model = build_model(len(tokens), PLAIN, padded=False)
    random_weights(model.full)
    return Translator(model, PLAIN, tokens)


@pytest.fixture(scope="module", params=["translator", "plain"])
def any_translator(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("start", [START, START_REVERSED])
def test_steps_and_whole_lines_agree(any_translator, start):
    sources = encode(any_translator, LINES)
    targets = encode(any_translator, map(answer, LINES))
    whole = any_translator.log_probs(sources, targets, start)
    assert whole.shape == (3, 3) and whole.dtype == np.float32
    memory, state = any_translator.begin(sources)
    previous = np.full(3, start, np.int32)
    for position in range(3):
        own, state = any_translator.step(memory, state, previous, position)
        assert own.shape == (3, len(any_translator.tokens))
        np.testing.assert_allclose(np.exp(own).sum(axis=1), 1, rtol=1e-4)
        previous = targets[:, position]
        picked = own[np.arange(3), previous]
        np.testing.assert_allclose(picked, whole[:, position], atol=2e-5)


def test_rows_may_be_repeated_and_reordered(translator):
    """As a beam search does with memory and state."""
    memory, state = translator.begin(encode(translator, LINES))
    previous = np.full(3, START, np.int32)
    first, after = translator.step(memory, state, previous, 0)
    rows = np.array([2, 0, 0, 1])
    memory, state = (
        {name: array[rows] for name, array in kept.items()} for kept in (memory, after)
    )
    chosen = first.argmax(axis=1).astype(np.int32)[rows]
    own, _ = translator.step(memory, state, chosen, 1)
    whole = encode(translator, map(answer, LINES))[rows]
    assert own.argmax(axis=1).tolist() == whole[:, 1].tolist()
    np.testing.assert_allclose(own[1], own[2], atol=1e-6)


def test_what_was_learned_is_known(translator):
    sources = encode(translator, LINES)
    good = translator.log_probs(sources, encode(translator, map(answer, LINES)))
    wrong = translator.log_probs(sources, encode(translator, map(answer, LINES[::-1])))
    assert good.sum(axis=1).min() > -0.2
    assert wrong[[0, 2]].sum(axis=1).max() < -5
    back = translator.log_probs(
        encode(translator, map(answer, LINES)), sources, START_REVERSED
    )
    assert back.sum(axis=1).min() > -0.2


def test_of_unknown_characters_nothing_is_said(translator):
    sources, targets = (encode(translator, ["天龘日"]) for _ in range(2))
    assert targets[0, 1] == UNKNOWN
    log_probs = translator.log_probs(sources, targets)[0]
    assert log_probs[1] == 0 and (log_probs[[0, 2]] < 0).all()


def test_the_look_of_a_reversed_source_is_turned_back(plain):
    sources, targets = encode(plain, LINES), encode(plain, map(answer, LINES))
    weights = plain.look(sources, targets)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)
    given = {"source": sources[:1], "previous": np.full((1, 3), START, np.int32)}
    inner = keras.ops.convert_to_numpy(plain.model.looking(given))[0]
    np.testing.assert_allclose(weights[0, 0], inner[0, ::-1], atol=1e-6)
    assert not np.allclose(inner[0], inner[0, ::-1], atol=1e-3)


def test_a_translator_comes_back_from_float16(any_translator, tmp_path):
    any_translator.save(tmp_path)
    names = {"model.json", "vocabulary.txt", "weights.npz"}
    assert {path.name for path in tmp_path.iterdir()} == names
    loaded = Translator.load(tmp_path)
    assert loaded.form == any_translator.form
    assert loaded.skills == any_translator.skills
    assert loaded.tokens.characters == any_translator.tokens.characters
    for own, other in zip(
        loaded.model.full.get_weights(),
        any_translator.model.full.get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(own, other.astype(np.float16))
    sources = encode(loaded, LINES)
    targets = encode(loaded, map(answer, LINES))
    own, other = (t.log_probs(sources, targets) for t in (loaded, any_translator))
    np.testing.assert_allclose(own, other, atol=0.05)
    loaded.save(tmp_path)
    again = Translator.load(tmp_path)  # rounded once, not twice
    np.testing.assert_array_equal(own, again.log_probs(sources, targets))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("weights.npz", lambda data: data[: len(data) // 2]),
        ("weights.npz", lambda data: "文字".encode() * 50),
        ("weights.npz", lambda data: b""),
        ("weights.npz", None),
        ("vocabulary.txt", lambda data: data[: data.rindex(b"\n", 0, -1) + 1]),
        ("vocabulary.txt", None),
        ("model.json", lambda data: data.replace(b'"units": 6', b'"units": 8')),
        ("model.json", lambda data: data.replace(b'"gru"', b'"lstm"')),
        ("model.json", lambda data: b'{"architecture": 5}'),
        ("model.json", lambda data: b"[]"),
        ("model.json", None),
    ],
)
def test_what_is_broken_is_told_in_one_line(name, change, plain, tmp_path):
    plain.save(tmp_path)
    if change is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(change((tmp_path / name).read_bytes()))
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        before = set(os.listdir("/proc/self/fd"))
        with pytest.raises(UserError) as caught:
            Translator.load(tmp_path)
        assert len(set(os.listdir("/proc/self/fd"))) == len(before)
    assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value)


# Loads the translator of a folder and writes what it says; then trains a step.
OTHER = """
import sys
from pathlib import Path
import numpy as np
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.batches import EncodedPairs
from projects.couplet.network.trainer import Recipe, train
from projects.couplet.network.translator import Translator

folder = Path(sys.argv[1])
given = np.load(folder / "given.npz")
sources, targets = given["sources"], given["targets"]
translator = Translator.load(folder)
memory, state = translator.begin(sources)
first, state = translator.step(memory, state, given["previous"], 0)
second, _ = translator.step(memory, state, targets[:, 0], 1)
whole = translator.log_probs(sources, targets)
look = translator.look(sources, targets)
pairs = EncodedPairs(
    np.stack([sources, targets], axis=1).astype(np.uint16), np.full(len(sources), 3)
)
for precision in ("float32", "mixed_bfloat16"):
    recipe = Recipe(epochs=2, batch_tokens=9, precision=precision)
    _, history = train(
        translator.form, recipe, translator.tokens, (pairs, pairs), quiet=True
    )
    assert all(map(np.isfinite, history["val_loss"])), history
np.savez(folder / "said.npz", first=first, second=second, whole=whole, look=look)
print(__import__("keras").backend.backend())
"""


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_say_the_same_and_learn(backend, any_translator, tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("the comparison begins with TensorFlow")
    python = os.environ.get("KERAS_PROJECTS_BACKENDS_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed (pip install -e '.[{backend}]')")
    said_by_tensorflow = say(any_translator, tmp_path)
    done = subprocess.run(
        [python, "-c", OTHER, tmp_path],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[-1] == backend
    said = np.load(tmp_path / "said.npz")
    for name, own in said_by_tensorflow.items():
        np.testing.assert_allclose(said[name], own, atol=2e-4, err_msg=name)


def say(translator, folder: Path):
    """Save a translator and lines; return what it says of them after loading."""
    translator.save(folder)
    loaded = Translator.load(folder)
    sources, targets = encode(loaded, LINES), encode(loaded, map(answer, LINES))
    previous = np.full(3, START, np.int32)
    np.savez(folder / "given.npz", sources=sources, targets=targets, previous=previous)
    memory, state = loaded.begin(sources)
    first, state = loaded.step(memory, state, previous, 0)
    second, _ = loaded.step(memory, state, targets[:, 0], 1)
    whole, look = loaded.log_probs(sources, targets), loaded.look(sources, targets)
    return {"first": first, "second": second, "whole": whole, "look": look}
