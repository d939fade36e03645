"""One call after the other, and few that wait."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.web.model_thread import ModelThread, OverloadError


def test_calls_run_one_after_the_other_in_one_thread():
    thread, running, seen = ModelThread(), [], []

    def call(number):
        running.append(number)
        assert len(running) == 1
        time.sleep(0.001)
        running.remove(number)
        seen.append(threading.get_ident())
        return number * number

    async def main():
        return await asyncio.gather(*(thread.run(call, n) for n in range(20)))

    assert asyncio.run(main()) == [n * n for n in range(20)]
    assert len(set(seen)) == 1 and seen[0] != threading.get_ident()
    thread.close()


def test_more_than_may_wait_are_refused_and_the_rest_is_answered():
    thread, gate = ModelThread(waiting=3), threading.Event()

    async def main():
        calls = [asyncio.create_task(thread.run(gate.wait, 5)) for _ in range(5)]
        await asyncio.sleep(0.05)
        gate.set()
        done = await asyncio.gather(*calls, return_exceptions=True)
        return done, await thread.run(lambda: "again")

    done, again = asyncio.run(main())
    assert [isinstance(d, OverloadError) for d in done] == [False] * 3 + [True] * 2
    assert again == "again"
    thread.close()


def test_what_has_not_begun_in_time_never_does():
    thread, gate, begun = ModelThread(patience=0.05), threading.Event(), []

    async def main():
        calls = [thread.run(gate.wait, 5), thread.run(begun.append, 1)]
        return await asyncio.gather(*calls, return_exceptions=True)

    late = asyncio.run(main())
    assert [type(error) for error in late] == [TimeoutError] * 2
    gate.set()
    thread.close()
    assert begun == []


def test_errors_arrive_where_the_call_was_made():
    thread = ModelThread(waiting=1)
    for _ in range(3):  # a call that fails leaves its place
        with pytest.raises(ZeroDivisionError):
            asyncio.run(thread.run(divmod, 1, 0))
    thread.close()
    with pytest.raises(OverloadError, match="stopping"):
        asyncio.run(thread.run(divmod, 1, 1))


def test_other_threads_wait_for_their_turn():
    thread, order, gate = ModelThread(waiting=3, patience=5), [], threading.Event()

    def call(number):
        gate.wait(5)
        order.append((number, threading.get_ident()))
        return number

    with ThreadPoolExecutor(3) as pool:
        told = [pool.submit(thread.call, call, number) for number in range(3)]
        time.sleep(0.05)
        with pytest.raises(OverloadError, match="Too many"):
            thread.call(call, 3)
        gate.set()
        assert [future.result() for future in told] == [0, 1, 2]
    assert len({ident for _, ident in order}) == 1
    with pytest.raises(ZeroDivisionError):
        thread.call(divmod, 1, 0)
    thread.close()
    with pytest.raises(OverloadError, match="stopping"):
        thread.call(call, 4)


def test_another_thread_gives_up_what_takes_too_long():
    thread, gate, begun = ModelThread(patience=0.05), threading.Event(), []
    for call, argument in ((gate.wait, 5), (begun.append, 1)):
        with pytest.raises(TimeoutError):
            thread.call(call, argument)
    gate.set()
    thread.close()
    assert begun == []
