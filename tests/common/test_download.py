"""A file comes whole and right, or not at all; the only network is the loopback."""

import hashlib
import http.server
import os
import subprocess
import sys
import termios
import threading
from dataclasses import replace

import pytest

from common import download
from common.download import Source, fetch
from common.errors import UserError
from common.files import locked

CONTENT = bytes(range(256)) * 40
HALF = len(CONTENT) // 2
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Serve CONTENT; the path says with which faults, one word each."""

    def do_GET(self):
        faults = self.path.strip("/").split("-")
        wanted = self.headers.get("Range")
        self.server.seen.append(wanted)
        if "missing" in faults:
            return self.send_error(404)
        start = 0
        if wanted and "norange" not in faults:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        body = CONTENT[start:]
        if "changed" in faults:
            body = bytes(len(body))
        if "long" in faults:
            body += b"more"
        self.send_response(206 if start else 200)
        if "unsized" not in faults:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = "alwayscut" in faults or ("cut" in faults and len(self.server.seen) == 1)
        self.wfile.write(body[:HALF] if cut else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    """Serve on the loopback; `seen` holds the Range header of each request."""
    for name in (download.CACHE_VARIABLE, download.MIRROR_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(download, "_PAUSE", 0.0)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def source(server):
    """Describe the file; `source("cut")` is its address with that fault."""

    def describe(faults="plain", **changes):
        url = f"http://127.0.0.1:{server.server_port}/{faults}"
        facts = {"sha256": SHA256, "size": len(CONTENT), "licence": "CC0"}
        names = {"name": "a.bin", "citation": "Nobody", "mirror_path": "toys/a.bin"}
        return Source(url=url, **facts | names | changes)

    return describe


def _refusal(*arguments):
    with pytest.raises(UserError) as caught:
        fetch(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def _visible(folder):
    return {path.name for path in folder.iterdir() if path.name[0] != "."}


def test_a_plain_download_is_announced_and_stays(server, source, tmp_path, capsys):
    path = fetch(source(), tmp_path / "new" / "cache")
    assert path == tmp_path / "new" / "cache" / "a.bin"
    assert path.read_bytes() == CONTENT
    assert _visible(path.parent) == {"a.bin"}
    assert capsys.readouterr() == (
        "",
        f"fetching a.bin (10,240 bytes, licence: CC0) from {source().url} to {path}\n",
    )
    assert fetch(source(), path.parent) == path
    assert capsys.readouterr().err == ""
    assert server.seen == [None]


def test_the_environment_names_the_cache(server, source, tmp_path, monkeypatch):
    monkeypatch.setenv(download.CACHE_VARIABLE, str(tmp_path))
    assert fetch(source()) == tmp_path / "a.bin"


def test_the_default_cache_is_in_the_repository(server, source, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "REPOSITORY", tmp_path)
    assert fetch(source()) == tmp_path / "data" / "a.bin"


@pytest.mark.parametrize("cached", [CONTENT[:-1], bytes(len(CONTENT))])
def test_a_changed_file_in_the_cache_is_told_and_kept(server, source, tmp_path, cached):
    (tmp_path / "a.bin").write_bytes(cached)
    message = _refusal(source(), tmp_path)
    assert f"in {tmp_path}/a.bin. Remove it" in message
    assert (tmp_path / "a.bin").read_bytes() == cached
    assert server.seen == []


def test_a_cut_connection_is_taken_up_where_it_broke(server, source, tmp_path):
    assert fetch(source("cut"), tmp_path).read_bytes() == CONTENT
    assert server.seen == [None, f"bytes={HALF}-"]


def test_a_killed_download_is_taken_up_by_the_next(server, source, tmp_path):
    (tmp_path / "a.bin.part").write_bytes(CONTENT[:100])
    assert fetch(source(), tmp_path).read_bytes() == CONTENT
    assert server.seen == ["bytes=100-"]
    assert _visible(tmp_path) == {"a.bin"}


def test_a_complete_part_needs_no_server(server, source, tmp_path):
    (tmp_path / "a.bin.part").write_bytes(CONTENT)
    assert fetch(source(), tmp_path).read_bytes() == CONTENT
    assert server.seen == []


@pytest.mark.parametrize("faults", ["norange", "norange-cut", "norange-unsized-cut"])
def test_a_server_without_ranges_begins_again(server, source, tmp_path, faults):
    (tmp_path / "a.bin.part").write_bytes(b"stale")
    assert fetch(source(faults), tmp_path).read_bytes() == CONTENT
    assert server.seen[0] == "bytes=5-"


def test_a_connection_cut_at_the_same_place_is_given_up(server, source, tmp_path):
    message = _refusal(source("norange-alwayscut"), tmp_path)
    assert "(the connection was cut)" in message or "IncompleteRead" in message
    assert len(server.seen) == 2
    assert not (tmp_path / "a.bin").exists()


@pytest.mark.parametrize("faults", ["changed", "unsized-long", "cut-changed"])
def test_wrong_content_is_removed(server, source, tmp_path, faults):
    assert "It was removed" in _refusal(source(faults), tmp_path)
    assert _visible(tmp_path) == set()
    assert fetch(source(), tmp_path).read_bytes() == CONTENT


def test_never_more_than_one_byte_too_many_is_read(server, source, tmp_path):
    message = _refusal(source("unsized", size=10), tmp_path)
    assert "Expected 10 bytes for a.bin. Received: 11 bytes" in message


def test_a_wrong_length_is_refused_before_anything_is_written(server, source, tmp_path):
    message = _refusal(source("long"), tmp_path)
    assert "(it offers 10,244 bytes, not 10,240)" in message
    assert _visible(tmp_path) == set()


def test_a_missing_page_is_told_with_every_way_out(server, source, tmp_path):
    assert _refusal(source("missing"), tmp_path) == (
        f"a.bin could not be fetched from {source('missing').url} "
        f"(HTTP Error 404: Not Found). Try again, or put the file at "
        f"{tmp_path}/a.bin, or set KERAS_PROJECTS_MIRROR to a folder that has it at "
        "toys/a.bin."
    )
    assert server.seen == [None]


def test_offline_is_told_in_the_same_way(server, source, tmp_path):
    closed = replace(source(), url="http://127.0.0.1:9/a.bin")
    message = _refusal(closed, tmp_path)
    assert closed.url in message and "refused" in message
    assert f"{tmp_path}/a.bin" in message and "KERAS_PROJECTS_MIRROR" in message


def test_a_silent_server_is_given_up(source, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_TIMEOUT", 0.05)
    with http.server.HTTPServer(("127.0.0.1", 0), _Handler) as deaf:
        url = f"http://127.0.0.1:{deaf.server_port}/plain"
        assert "timed out" in _refusal(replace(source(), url=url), tmp_path)


def test_a_full_disk_is_no_network_trouble(server, source, tmp_path):
    (tmp_path / "a.bin.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        fetch(source("unsized"), tmp_path)


def test_only_the_web_is_asked(server, source, tmp_path):
    with pytest.raises(ValueError, match="http or https"):
        fetch(replace(source(), url="file:///etc/hostname"), tmp_path)


@pytest.fixture
def toys(tmp_path, monkeypatch):
    """Make an offline mirror; return the file in it."""
    monkeypatch.setenv(download.MIRROR_VARIABLE, str(tmp_path / "mirror"))
    copy = tmp_path / "mirror" / "toys" / "a.bin"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(CONTENT)
    return copy


def test_the_mirror_is_used_in_place(server, source, tmp_path, toys):
    assert fetch(source(), tmp_path / "cache") == toys
    assert not (tmp_path / "cache").exists()
    assert server.seen == []


def test_the_cache_comes_before_the_mirror(server, source, tmp_path, toys):
    (tmp_path / "a.bin").write_bytes(CONTENT)
    assert fetch(source(), tmp_path) == tmp_path / "a.bin"


def test_wrong_content_in_the_mirror_is_told_and_kept(server, source, tmp_path, toys):
    toys.write_bytes(bytes(len(CONTENT)))
    message = _refusal(source(), tmp_path)
    assert f"in {toys}. Mend the mirror or unset KERAS_PROJECTS_MIRROR." in message
    assert SHA256 in message
    assert toys.exists() and server.seen == []


def test_a_mirror_without_the_file_leaves_it_to_the_web(server, source, tmp_path, toys):
    toys.unlink()
    assert fetch(source(), tmp_path / "cache").read_bytes() == CONTENT


def test_processes_that_want_it_at_once_wait_and_bring_it_once(
    server, source, tmp_path
):
    program = (
        "import sys; from common.download import Source, fetch\n"
        f"print(fetch({source()!r}, sys.argv[1]).read_bytes() == {CONTENT!r})"
    )
    command = [sys.executable, "-c", program, tmp_path]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with locked(tmp_path / ".a.bin.lock", "not busy"):
        starts = [subprocess.Popen(command, **streams) for _ in range(3)]
        notes = [start.stderr.readline() for start in starts]
    assert notes == [b"waiting for another process that fetches a.bin\n"] * 3
    assert [start.communicate()[0] for start in starts] == [b"True\n"] * 3
    assert server.seen == [None]
    assert _visible(tmp_path) == {"a.bin"}


def test_a_terminal_sees_how_far_it_is(server, source, tmp_path):
    near, far = os.openpty()
    termios.tcsetwinsize(far, (24, 100))
    program = f"from common.download import *; fetch({source()!r}, {str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", program], stderr=far, check=True)
    os.close(far)
    shown = os.read(near, 10_000).decode()
    os.close(near)
    assert "100%" in shown
