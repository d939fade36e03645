"""How a training is getting on: a bar on a terminal, plain lines elsewhere."""

import sys
import time

import keras
from tqdm import tqdm

from common.errors import note

_SECONDS_BETWEEN_LINES = 10.0


class Progress(keras.callbacks.Callback):
    """Tell epoch, losses and time left on stderr.

    On a terminal a bar that vanishes at the end, made for many short trainings in
    a row. In a pipe or a file plain lines: at the beginning, at the end, and at
    most every ten seconds between.
    """

    def __init__(self, description: str = "training", *, quiet: bool = False):
        """Describe the training.

        Args:
            description: Its name at the beginning of the line, such as
                "fold 2/5, seed 1/3".
            quiet: Say nothing.
        """
        super().__init__()
        self.description = description
        self._quiet = quiet
        self._bar: tqdm | None = None
        self._first = 0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Wait for the first epoch: only it knows where a resumed one begins."""
        self._bar = None
        self._began = self._told = 0.0
        self._last = ""

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Begin with the first epoch of this process."""
        if self._quiet or self._began:
            return
        self._first = epoch
        self._began = self._told = time.monotonic()
        if _on_terminal():
            self._bar = tqdm(
                desc=self.description,
                total=self.params["epochs"],
                initial=epoch,
                unit="epoch",
                leave=False,
                dynamic_ncols=True,
            )
        else:
            self._tell(f"from epoch {epoch + 1} to {self.params['epochs']}")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Show the losses of an epoch."""
        if self._quiet:
            return
        losses = {k: v for k, v in (logs or {}).items() if k in ("loss", "val_loss")}
        if self._bar is not None:
            self._bar.set_postfix(losses, refresh=False)
            self._bar.update()
            return
        values = "".join(f", {name} {value:.4g}" for name, value in losses.items())
        self._last = f"epoch {epoch + 1}/{self.params['epochs']}{values}"
        now = time.monotonic()
        if now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            each = (now - self._began) / (epoch + 1 - self._first)
            left = each * (self.params["epochs"] - epoch - 1)
            self._tell(f"{self._last}, {left:.0f} s left")

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Leave a terminal clean, a log with the last values."""
        self.close()
        if self._began and not _on_terminal():
            took = time.monotonic() - self._began
            self._tell(f"done at {self._last}, {took:.1f} s")

    def close(self) -> None:
        """Take the bar away, also when the training ends by an error."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _tell(self, text: str) -> None:
        note(f"{self.description}: {text}")


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
