"""Ctrl-C waits for the next batch; a second one does not."""

import signal
import threading

import pytest

from common.interrupts import Interrupts


@pytest.fixture(autouse=True)
def handler():
    """Give every test the handler of a fresh interpreter, and look that it returns."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("hook", ["on_train_batch_begin", "on_test_batch_begin"])
def test_the_key_is_obeyed_before_the_next_batch(hook):
    reached = []
    with pytest.raises(KeyboardInterrupt), Interrupts() as interrupts:
        getattr(interrupts, hook)(0)
        signal.raise_signal(signal.SIGINT)
        reached.append("the end of the batch")
        getattr(interrupts, hook)(1)
        reached.append("the next batch")
    assert reached == ["the end of the batch"]


def test_the_second_key_is_obeyed_at_once():
    reached = []
    with pytest.raises(KeyboardInterrupt), Interrupts():
        signal.raise_signal(signal.SIGINT)
        reached.append("once")
        signal.raise_signal(signal.SIGINT)
        reached.append("twice")
    assert reached == ["once"]


def test_a_key_after_the_last_batch_is_not_lost():
    with pytest.raises(KeyboardInterrupt), Interrupts() as interrupts:
        interrupts.on_train_batch_begin(0)
        signal.raise_signal(signal.SIGINT)


def test_another_error_goes_first():
    with pytest.raises(ValueError, match="mine"), Interrupts():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("mine")


def test_a_key_that_is_ignored_stays_so():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        interrupts.on_train_batch_begin(0)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_another_thread_leaves_the_key_alone():
    found = []

    def work():
        with Interrupts():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]
