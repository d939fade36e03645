"""The program that damages videos: the same damages by seed, all outcomes counted."""

import http.server
import json
import threading

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.experiments import fuzz_targets, fuzz_videos
from projects.video_activity.experiments.mutations import mutate


def test_damages_depend_on_the_seed_alone(write_video):
    data, other = (write_video(name).read_bytes() for name in ("a.mp4", "b.avi"))

    def damaged(seed):
        rng = np.random.default_rng(seed)
        return [mutate(data, other, rng) for _ in range(30)]

    assert damaged(1) == damaged(1) != damaged(2)
    assert sum(one != data for one in damaged(1)) >= 25
    assert mutate(b"short", b"x", np.random.default_rng(0)) == b"short"


def test_a_decoder_stands_it(write_video, tmp_path, capsys):
    write_video("sound/a.mp4"), write_video("sound/b.avi")

    code = fuzz_videos.main(["--videos", str(tmp_path / "sound"), "--count", "25"])

    *lines, slowest = capsys.readouterr().out.splitlines()
    counts = [int(line.split()[0]) for line in lines]
    assert slowest.endswith(" s for 1 of them")
    assert code == 0
    assert counts[-1] == 25 == sum(counts[:-1]) and len(counts) >= 3


def test_a_program_stands_it(write_video, run_dir, tmp_path, capsys, monkeypatch):
    write_video("sound/a.mp4"), write_video("sound/b.avi")
    arguments = ["--videos", str(tmp_path / "sound"), "--count", "20"]

    assert fuzz_videos.main([*arguments, "--run-dir", str(run_dir)]) == 0

    *lines, _ = capsys.readouterr().out.splitlines()
    counts = {line[8:]: int(line[:6]) for line in lines}
    assert counts.pop("in all, of 2 videos") == 20 == sum(counts.values())
    assert counts["refused"] > 0 and sum(counts.values()) > counts["refused"]


@pytest.mark.parametrize(
    "program, outcome",
    [("raise ValueError", "the program failed"), ("time.sleep(9)", "hung")],
)
def test_a_program_that_fails_is_told_by_the_exit_code(
    write_video, tmp_path, capsys, monkeypatch, program, outcome
):
    write_video("sound/a.mp4")
    script = tmp_path / "classify.py"
    script.write_text(
        "import os, sys, time\nprint(sys.argv[1])\n"
        f"if os.path.isdir(sys.argv[1]): {program}"
    )
    monkeypatch.setattr(fuzz_targets.classify, "__file__", str(script))
    monkeypatch.setattr(fuzz_targets, "_START", 2.0)
    arguments = ["--videos", str(tmp_path / "sound"), "--count", "3"]
    run = ["--run-dir", str(tmp_path), "--progress", "0.1"]

    assert fuzz_videos.main([*arguments, *run]) == 1
    assert f"3  {outcome}" in capsys.readouterr().out


def test_what_kills_a_decoder_is_counted_and_kept(
    write_video, tmp_path, mirror, capsys, monkeypatch
):
    write_video("sound/a.mp4")
    hostile = next((mirror / "video" / "hostile").glob("*.avi")).read_bytes()
    monkeypatch.setattr(
        "projects.video_activity.experiments.mutations.mutate", lambda *_: hostile
    )

    code = fuzz_videos.main(
        ["--videos", str(tmp_path / "sound"), "--count", "2"]
        + ["--keep", str(tmp_path / "kept")]
    )

    assert code == 0 and "2  decoder crashed" in capsys.readouterr().out
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_nothing_to_damage(tmp_path):
    with pytest.raises(UserError, match="which has none"):
        fuzz_videos.main(["--videos", str(tmp_path)])


@pytest.fixture
def page():
    """Yield a stand-in for the page: its address, and what it answers.

    Of codes and states the last one stays; states are those of one upload.
    """
    script = {"codes": [201], "states": {}, "seen": []}

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self, code, value):
            body = json.dumps(value).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            script["seen"].append(self.headers["Authorization"])
            number = len(script["seen"])
            self._answer(_next(script["codes"]), {"id": str(number)})

        def do_GET(self):
            number = int(self.path.split("/")[-1])
            state = _next(script["states"].get(number, ["done"]))
            self._answer(200, {"state": state, "error": ""})

        def do_DELETE(self):
            self._answer(200, {})

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", script
        server.shutdown()
        thread.join()


def _next(values):
    return values.pop(0) if len(values) > 1 else values[0]


def _run(write_video, tmp_path, address, count=1):
    write_video("sound/a.mp4")
    arguments = ["--videos", str(tmp_path / "sound"), "--count", str(count)]
    return fuzz_videos.main([*arguments, "--url", address, "--progress", "0.1"])


def test_a_page_stands_it(write_video, tmp_path, page, capsys):
    address, script = page
    script["states"][2] = ["waiting", "running", "done"]
    script["codes"] = [429, 201, 415, 201]

    assert _run(write_video, tmp_path, f"{address}?token=secret-secret", count=2) == 0
    assert "1  refused (415)" in capsys.readouterr().out
    assert set(script["seen"]) == {"Bearer secret-secret"}


def test_a_page_that_fails_is_told_by_the_exit_code(
    write_video, tmp_path, page, capsys
):
    address, script = page
    script["codes"] = [201, 500, 201]

    assert _run(write_video, tmp_path, address) == 1
    assert "1  the page failed" in capsys.readouterr().out


def test_an_analysis_that_does_not_end_has_hung(write_video, tmp_path, page, capsys):
    address, script = page
    script["states"][2] = ["running"]

    assert _run(write_video, tmp_path, address) == 1
    assert "1  hung" in capsys.readouterr().out


def test_a_page_that_is_not_there(write_video, tmp_path):
    with pytest.raises(UserError, match="Check that serve.py runs there"):
        _run(write_video, tmp_path, "http://127.0.0.1:9")
