"""Errors that a user can mend: one clear line on stderr and exit code 2."""

import errno
import os
import sys
from collections.abc import Callable, Sequence

# What the system refuses for reasons that lie with the machine, not with us.
_SYSTEM_REASONS = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "The disk quota is used up",
    errno.EROFS: "The file system is read-only",
    errno.EACCES: "Permission denied",
    errno.EPERM: "Operation not permitted",
}
INTERRUPTED = 130


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
        (disk full, no permission); 130 after Ctrl-C. Any other exception is a
        fault of ours and keeps its traceback.
    """
    try:
        code = main(argv)
        sys.stdout.flush()  # here, so that a closed pipe is met inside the try
        return code
    except UserError as error:
        return _say(str(error), 2)
    except KeyboardInterrupt as stop:
        advice = f" {stop}" if str(stop) else ""
        return _say(f"Interrupted; what was finished is kept.{advice}", INTERRUPTED)
    except BrokenPipeError:
        # The reader (`| head`) has gone; keep the interpreter from telling so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _SYSTEM_REASONS:
            raise
        where = f": {error.filename}" if error.filename else ""
        return _say(f"{_SYSTEM_REASONS[error.errno]}{where}.", 2)


def _say(message: str, code: int) -> int:
    print(
        "error:" if code == 2 else "stopped:",
        " ".join(message.split()),
        file=sys.stderr,
    )
    return code
