"""One call after the other, and few that wait."""

import asyncio
import threading
import time

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
