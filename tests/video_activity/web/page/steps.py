"""Steps on the page."""

import json
import time


def open_page(browser, port, source=""):
    browser.errors.clear()
    browser.requests.clear()
    browser.open("about:blank")  # so that another # is another page
    browser.open(f"http://127.0.0.1:{port}/#{source}")
    until(browser, "document.body.dataset.ready === 'yes'")
    return browser


def until(browser, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := browser.ask(condition)):
        assert time.monotonic() < deadline, f"never: {condition}"
        time.sleep(0.03)
    return found


def bring(browser, *paths):
    """Choose files."""
    element = browser.send(
        "Runtime.evaluate", expression="document.getElementById('file')"
    )["result"]["objectId"]
    files = [str(path) for path in paths]
    browser.send("DOM.setFileInputFiles", files=files, objectId=element)


def text(browser, selector):
    return browser.ask(f"document.querySelector({json.dumps(selector)}).textContent")


def texts(browser, selector):
    return browser.ask(
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        ".map(e => e.textContent)"
    )


def click(browser, selector):
    browser.ask(f"document.querySelector({json.dumps(selector)}).click()")
    browser.settle()


def shown(browser, name):
    return browser.ask(f"document.getElementById('{name}').offsetParent !== null")


def middle(browser, selector, across=0.5):
    """Return a point of an element, a share of its width from the left."""
    x, y, width, height = browser.ask(
        f"(r => [r.x, r.y, r.width, r.height])(document.querySelector("
        f"{json.dumps(selector)}).getBoundingClientRect())"
    )
    return x + across * width, y + height / 2


def judged(browser):
    until(browser, "document.getElementById('progress').textContent.includes('end')")
