"""Fast training learns what the reference does, and goes on where it was killed."""

import dataclasses
import itertools
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec import fast
from projects.word2vec.fast import fit_fast, make_objective
from projects.word2vec.model import MODELS, OUTPUTS, word_matrices
from projects.word2vec.reference import Recipe, fit_reference
from tests.word2vec.toy import ToyCorpus, two_topics

REPOSITORY = Path(__file__).resolve().parents[2]
RECIPE = Recipe(
    model="skip_gram",
    output="negative",
    window=3,
    negative=4,
    sample=0.0,
    batch_size=64,
    seed=1,
    embedding_dim=8,
    learning_rate=0.1,
    epochs=4,
)
ALL = list(itertools.product(MODELS, OUTPUTS))


@pytest.fixture(scope="module", autouse=True)
def programs():
    """Compile once for each kind of objective and layout."""
    made, make = {}, fast.make_program

    def remember(objective):
        # All that a program has of its objective; the rest is handed to it.
        sizes = [v for v in vars(objective).values() if isinstance(v, int | float)]
        key = (type(objective), objective.layout, *sizes)
        if key not in made:
            made[key] = make(objective)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "make_program", remember)
        yield


def topics_found(center):
    """Return the share of the words whose nearest three are of their topic."""
    alike = cosines(center) - 2 * np.eye(len(center))
    nearest = np.argsort(-alike, axis=1)[:, :3]
    return (nearest % 2 == np.arange(len(center))[:, None] % 2).mean()


def cosines(matrix):
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return unit @ unit.T


@pytest.mark.parametrize("model, output", ALL)
def test_neighbors_are_of_one_topic(model, output):
    recipe = dataclasses.replace(RECIPE, model=model, output=output)
    matrices, history = fit_fast(two_topics(), recipe)
    rows = 19 if output == "hierarchical" else 20
    assert [matrix.shape for matrix in matrices] == [(20, 8), (rows, 8)]
    assert {matrix.dtype for matrix in matrices} == {np.dtype("float32")}
    assert topics_found(matrices[0]) == 1.0
    assert len(history["loss"]) == 4
    assert history["loss"][3] < history["loss"][0] < 12


def test_before_training_neighbors_are_of_any_topic():
    recipe = dataclasses.replace(RECIPE, learning_rate=1e-9)
    (center, context), _ = fit_fast(two_topics(), recipe)
    assert topics_found(center) < 0.8
    # The beginning of word2vec.c: noise of at most half a unit in sum, and zeros.
    assert np.abs(center).max() == pytest.approx(0.5 / 8, rel=0.05)
    assert abs(center.mean()) < 0.01 and np.abs(context).max() < 1e-6


def test_a_seed_decides_everything():
    recipe = dataclasses.replace(RECIPE, sample=0.01, epochs=1)
    corpus = two_topics(num_sentences=430)
    first, again = fit_fast(corpus, recipe), fit_fast(corpus, recipe)
    assert_same(first, again)
    other, _ = fit_fast(corpus, dataclasses.replace(recipe, seed=2))
    assert (first[0][0] != other[0]).any()


