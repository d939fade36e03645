"""serve.py as it is started: with a model that needs no training, until it stops."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from common.errors import UserError
from projects.video_activity import serve
from projects.video_activity.serve_config import ServeConfig
from tests.conftest import REPOSITORY

pytest.importorskip("fastapi")
from tests.live_server import request  # noqa: E402
from tests.video_activity.web.toy_server import follow, get, upload  # noqa: E402

# The program itself, but for a model that would take seconds to load.
PROGRAM = """
import signal, sys, types
signal.signal(signal.SIGINT, signal.default_int_handler)
from common import startup
startup.quiet_keras = lambda threads: None
from common.errors import run_main
from projects.video_activity import serve
from tests.video_activity.web.test_equipment import ToyModel
loader = types.SimpleNamespace(load=lambda folder: ToyModel())
name = "projects.video_activity.network.trained"
sys.modules[name] = types.SimpleNamespace(Classifier=loader)
raise SystemExit(run_main(serve.main))
"""
ALARMS = '[[alarm]]\nclass = "criminal"\non = 0.7\n[action.print]\n'


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "report.md").write_text("done")
    return folder


@contextlib.contextmanager
def started(tmp_path, run, *arguments):
    """Start the server; yields the process and the line that it prints."""
    uploads = tmp_path / "uploads"
    uploads.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--port", "0", "--run-dir", str(run)]
        + ["--upload-dir", str(uploads), *map(str, arguments)],
        cwd=REPOSITORY,
        env=os.environ
        | {"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_where_it_is_watches_and_leaves_nothing(tmp_path, run, video, stop):
    alarms = tmp_path / "alarms.toml"
    alarms.write_text(ALARMS)
    given = ["--alarms", alarms, "--cameras", f"demo={video}"]
    with started(tmp_path, run, *given) as (process, line):
        port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/  .*\n", line)[1])
        assert "activity watcher" in request(port, "GET", "/")[2].decode()
        assert get(port, "/api/about")[1]["alarming"] == ["criminal"]
        assert get(port, "/api/sources")[1][0]["name"] == "demo"
        status, told = upload(port, video.read_bytes())
        said = [message for _, message in follow(port, told["id"])]
        assert [m["label"] for m in said if m["kind"] == "verdict"].count("safe") == 2
        assert list((tmp_path / "uploads").iterdir())
        process.send_signal(stop)
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and out == "", errors
    assert "Traceback" not in errors
    assert not list((tmp_path / "uploads").iterdir())


def test_strangers_need_the_token_that_it_prints(tmp_path, run):
    given = ("--host", "0.0.0.0", "--token", "new")
    with started(tmp_path, run, *given) as (_, line):
        found = re.fullmatch(
            r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]{24})  .*\n", line
        )
        port, token = int(found[1]), found[2]
        assert request(port, "GET", "/api/sources")[0] == 401
        _, headers, _ = request(port, "GET", f"/?token={token}")
        cookie = headers["set-cookie"].partition(";")[0]
        page = request(port, "GET", "/api/sources", cookie=cookie, host="porch.example")
        assert page[0] == 200 and json.loads(page[2]) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--alarms", "none.toml"], "none.toml"),
        (["--cameras", "porch=env:NOT_SET"], "NOT_SET"),
        (["--cameras", "file:///etc/passwd"], "rtsp://"),
        (["--upload-dir", "nowhere"], "nowhere"),
        (["--host", "0.0.0.0"], "--token new"),
    ],
)
def test_mistakes_are_told_before_the_model_is_loaded(run, given, told):
    with pytest.raises(UserError, match=re.escape(told)):
        serve.main(["--port", "0", "--run-dir", str(run), *given])


def test_alarms_for_classes_that_are_not_there_are_refused(tmp_path, run):
    alarms = tmp_path / "alarms.toml"
    alarms.write_text(ALARMS.replace("criminal", "flying"))
    with started(tmp_path, run, "--alarms", alarms) as (process, _):
        errors = process.communicate(timeout=30)[1]
    assert process.returncode == 2 and "flying" in errors and "safe" in errors


def test_a_killed_server_leaves_what_the_next_one_removes(tmp_path, run, video):
    with started(tmp_path, run) as (process, line):
        port = int(re.search(r":(\d+)/", line)[1])
        assert upload(port, video.read_bytes())[0] == 201
        process.kill()
        process.communicate()
    (left,) = (tmp_path / "uploads").iterdir()
    with started(tmp_path, run) as (process, line):
        assert "http" in line and not left.exists()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert not list((tmp_path / "uploads").iterdir())


def test_no_server_is_open_to_strangers_without_a_token():
    for host in ("0.0.0.0", "::", "192.168.1.2", ""):
        with pytest.raises(UserError, match="--token new"):
            ServeConfig(host=host)
    assert ServeConfig(host="::1").host == "::1"
    assert ServeConfig().port == 8761
