"""Steps in a real browser, and servers to take them on."""

import json
import time

from projects.couplet.web.desk import Desk
from tests.couplet.toy_writer import ToyAnswer, ToyWriter

MARKUP = "<img src=x onerror='window.hacked = 1'><script>window.hacked = 1</script>"
RARE = "\U000f1234"  # for private use: no font of a system has it


class Writer(ToyWriter):
    def __init__(self):
        super().__init__()
        self.wait = 0.0

    def answer(self, line, request=None):
        time.sleep(self.wait)
        answers = super().answer(line, request)
        locks = request.pattern if request else ""
        return [self._lock(answer, locks) for answer in answers]

    def score(self, first, second):
        return ToyAnswer(second, -0.5)

    def _lock(self, answer, pattern):
        text = "".join(
            new if new not in "_" else old
            for old, new in zip(answer.text, pattern or answer.text, strict=True)
        )
        return ToyAnswer(text, answer.score)


class MarkupDesk(Desk):
    """Puts markup wherever a text goes."""

    def answer(self, first, request):
        told = super().answer("风云三尺剑", request)
        told["notes"] = told["tone_source"] = MARKUP
        told["notes"] = [MARKUP]
        for card in told["cards"]:
            card["first"], card["second"] = MARKUP, MARKUP[::-1]
            card["findings"] = [{"rule": MARKUP, "passed": False, "text": MARKUP}]
            card["first_tones"] = [MARKUP]
        return told


def write_first_lines(*, length, theme, first_char, count, seed):
    return [
        (first_char or "风云三"[n % 3]) + "云三尺剑山风"[: length - 1]
        for n in range(count)
    ]


def serving(desk, font=None):
    """Return a context in which a desk is served; it gives the port."""
    from common.web.bodies import Limits
    from common.web.guards import Guard
    from common.web.model_thread import ModelThread
    from projects.couplet.web.api import make_app
    from tests.live_server import running

    app = make_app(desk, ModelThread(), font=font)
    return running(Guard(app, limits=Limits(burst=10_000)))


def open_page(browser, port):
    browser.errors.clear()
    browser.requests.clear()
    browser.open(f"http://127.0.0.1:{port}/")
    until(browser, "document.body.dataset.ready === 'yes'")
    return browser


def until(browser, condition: str) -> None:
    deadline = time.monotonic() + 10
    while not browser.ask(condition):
        assert time.monotonic() < deadline, f"never: {condition}"
        time.sleep(0.02)


def ask(browser, line: str, cards: int = 5) -> None:
    browser.ask(f"document.getElementById('first').value = {json.dumps(line)}")
    browser.ask("document.getElementById('cards').replaceChildren()")
    browser.ask("document.querySelector('#answer .main').click()")
    until(browser, f"document.querySelectorAll('.card').length === {cards}")


def texts(browser, selector: str) -> list[str]:
    return browser.ask(
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        ".map(e => e.textContent)"
    )


def click(browser, selector: str) -> None:
    browser.ask(f"document.querySelector({json.dumps(selector)}).click()")
    browser.settle()
