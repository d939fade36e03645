"""Ctrl-C that waits for the end of the batch.

Python raises KeyboardInterrupt wherever the program happens to be. Inside
TensorFlow's C++ that crashed the process in two of eight tries (SIGSEGV, SIGABRT).
Here the key is remembered and obeyed before the next batch.
"""

import signal
import threading
from typing import Any

import keras


class Interrupts(keras.callbacks.Callback):
    """A callback, and a context: inside it Ctrl-C ends a training between batches.

    The second Ctrl-C is obeyed at once, as ever. Where SIGINT is ignored, or not in
    the main thread, which alone may handle signals, nothing changes.

        with Interrupts() as interrupts:
            model.fit(..., callbacks=[interrupts])
    """

    def __init__(self) -> None:
        super().__init__()
        self._pressed = False
        self._before: Any = None

    def __enter__(self) -> "Interrupts":
        """Take the key."""
        main = threading.current_thread() is threading.main_thread()
        if main and callable(signal.getsignal(signal.SIGINT)):
            self._before = signal.signal(signal.SIGINT, self._remember)
        return self

    def __exit__(self, *error: object) -> None:
        """Give the key back; obey it if it was pressed after the last batch."""
        self._give_back()
        if error[0] is None:
            self._obey()

    def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
        """End the training here if Ctrl-C was pressed."""
        self._obey()

    def on_test_batch_begin(self, batch: int, logs: dict | None = None) -> None:
        """End the validation here if Ctrl-C was pressed."""
        self._obey()

    def _remember(self, number: int, frame: object) -> None:
        self._pressed = True
        self._give_back()

    def _give_back(self) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    def _obey(self) -> None:
        if self._pressed:
            self._pressed = False
            raise KeyboardInterrupt
