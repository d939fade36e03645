"""A mistake ends in one line and a code, whatever the streams are."""

import errno
import os
import subprocess
import sys

import pytest

from common.errors import INTERRUPTED, READER_GONE, UserError, note, run_main


def _raising(error):
    def main(argv):
        raise error

    return main


def _run(body, **streams):
    """Run `body` as the main of a fresh interpreter; return the process."""
    program = (
        "import os, sys\n"
        "from common.errors import UserError, note, run_main\n"
        f"def main(argv):\n{body}\n    return 0\n"
        "sys.exit(run_main(main))\n"
    )
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, text=True, env=buffered, **streams)


def test_the_code_of_main_is_returned_and_the_arguments_are_passed_on():
    seen = []
    assert run_main(lambda argv: seen.append(argv) or 7, ["--x"]) == 7
    assert seen == [["--x"]]


def test_user_error_is_one_line_on_stderr_and_code_2(capsys):
    message = "`x` must be odd.\n  Received: 2."
    assert run_main(_raising(UserError(message))) == 2
    assert capsys.readouterr() == ("", "error: `x` must be odd. Received: 2.\n")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EFBIG, "The file is larger than the system allows"),
        (errno.EROFS, "The file system is read-only"),
        (errno.EACCES, "Permission denied"),
    ],
)
def test_a_refusal_by_the_system_names_the_file(capsys, number, reason):
    assert run_main(_raising(OSError(number, "told by C", "a.csv"))) == 2
    assert capsys.readouterr().err == f"error: {reason}: a.csv.\n"


def test_a_refusal_without_a_file_name_is_told_too(capsys):
    assert run_main(_raising(OSError(errno.ENOSPC, "no room"))) == 2
    assert capsys.readouterr().err == "error: The disk is full.\n"


@pytest.mark.parametrize("fault", [ValueError("ours"), FileNotFoundError(2, "ours")])
def test_a_fault_of_ours_keeps_its_traceback(fault):
    with pytest.raises(type(fault)):
        run_main(_raising(fault))


@pytest.mark.parametrize("advice", ["", "Go on with --resume."])
def test_interrupt_passes_on_the_advice(capsys, advice):
    assert run_main(_raising(KeyboardInterrupt(advice))) == INTERRUPTED
    line = f"stopped: Interrupted; what was finished is kept. {advice}".strip()
    assert capsys.readouterr().err == line + "\n"


def test_what_was_printed_comes_before_the_error():
    body = "    print('half'); raise UserError('why')"
    result = _run(body, stderr=subprocess.STDOUT)
    assert (result.returncode, result.stdout) == (2, "half\nerror: why\n")


def test_a_full_device_behind_stdout_is_one_line():
    with open("/dev/full", "w") as full:
        result = _run("    print('x')", stdout=full)
    assert (result.returncode, result.stderr) == (2, "error: The disk is full.\n")


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_reader_who_has_gone_ends_the_program_silently(size):
    with subprocess.Popen(["true"], stdin=subprocess.PIPE) as reader:
        reader.wait()
        result = _run(f"    print('x' * {size})", stdout=reader.stdin)
        reader.stdin.close()
    assert (result.returncode, result.stderr) == (READER_GONE, "")


def test_streams_that_are_missing_do_no_harm(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    note("nobody hears this")
    assert run_main(lambda argv: 0) == 0
    assert run_main(_raising(UserError("nor this"))) == 2


def test_a_full_device_behind_stderr_does_not_hide_the_code():
    with open("/dev/full", "w") as full:
        assert _run("    raise UserError('why')", stderr=full).returncode == 2