def assert_same(one, other):
    """Compare what two trainings return, bit for bit."""
    for mine, theirs in zip(one[0], other[0], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert one[1] == other[1]


def ring(num_sentences=300, words=20, seed=3):
    """Return a corpus in which words stand near their neighbors on a ring."""
    random = np.random.default_rng(seed)
    middles = random.integers(0, words, (num_sentences, 1))
    return ToyCorpus((middles + random.integers(-2, 3, (num_sentences, 8))) % words)


@pytest.mark.parametrize(
    "model, output", [("skip_gram", "negative"), ("cbow", "hierarchical")]
)
def test_it_finds_what_the_reference_finds(model, output):
    recipe = dataclasses.replace(RECIPE, model=model, output=output, learning_rate=0.05)
    corpus = ring()
    (ours, _), history = fit_fast(corpus, recipe)
    net, expected = fit_reference(corpus, recipe, quiet=True)
    theirs = word_matrices(net)[0]
    pairs = np.triu_indices(20, 1)
    alike = [cosines(matrix)[pairs] for matrix in (ours, theirs)]
    lengths = [np.linalg.norm(matrix, axis=1).mean() for matrix in (ours, theirs)]
    assert np.corrcoef(*alike)[0, 1] > 0.95
    assert lengths[0] == pytest.approx(lengths[1], rel=0.2)
    # The reference leaves out noise that is the true word by chance.
    assert history["loss"][-1] == pytest.approx(expected["loss"][-1], abs=0.25)


def test_the_rate_falls_on_a_line_to_almost_nothing():
    recipe = dataclasses.replace(RECIPE, sample=0.01)
    corpus = two_topics()
    objective = make_objective(corpus, recipe)
    slabs = list(fast._slabs(corpus, recipe, objective, 0))
    rates = np.concatenate([slab["rates"] for *_, slab in slabs])
    assert rates.dtype == np.float32 and (np.diff(rates) <= 0).all()
    assert rates[0] == pytest.approx(0.1) and rates[-1] >= 0.1 * 1e-3
    line = 0.1 * (1 - np.arange(len(rates)) / len(rates))
    np.testing.assert_allclose(rates, line, atol=0.005)
    shares = [share for _, share, _ in slabs]
    assert shares == sorted(shares) and shares[-1] == 1
    epochs = [epoch for epoch, *_ in slabs]
    assert epochs == sorted(epochs) and set(epochs) == {0, 1, 2, 3}
    # Slabs of different epochs and places differ in their noise.
    noise = [slab["noise"].tobytes() for *_, slab in slabs]
    assert len(set(noise)) == len(noise)
    # Whatever is passed over, the rest is the same.
    for (*_, late), (*_, slab) in zip(
        fast._slabs(corpus, recipe, objective, 7), slabs[7:], strict=True
    ):
        for name in slab:
            np.testing.assert_array_equal(late[name], slab[name])


def test_objectives_are_cut_to_the_size_of_the_text():
    corpus = two_topics()  # 2400 words
    layout = make_objective(corpus, RECIPE).layout
    assert (layout.window, layout.batch_size, layout.chunk) == (3, 64, 16)
    assert layout.steps == 2400 // (64 * fast._SLABS)
    corpus.num_tokens = 10**9
    assert make_objective(corpus, RECIPE).layout.steps == fast._STEPS
    thinned = dataclasses.replace(RECIPE, sample=1e-9)
    corpus.num_tokens = 10**6
    assert make_objective(corpus, thinned).layout.steps == 1
    tree = dataclasses.replace(RECIPE, output="hierarchical", model="cbow")
    assert make_objective(corpus, tree).layout.chunk == fast.CHUNK
    large = dataclasses.replace(RECIPE, output="softmax", batch_size=512)
    assert make_objective(corpus, large).layout.batch_size == fast._SOFTMAX_BATCH
    # Twice the rate: half as many updates of a row at one point.
    corpus.num_tokens = 10**9
    busy = dataclasses.replace(RECIPE, batch_size=1024)
    fast_, slow = (
        make_objective(corpus, dataclasses.replace(busy, learning_rate=rate)).constants
        for rate in (0.2, 0.1)
    )
    for name in slow:
        np.testing.assert_allclose(fast_[name], slow[name] / 2, rtol=1e-6)


def test_it_goes_on_from_given_matrices():
    still = dataclasses.replace(RECIPE, learning_rate=1e-9, epochs=1)
    start = tuple(np.random.default_rng(i).normal(size=(20, 8)) for i in range(2))
    matrices, _ = fit_fast(two_topics(), still, start=start)
    for ours, given in zip(matrices, start, strict=True):
        np.testing.assert_allclose(ours, given, atol=1e-5)


def test_a_text_of_two_words_is_learned_without_a_fault():
    recipe = dataclasses.replace(RECIPE, output="hierarchical", model="cbow", epochs=1)
    corpus = ToyCorpus([[0, 1], [1, 0, 0]])
    matrices, history = fit_fast(corpus, recipe)
    assert all(np.isfinite(matrix).all() for matrix in matrices)
    assert np.isfinite(history["loss"]).all()


def test_it_tells_how_far_it_is():
    told = []
    _, history = fit_fast(two_topics(), RECIPE, listen=lambda *now: told.append(now))
    shares, losses = np.transpose(told)
    assert (np.diff(shares) > 0).all() and shares[-1] == 1
    assert len(told) >= 4 * fast._SLABS
    per_epoch = losses.reshape(4, -1).mean(axis=1)
    np.testing.assert_allclose(history["loss"], per_epoch)


class _Stop(Exception):
    """What a test ends a training with."""


def stop_at(number, error):
    """Return a listener that raises after so many slabs."""
    left = itertools.count(number - 1, -1)

    def listen(share, loss):
        if next(left) == 0:
            raise error

    return listen


# Of more text about two thirds stay, so that slabs are cut as without.
THINNED = dataclasses.replace(RECIPE, sample=0.01, epochs=3)


def more_topics():
    return two_topics(num_sentences=430)


@pytest.mark.parametrize("model, output", ALL)
def test_an_interrupted_training_ends_like_an_undisturbed_one(model, output, tmp_path):
    recipe, corpus = (
        dataclasses.replace(THINNED, model=model, output=output),
        more_topics(),
    )
    for number in (1, 13):
        with pytest.raises(KeyboardInterrupt, match="--resume goes on"):
            listen = stop_at(number, KeyboardInterrupt())
            fit_fast(corpus, recipe, checkpoint=tmp_path, listen=listen)
    again = fit_fast(corpus, recipe, checkpoint=tmp_path)
    assert_same(again, fit_fast(corpus, recipe))


def test_a_backup_counts_more_than_the_matrices_to_begin_with(tmp_path):
    options = {"start": tuple(np.full((20, 8), 0.1) * i for i in (1, -1))}
    corpus = more_topics()
    undisturbed = fit_fast(corpus, THINNED, **options)
    with pytest.raises(KeyboardInterrupt):
        listen = stop_at(5, KeyboardInterrupt())
        fit_fast(corpus, THINNED, checkpoint=tmp_path, listen=listen, **options)
    assert_same(fit_fast(corpus, THINNED, checkpoint=tmp_path, **options), undisturbed)


@pytest.mark.parametrize("seconds, kept", [(0.0, 2), (60.0, 0)])
def test_a_dead_training_goes_on_from_its_newest_backup(
    seconds, kept, tmp_path, monkeypatch
):
    monkeypatch.setattr(fast, "_SECONDS_BETWEEN_BACKUPS", seconds)
    corpus, threads = more_topics(), threading.active_count()
    with pytest.raises(_Stop):
        fit_fast(corpus, THINNED, checkpoint=tmp_path, listen=stop_at(9, _Stop()))
    assert threading.active_count() == threads
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["epoch-000007", "epoch-000008"][:kept]
    heard = []
    again = fit_fast(
        corpus, THINNED, checkpoint=tmp_path, listen=lambda *now: heard.append(now)
    )
    told = []
    undisturbed = fit_fast(corpus, THINNED, listen=lambda *now: told.append(now))
    assert_same(again, undisturbed)
    assert heard == told[8 if kept else 0 :]


def test_a_finished_training_is_not_done_again(tmp_path):
    corpus = more_topics()
    first = fit_fast(corpus, THINNED, checkpoint=tmp_path)
    again = fit_fast(
        corpus, THINNED, checkpoint=tmp_path, listen=stop_at(1, _Stop("again"))
    )
    assert_same(first, again)


@pytest.mark.parametrize("last", [False, True])
def test_ctrl_c_waits_for_the_slab_and_keeps_all_before(last, tmp_path):
    corpus, told = more_topics(), []
    undisturbed = fit_fast(corpus, THINNED, listen=lambda *now: told.append(now))
    press_at, heard = len(told) if last else 5, []

    def listen(share, loss):
        heard.append(share)
        if len(heard) == press_at:
            signal.raise_signal(signal.SIGINT)
            heard.append("on")  # the key has not been obeyed here

    with pytest.raises(KeyboardInterrupt):
        fit_fast(corpus, THINNED, checkpoint=tmp_path, listen=listen)
    assert len(heard) == press_at + 1
    assert [path.name for path in tmp_path.iterdir()] == [f"epoch-{press_at:06d}"]
    assert_same(fit_fast(corpus, THINNED, checkpoint=tmp_path), undisturbed)


@pytest.mark.parametrize("table", [0, 1])
def test_a_loss_that_is_no_number_is_told(table, tmp_path):
    start = [np.ones((20, 8)), np.ones((20, 8))]
    start[table][0, 0] = np.nan
    options = {"checkpoint": tmp_path, "listen": stop_at(1, _Stop("too late"))}
    with pytest.raises(UserError, match="smaller --learning-rate"):
        fit_fast(two_topics(), RECIPE, start=tuple(start), **options)
    assert list(tmp_path.iterdir()) == []


def test_the_last_slab_can_overshoot_too(tmp_path):
    recipe = dataclasses.replace(RECIPE, learning_rate=10.0, epochs=1)
    largest = np.full((20, 8), np.finfo(np.float32).max)
    start, losses = (np.zeros((20, 8)), largest), []
    with pytest.raises(UserError, match="smaller --learning-rate"):
        fit_fast(
            two_topics(num_sentences=7),
            recipe,
            start=start,
            checkpoint=tmp_path,
            listen=lambda share, loss: losses.append(loss),
        )
    assert len(losses) == 1 and np.isfinite(losses[0])
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys
from pathlib import Path
from tests.word2vec.test_fast import train_slowly
train_slowly(Path(sys.argv[1]))
"""


def train_slowly(checkpoint):
    """Train with a backup after each slab, and a pause for whoever kills it."""
    fast._SECONDS_BETWEEN_BACKUPS = 0.0
    fit_fast(
        more_topics(), THINNED, checkpoint=checkpoint, listen=lambda *_: time.sleep(0.1)
    )


def test_a_killed_training_goes_on_bit_for_bit(tmp_path):
    folder = tmp_path / "checkpoints"
    child = subprocess.Popen([sys.executable, "-c", KILLED, folder], cwd=REPOSITORY)
    while not list(folder.glob("epoch-??????")):
        assert child.poll() is None
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL  # it was not through
    again = fit_fast(more_topics(), THINNED, checkpoint=folder)
    assert_same(again, fit_fast(more_topics(), THINNED))
