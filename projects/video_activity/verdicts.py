"""What was seen in a stretch of time, and files of it."""

import contextlib
import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from common.errors import UserError
from common.files import atomic_write

FORMATS = (".csv", ".jsonl")
_COLUMNS = ("file", "start", "end", "label", "judged", "reason")


@dataclass(frozen=True)
class Verdict:
    """What the model says of one window, or why it says nothing.

    Attributes:
        start: Time of the first frame, seconds from the start of the source.
        end: Time up to which it holds, seconds.
        probabilities: Of every class; empty if not judged.
        label: The likeliest class; None if not judged.
        judged: Whether the model was asked.
        reason: Why it was not ("the camera moves"); empty if it was.
    """

    start: float
    end: float
    probabilities: Mapping[str, float] = field(default_factory=dict)
    label: str | None = None
    judged: bool = False
    reason: str = ""

    @classmethod
    def of(
        cls, start: float, end: float, classes: Sequence[str], values: Sequence[float]
    ) -> "Verdict":
        """Return the verdict of a model: the likeliest class, the first of equals."""
        probabilities = dict(zip(classes, map(float, values), strict=True))
        label = max(probabilities, key=probabilities.__getitem__)
        return cls(start, end, probabilities, label, judged=True)

    @classmethod
    def not_judged(cls, start: float, end: float, reason: str) -> "Verdict":
        """Return the verdict of a window that cannot be judged."""
        return cls(start, end, reason=reason)

    @property
    def probability(self) -> float | None:
        """The probability of the label; None if not judged."""
        return None if self.label is None else self.probabilities[self.label]

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold: milliseconds, probabilities of 4 digits."""
        return {
            "start": round(self.start, 3),
            "end": round(self.end, 3),
            "label": self.label,
            "judged": self.judged,
            "reason": self.reason,
            "probabilities": {
                name: round(value, 4) for name, value in self.probabilities.items()
            },
        }

    def to_json(self, file: str | None = None) -> str:
        """Return one line of JSON, with the name of the source if it is given."""
        source = {} if file is None else {"file": file}
        return json.dumps(source | self.to_dict(), ensure_ascii=False)


class VerdictFile:
    """A table of verdicts, .csv or .jsonl by its ending, written row by row.

        with VerdictFile(path, model.classes) as table:
            table.add("porch.mp4", verdict)

    Of files the table is whole or not there. Of a live source, which has no end,
    it grows, and keeps what was written when the program is stopped.
    """

    def __init__(self, path: Path, classes: Sequence[str], *, live: bool = False):
        """Choose the file.

        Args:
            path: Ends with one of `FORMATS`; its folder exists.
            classes: All classes, for the columns of a CSV.
            live: Whether each row must be in the file at once.

        Raises:
            UserError: Another ending, or no such folder.
        """
        check_table_path(path)
        self._path, self._classes, self._live = path, tuple(classes), live
        self._opened = contextlib.ExitStack()

    def __enter__(self) -> "VerdictFile":
        """Open the file, whose folders are made, and write the head of a CSV."""
        self._path.absolute().parent.mkdir(parents=True, exist_ok=True)
        place = self._path
        if not self._live:
            place = self._opened.enter_context(atomic_write(self._path))
        self._file = self._opened.enter_context(
            # A name that is no UTF-8 becomes \udcXX.
            open(place, "w", encoding="utf-8", errors="backslashreplace", newline="")
        )
        self._table = csv.writer(self._file, lineterminator="\n")
        if self._path.suffix == ".csv":
            self._table.writerow([*_COLUMNS, *self._classes])
        return self

    def add(self, file: str, verdict: Verdict) -> None:
        """Write one row.

        Args:
            file: The name of the source.
            verdict: Of one of its windows; its classes are those of this table.
        """
        if self._path.suffix == ".csv":
            cells = {"file": file} | verdict.to_dict()
            shares = cells["probabilities"]
            row = [cells[name] for name in _COLUMNS]
            self._table.writerow([*row, *map(shares.get, self._classes)])
        else:
            self._file.write(verdict.to_json(file) + "\n")
        if self._live:
            self._file.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; a table that is not whole is removed."""
        self._opened.__exit__(kind, error, trace)


def check_table_path(path: Path) -> None:
    """Refuse a table that could not be written.

    Raises:
        UserError: It has an ending that is none of `FORMATS`.
    """
    if path.suffix not in FORMATS:
        raise UserError(
            f"Expected a table that ends with {' or '.join(FORMATS)}. Received:"
            f" {path}. Rename it."
        )
