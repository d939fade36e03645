"""The couplet writer under load."""

import concurrent.futures
import threading
import time
from collections import Counter

import pytest

from projects.couplet.web.desk import Desk
from tests.couplet.toy_writer import ToyWriter

pytest.importorskip("fastapi")
from common.web.guards import Guard  # noqa: E402
from common.web.model_thread import ModelThread  # noqa: E402
from projects.couplet.web.api import make_app  # noqa: E402
from tests.live_server import ask, request, running  # noqa: E402


@pytest.fixture(scope="module")
def port():
    with running(Guard(make_app(Desk(ToyWriter()), ModelThread()))) as port:
        yield port


def test_fifty_at_once_are_all_answered(port):
    lines = ["".join("风云三尺剑山"[(n + i) % 6] for i in range(3)) for n in range(50)]
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        told = list(pool.map(lambda n: ask(port, "/api/answer", {"first": n}), lines))
    assert [status for status, _ in told] == [200] * 50
    assert [answer["first"] for _, answer in told] == lines  # each gets its own


def test_more_than_the_model_can_do_are_refused_and_it_goes_on():
    gate = threading.Event()

    class Slow(ToyWriter):
        def answer(self, line, request=None):
            gate.wait(10)
            return super().answer(line, request)

    app = make_app(Desk(Slow()), ModelThread(waiting=10))
    with running(Guard(app)) as port, concurrent.futures.ThreadPoolExecutor(50) as pool:
        asked = [
            pool.submit(request, port, "POST", "/api/answer", {"first": "剑"})
            for _ in range(50)
        ]
        while sum(future.done() for future in asked) < 40:  # those that are refused
            time.sleep(0.01)
        gate.set()
        answers = [future.result() for future in asked]
        assert Counter(status for status, *_ in answers) == {200: 10, 429: 40}
        assert all("retry-after" in h for status, h, _ in answers if status == 429)
        assert ask(port, "/api/answer", {"first": "剑"})[0] == 200


def test_an_answer_that_takes_too_long_is_given_up():
    class Slow(ToyWriter):
        def answer(self, line, request=None):
            time.sleep(0.3)

    app = make_app(Desk(Slow()), ModelThread(patience=0.05))
    with running(Guard(app)) as port:
        status, told = ask(port, "/api/answer", {"first": "剑"})
    assert status == 503 and "too long" in told["error"]
