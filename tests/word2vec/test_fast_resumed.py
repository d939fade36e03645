"""Fast training that is stopped or killed goes on where it stood."""

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
from projects.word2vec.fast import fit_fast
from tests.word2vec.fast_toy import (  # noqa: F401
    ALL,
    RECIPE,
    assert_same,
    programs,
)
from tests.word2vec.toy import two_topics

pytestmark = pytest.mark.usefixtures("programs")


REPOSITORY = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize("model, objective", ALL)
def test_an_interrupted_training_ends_like_an_undisturbed_one(
    model, objective, tmp_path
):
    recipe, corpus = (
        dataclasses.replace(THINNED, model=model, objective=objective),
        more_topics(),
    )
    for number in (1, 13):
        with pytest.raises(KeyboardInterrupt, match="--resume goes on"):
            listen = stop_at(number, KeyboardInterrupt())
            fit_fast(corpus, recipe, checkpoint=tmp_path, listen=listen)
    again = fit_fast(corpus, recipe, checkpoint=tmp_path)
    assert_same(again, fit_fast(corpus, recipe))


@pytest.mark.backend
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


@pytest.mark.backend
def test_a_finished_training_is_not_done_again(tmp_path):
    corpus = more_topics()
    first = fit_fast(corpus, THINNED, checkpoint=tmp_path)
    again = fit_fast(
        corpus, THINNED, checkpoint=tmp_path, listen=stop_at(1, _Stop("again"))
    )
    assert_same(first, again)


@pytest.fixture
def ctrl_c():
    """Let Ctrl-C count, which a shell in the background has ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("last", [False, True])
def test_ctrl_c_waits_for_the_slab_and_keeps_all_before(last, ctrl_c, tmp_path):
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
from tests.word2vec.test_fast_resumed import train_slowly
train_slowly(Path(sys.argv[1]))
"""


def train_slowly(checkpoint):
    """Train with a backup after each slab, and a pause for whoever kills it."""
    fast._SECONDS_BETWEEN_BACKUPS = 0.0
    fit_fast(
        more_topics(), THINNED, checkpoint=checkpoint, listen=lambda *_: time.sleep(0.1)
    )


@pytest.mark.backend
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
