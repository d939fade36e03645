"""Meter: lines without control codes in pipes, a passing bar on terminals."""

import io
import sys
from types import SimpleNamespace

import pytest

from common import meter
from common.meter import Meter


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that stands still until its `now` is changed."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(meter, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_a_pipe_gets_a_line_every_ten_seconds_and_the_total(clock, capsys):
    with Meter("training", 2_000_000, "words") as shown:
        for seconds, done in ((1, 10_000), (10, 500_000), (15, 700_000), (20, 10**6)):
            clock.now = 100.0 + seconds
            shown.show(done, f"loss {seconds}")
        clock.now = 140.5
        shown.show(2_000_000)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "training: 500 k of 2 M words, 50 k/s, 30 s left, loss 10",
        "training: 1 M of 2 M words, 50 k/s, 20 s left, loss 20",
        "training: 2 M of 2 M words, 49.4 k/s, 0 s left",
        "training: 2 M words in 40.5 s, 49.4 k/s",
    ]


def test_what_was_done_before_is_not_counted_as_fast(clock, capsys):
    with Meter("training", 1000, "words", begin=600) as shown:
        clock.now = 110.0
        shown.show(700)
        clock.now = 120.0
        shown.show(800)
    assert capsys.readouterr().err.splitlines() == [
        "training: 700 of 1 k words, 10/s, 30 s left",
        "training: 800 of 1 k words, 10/s, 20 s left",
        "training: 800 words in 20.0 s, 10/s",
    ]


def test_time_before_the_work_is_not_counted(clock, capsys):
    waiting = Meter("reading", 10, "files")
    clock.now = 500.0
    with waiting as shown:
        clock.now = 502.0
        shown.show(10)
    assert capsys.readouterr().err == "reading: 10 files in 2.0 s, 5/s\n"


def test_nothing_done_promises_no_end(clock, capsys):
    with Meter("reading", 10, "files") as shown:
        clock.now = 111.0
        shown.show(0)
    assert capsys.readouterr().err == "reading: 0 of 10 files, 0/s\n"  # nor a total


def test_more_than_the_total_leaves_no_time(clock, capsys):
    with Meter("reading", 10, "files") as shown:
        clock.now = 111.0
        shown.show(22)
    assert "22 of 10 files, 2/s, 0 s left" in capsys.readouterr().err


def test_after_an_error_there_is_no_total(capsys):
    with pytest.raises(ValueError), Meter("reading", 10, "files"):
        raise ValueError
    assert capsys.readouterr().err == ""


def test_quiet_says_nothing(clock, capsys):
    with Meter("reading", 10, "files", quiet=True) as shown:
        clock.now = 200.0
        shown.show(5)
    assert capsys.readouterr().err == ""


def test_without_stderr_nothing_fails(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    with Meter("reading", 10, "files") as shown:
        clock.now = 200.0
        shown.show(5)


def on_terminal(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_a_terminal_gets_a_bar_that_vanishes(monkeypatch):
    terminal = on_terminal(monkeypatch)
    with Meter("training", 2000, "words", begin=500) as shown:
        shown._bar.mininterval = 0
        shown.show(1000, "loss 2.5")
        shown.show(1500, "loss 2.4")
        assert shown._bar.n == 1500
    bar, last = terminal.getvalue().rsplit("\r", 1)
    assert "training:" in bar and "2.00k" in bar and "loss 2.4" in bar
    assert "\n" not in bar and bar.rsplit("\r", 1)[1].strip() == ""  # wiped
    assert last.startswith("training: 1.5 k words in ") and last.endswith("/s\n")


def test_the_bar_vanishes_after_an_error(monkeypatch):
    terminal = on_terminal(monkeypatch)
    with pytest.raises(ValueError), Meter("training", 2000, "words") as shown:
        shown.show(1000)
        raise ValueError
    assert terminal.getvalue().split("\r")[-2].strip() == ""
    assert "\n" not in terminal.getvalue()


@pytest.mark.parametrize(
    "amount, text",
    [
        (0, "0"),
        (7, "7"),
        (12.34, "12.3"),
        (999, "999"),
        (999.7, "1 k"),
        (1000, "1 k"),
        (12_345, "12.3 k"),
        (999_499, "999 k"),
        (999_999, "1 M"),
        (85_000_000, "85 M"),
        (999_999_999, "1 G"),
        (1.234e9, "1.23 G"),
    ],
)
def test_amounts_have_three_digits(amount, text):
    assert meter._scale(amount) == text


def test_what_another_process_did_does_not_count_as_speed(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 100.0, 102.0, 102.0])
    seconds = SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr(meter, "time", seconds)
    with Meter("training", 1000, "words") as shown:
        shown.begin_at(600)
        shown.show(1000)
    assert "1 k words in 2.0 s, 200/s" in capsys.readouterr().err
