import threading
import time

import pytest

from projects.video_activity.features.prefetch import ahead


def test_all_items_in_order():
    with ahead(range(50), 3) as items:
        assert list(items) == list(range(50))
    with ahead([], 3) as items:
        assert list(items) == []


def test_some_are_there_before_they_are_asked_for_and_no_more():
    made = []

    def make():
        for number in range(20):
            made.append(number)
            yield number

    with ahead(make(), 3) as items:
        assert next(items) == 0
        deadline = time.monotonic() + 10
        while len(made) < 5 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        assert len(made) == 5  # one taken, three waiting, one in the hand


def test_an_error_comes_where_it_would_have_come():
    def make():
        yield 1
        raise ValueError("broken")

    with ahead(make(), 5) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="broken"):
            next(items)


def test_leaving_closes_the_source_and_ends_the_thread():
    closed = []

    def make():
        try:
            while True:
                yield 0
        finally:
            closed.append(threading.current_thread().name)

    before = threading.active_count()
    with pytest.raises(RuntimeError, match="enough"), ahead(make(), 2) as items:
        next(items)
        raise RuntimeError("enough")
    assert closed == ["prefetch"]
    assert threading.active_count() == before
