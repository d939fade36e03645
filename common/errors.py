"""Errors that a user can mend: one clear line on stderr and exit code 2."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

# What the system refuses for reasons that lie with the machine, not with us.
_SYSTEM_REASONS = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "The disk quota is used up",
    errno.EFBIG: "The file is larger than the system allows",
    errno.EROFS: "The file system is read-only",
    errno.EACCES: "Permission denied",
    errno.EPERM: "Operation not permitted",
}
# As the shell counts programs that end by SIGINT and SIGPIPE.
INTERRUPTED = 130
READER_GONE = 141


class UserError(Exception):
    """A mistake in the input, told as: expected, received, how to mend it."""


def run_main(
    main: Callable[[Sequence[str] | None], int], argv: Sequence[str] | None = None
) -> int:
    """Run an entry point and turn what a user can mend into one line.

    Args:
        main: Takes the arguments (None: those of the process), returns the
            exit code.
        argv: Passed on to `main`.

    Returns:
        The code of `main`; 2 after a `UserError` or a refusal by the system
        (disk full, no permission); 130 after Ctrl-C; 141, silently, when the
        reader of stdout (`| head`) has gone. Any other exception is a fault of
        ours and keeps its traceback.
    """
    try:
        code = main(argv)
        if sys.stdout is not None:
            sys.stdout.flush()  # here, so that a closed pipe is met inside the try
        return code
    except UserError as error:
        return _stop(f"error: {error}", 2)
    except KeyboardInterrupt as stop:
        advice = f"stopped: Interrupted; what was finished is kept. {stop}"
        return _stop(advice, INTERRUPTED)
    except BrokenPipeError:
        _flush(sys.stdout)
        return READER_GONE
    except OSError as error:
        if error.errno not in _SYSTEM_REASONS:
            raise
        where = f": {error.filename}" if error.filename else ""
        return _stop(f"error: {_SYSTEM_REASONS[error.errno]}{where}.", 2)


def note(message: str) -> None:
    """Write one line to stderr, if there is a stderr that takes it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(" ".join(message.split()) + "\n")
        sys.stderr.flush()
    except OSError:
        pass


def _stop(message: str, code: int) -> int:
    _flush(sys.stdout)  # what was printed comes before the reason to stop
    note(message)
    _flush(sys.stderr)
    return code


def _flush(stream: TextIO | None) -> None:
    """Flush a stream; if it takes no more, keep the interpreter's exit quiet."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
