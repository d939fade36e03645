"""A file is the old one or the whole new one, and a lock dies with its holder."""

import contextlib
import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from common.errors import UserError
from common.files import atomic_write, locked, read_json, write_json, write_text


def _python(program, *arguments, **settings):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **settings)


def _only(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_new_file_has_the_usual_rights_and_nothing_lies_beside_it(tmp_path):
    write_text(tmp_path / "a.txt", "春\n")
    assert (tmp_path / "a.txt").read_bytes() == "春\n".encode()
    (tmp_path / "usual").touch()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert _only(tmp_path) == ["a.txt", "usual"]


def test_the_temporary_path_is_another_with_the_same_name(tmp_path):
    target = tmp_path / "model.weights.h5"
    with atomic_write(target) as temporary:
        assert temporary.name == target.name
        assert temporary.parent.parent == tmp_path
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_while_writing_keeps_the_old_file(tmp_path, error):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(error), atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise error
    assert (tmp_path / "a.txt").read_text() == "old"
    assert _only(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_disk_that_fills_up_at_the_last_step_keeps_the_old_file(
    tmp_path, monkeypatch, name
):
    def fail(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    write_text(tmp_path / "a.txt", "old")
    monkeypatch.setattr(os, name, fail)
    with pytest.raises(OSError, match="No space"):
        write_text(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert _only(tmp_path) == ["a.txt"]


def test_a_folder_that_cannot_be_synced_is_no_error(tmp_path, monkeypatch):
    sync = os.fsync

    def only_files(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    write_text(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_file_over_the_limit_of_the_system_keeps_the_old_one(tmp_path):
    program = (
        "import resource, sys; from common.errors import run_main\n"
        "from common.files import write_text\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "run_main(lambda argv: write_text(argv[0], 'x' * 100_000), sys.argv[1:])"
    )
    write_text(tmp_path / "a.txt", "old")
    process = _python(program, tmp_path / "a.txt", stderr=subprocess.STDOUT)
    assert process.communicate()[0].startswith("error: The file is larger")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert _only(tmp_path) == ["a.txt"]


def test_a_really_full_disk_keeps_the_old_file(tmp_path):
    program = (
        "import os, sys; from common.errors import run_main\n"
        "from common.files import write_text\n"
        "path = sys.argv[1] + '/a.txt'; write_text(path, 'old')\n"
        "code = run_main(lambda argv: write_text(path, 'x' * 200_000))\n"
        "print(code, open(path).read(), os.listdir(sys.argv[1]))"
    )
    disk = f"mount -t tmpfs -o size=64k none {tmp_path}"
    inside = f'{disk} && exec "$0" -c "$1" {tmp_path}'
    command = ["unshare", "-rm", "sh", "-c"]
    if subprocess.run([*command, disk], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    result = subprocess.run(
        [*command, inside, sys.executable, program], capture_output=True, text=True
    )
    assert result.stderr == "error: The disk is full.\n"
    assert result.stdout == "2 old ['a.txt']\n"


def test_killed_at_any_moment_the_file_is_whole(tmp_path):
    program = (
        "import sys, zipfile; from common.files import atomic_write\n"
        "for number in range(10**6):\n"
        "    with atomic_write(sys.argv[1]) as temporary:\n"
        "        with zipfile.ZipFile(temporary, 'w') as archive:\n"
        "            archive.writestr('weights', bytes(300_000))\n"
        "    if number == 0: print('ready', flush=True)"
    )
    for delay in (0.0, 0.003, 0.011):
        process = _python(program, tmp_path / "model.zip")
        process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        process.kill()
        process.communicate()
        assert zipfile.ZipFile(tmp_path / "model.zip").testzip() is None
    for path in tmp_path.glob(".*.tmp"):
        shutil.rmtree(path)
    assert _only(tmp_path) == ["model.zip"]


def test_json_is_readable_ordered_and_standard(tmp_path):
    value = {"z": np.float32(0.5), "a": [float("nan"), np.float64("inf"), 1.5]}
    value |= {"n": np.arange(3), "p": Path("a/春"), "t": (True, None), "i": np.int64(7)}
    write_json(tmp_path / "a.json", value)
    expected = {"z": 0.5, "a": [None, None, 1.5], "n": [0, 1, 2], "p": "a/春"}
    expected |= {"t": [True, None], "i": 7}
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text == json.dumps(expected, indent=2, ensure_ascii=False) + "\n"
    assert list(read_json(tmp_path / "a.json", "scores")) == list("zanpti")


def test_a_file_name_that_is_no_utf8_survives_json(tmp_path):
    name = os.fsdecode(b"\xff.csv")
    write_json(tmp_path / "a.json", {"path": name})
    assert read_json(tmp_path / "a.json", "a path") == {"path": name}


def test_what_json_cannot_hold_is_a_fault_and_writes_nothing(tmp_path):
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", {"x": object()})
    assert _only(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        (b"", "broken JSON"),
        (b'{"a": 1', "broken JSON"),
        (b"\xff\xfe\xff", "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
    ],
)
def test_unreadable_json_is_told_with_its_name(tmp_path, content, reason):
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    expected = f"Expected the scaler in {tmp_path}/a.json. Received: {reason}"
    with pytest.raises(UserError) as caught:
        read_json(tmp_path / "a.json", "the scaler")
    assert str(caught.value).startswith(expected)


HOLDER = (
    "import sys, time; from common.files import locked\n"
    "with locked(sys.argv[1], 'busy'): print('held', flush=True); time.sleep(60)"
)


def test_a_lock_keeps_others_out_until_its_holder_is_killed(tmp_path):
    holder = _python(HOLDER, tmp_path / ".lock")
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(UserError, match="^busy$"), locked(tmp_path / ".lock", "busy"):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with locked(tmp_path / ".lock", "busy"):
        pass
    with locked(tmp_path / ".lock", "busy"):  # and again after an orderly end
        pass


def test_who_waits_for_a_lock_says_so_and_gets_it(tmp_path):
    holder = _python(HOLDER, tmp_path / ".lock")
    holder.stdout.readline()
    program = (
        "import sys; from common.files import locked\n"
        "with locked(sys.argv[1], 'waiting', wait=True): print('mine')"
    )
    waiter = _python(program, tmp_path / ".lock", stderr=subprocess.PIPE)
    assert waiter.stderr.readline() == "waiting\n"
    assert waiter.poll() is None
    holder.kill()
    holder.communicate()
    assert waiter.communicate(timeout=10) == ("mine\n", "")
