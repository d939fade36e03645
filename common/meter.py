"""How far a long piece of work has come: amount, speed and time left.

`common/progress.py` does the same for the epochs of `Model.fit`.
"""

import sys
import time

from common.errors import note

_SECONDS_BETWEEN_LINES = 10.0


class Meter:
    """A bar on a terminal that vanishes at the end; plain lines in a pipe or file.

        with Meter("training", total=85_000_000, unit="words") as meter:
            meter.show(1_000_000)

    Use it as a context, so that the bar is taken away also after an error.
    """

    def __init__(
        self,
        description: str,
        total: float,
        unit: str,
        *,
        begin: float = 0,
        quiet: bool = False,
    ):
        """Describe the work.

        Args:
            description: What is done, at the beginning of the line.
            total: How much there is to do.
            unit: In what it is counted, in the plural.
            begin: How much was done before, by an interrupted process.
            quiet: Say nothing.
        """
        self.description, self.total, self.unit = description, total, unit
        self._begin, self._done, self._quiet = begin, begin, quiet
        self._began = self._told = time.monotonic()
        self._bar = None

    def __enter__(self) -> "Meter":
        """Begin to count the time."""
        self._began = self._told = time.monotonic()
        if not self._quiet and sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm  # only a terminal needs it

            self._bar = tqdm(
                desc=self.description,
                total=self.total,
                initial=self._begin,
                unit=f" {self.unit}",
                unit_scale=True,
                leave=False,
                dynamic_ncols=True,
            )
        return self

    def begin_at(self, done: float) -> None:
        """Say how much was done before the time that counts began."""
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._begin = self._done = done
        self._began = self._told = time.monotonic()

    def show(self, done: float, remark: str = "") -> None:
        """Say how much is done by now, the beginning included.

        Args:
            done: In the unit of the total.
            remark: What else to tell, such as "loss 2.31".
        """
        moved, self._done = done - self._done, done
        now = time.monotonic()
        if self._bar is not None:
            self._bar.set_postfix_str(remark, refresh=False)
            self._bar.update(moved)
        elif not self._quiet and now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            note(f"{self._line(now)}{remark and ', '}{remark}")

    def __exit__(self, *error: object) -> None:
        """Take the bar away; after success tell the total and the time."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        if error[0] is None and self._done > self._begin and not self._quiet:
            seconds = time.monotonic() - self._began
            speed = _scale((self._done - self._begin) / max(seconds, 1e-9))
            amount = f"{_scale(self._done)} {self.unit}"
            note(f"{self.description}: {amount} in {seconds:.1f} s, {speed}/s")

    def _line(self, now: float) -> str:
        speed = (self._done - self._begin) / max(now - self._began, 1e-9)
        line = f"{self.description}: {_scale(self._done)} of {_scale(self.total)}"
        line += f" {self.unit}, {_scale(speed)}/s"
        if speed > 0:
            line += f", {max(0, self.total - self._done) / speed:.0f} s left"
        return line


def _scale(amount: float) -> str:
    """Write an amount with three digits: 12.3 M."""
    for size, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if amount >= 0.9995 * size:  # rounds to 1 of it, not to 1e+03 of the next
            return f"{amount / size:.3g}{name}"
    return f"{amount:.3g}"
