"""serve.py as it is started: with a writer without a model, until Ctrl-C."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from common.errors import UserError
from projects.couplet.serve_config import ServeConfig
from tests.conftest import REPOSITORY

pytest.importorskip("fastapi")
from tests.live_server import ask, request  # noqa: E402

# The program itself, but for models that would take seconds to load.
PROGRAM = """
import signal, sys, types
signal.signal(signal.SIGINT, signal.default_int_handler)
from common import startup
startup.quiet_keras = lambda threads: None
from common.errors import run_main
from projects.couplet import serve
from projects.couplet.web import web_font
web_font.make_web_font = lambda *_: None
from tests.couplet.toy_writer import ToyWriter
class Writer(ToyWriter):
    tokens = types.SimpleNamespace(characters=("<pad>", "风", "云"))
    load = classmethod(lambda cls, folder: cls())
sys.modules["projects.couplet.writer"] = types.SimpleNamespace(Writer=Writer)
serve._find_poet = lambda *_: None
raise SystemExit(run_main(serve.main))
"""


@contextlib.contextmanager
def started(tmp_path, *arguments: str):
    """Start the server; yields the process and the line that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--port", "0", "--data-dir", str(tmp_path)]
        + list(arguments),
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def test_it_prints_where_it_is_answers_and_ends_by_ctrl_c(tmp_path):
    with started(tmp_path) as (process, line):
        port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/  .*\n", line)[1])
        status, told = ask(port, "/api/answer", {"first": "风云"})
        assert status == 200 and told["cards"][0]["second"] == "花鸟"
        assert "对联" in request(port, "GET", "/")[2].decode()
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and out == ""
    assert "Traceback" not in errors and "no Chinese font of its own" in errors


def test_strangers_need_the_token_that_it_prints(tmp_path):
    with started(tmp_path, "--host", "0.0.0.0", "--token", "new") as (_, line):
        found = re.fullmatch(
            r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]{24})  .*\n", line
        )
        port, token = int(found[1]), found[2]
        assert ask(port, "/api/answer", {"first": "风云"})[0] == 401
        bearer = f"Bearer {token}"
        body = {"first": "风云"}
        assert ask(port, "/api/answer", body, authorization=bearer)[0] == 200
        status, headers, _ = request(port, "GET", f"/?token={token}")
        cookie = headers["set-cookie"].partition(";")[0]
        page = request(port, "GET", "/", cookie=cookie, host="couplets.example:80")
        assert (status, page[0]) == (303, 200)
        about = request(port, "GET", "/api/about", cookie=cookie)[2]
        assert json.loads(about)["longest"] == 32


def test_no_server_is_open_to_strangers_without_a_token():
    for host in ("0.0.0.0", "::", "192.168.1.2", "example.org", ""):
        with pytest.raises(UserError, match="--token new"):
            ServeConfig(host=host)
    assert ServeConfig(host="::1").host == "::1"
    for token in (
        "short",
        "x" * 15,
        "with blanks in it and long",
        "ключ" * 8,
        "a;b" * 9,
    ):
        with pytest.raises(UserError, match="at least 16"):
            ServeConfig(token=token)
    assert ServeConfig(host="0.0.0.0", token="a-good_token-1234").token
