"""Progress: lines without control codes in pipes, a passing bar on terminals."""

import io
import sys

import keras
import numpy as np
import pytest

from common import progress
from common.progress import Progress


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def train(model, callback, **options):
    ones = np.ones((2, 1))
    options = {"epochs": 3, "validation_data": (ones, ones), **options}
    model.fit(ones, ones, verbose=0, callbacks=[callback], **options)


def test_a_pipe_gets_a_line_at_the_beginning_and_the_end(model, capsys):
    train(model, Progress("fold 2/5, seed 1/3"))
    out, err = capsys.readouterr()
    assert out == ""
    assert "\r" not in err and "\x1b" not in err
    first, last = err.splitlines()
    assert first == "fold 2/5, seed 1/3: from epoch 1 to 3"
    assert last.startswith("fold 2/5, seed 1/3: done at epoch 3/3, loss ")
    assert ", val_loss " in last and last.endswith(" s")


def test_a_long_training_is_heard_of_in_between(model, capsys, monkeypatch):
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.0)
    train(model, Progress(), initial_epoch=1)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "training: from epoch 2 to 3"
    assert lines[1].startswith("training: epoch 2/3, loss ")
    assert lines[1].endswith(" s left")
    assert lines[2].endswith(" 0 s left")
    assert len(lines) == 4


def test_quiet_and_a_training_of_no_epochs_say_nothing(model, capsys):
    train(model, Progress(quiet=True))
    train(model, Progress(), initial_epoch=3)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar_that_leaves_no_trace(model, monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    callback = Progress("fold 1/2")
    for _ in range(2):
        train(model, callback)
    shown = terminal.getvalue()
    assert "fold 1/2:" in shown and "0/3" in shown
    assert "\n" not in shown
    assert shown.split("\r")[-2].strip() == ""  # wiped
