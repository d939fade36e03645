"""One option of a program: its kind, its bounds, its flag, how it is written."""

import dataclasses
import math
import types
import typing
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from common.errors import UserError

_EXPECTED = {
    int: "a whole number",
    float: "a finite number",
    str: "text",
    Path: "a path",
    bool: "true or false",
}


@dataclasses.dataclass(frozen=True)
class Option:
    """One field of a configuration.

    Attributes:
        name: Of the field.
        default: Its value when nobody speaks of it.
        scalar: int, float, str, Path or bool.
        optional: Whether it may be None.
        many: Whether it is a tuple of scalars.
        help: One phrase.
        positional: Whether it is given without a flag.
        choices: The values that are accepted; None accepts all.
        minimum: The least accepted number.
        maximum: The greatest accepted number.
    """

    name: str
    default: Any
    scalar: type
    optional: bool
    many: bool
    help: str
    positional: bool = False
    choices: Sequence[Any] | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def flag(self) -> str:
        """How the command line calls it."""
        return self.name if self.positional else "--" + self.name.replace("_", "-")

    def parse(self, given: str | bool) -> Any:
        """Return the value of what argparse found: a text, or the bool of a switch."""
        if isinstance(given, bool):
            return given
        if self.optional and given == "none" and self.scalar is not str:
            return None
        items = [item.strip() for item in given.split(",")] if self.many else [given]
        if "" in items and (self.many or self.scalar is Path):
            self._refuse(self.flag, given)  # `Path("")` would be the working folder
        try:
            values = tuple(self.scalar(item) for item in items)
        except ValueError:
            self._refuse(self.flag, given)
        return values if self.many else values[0]

    def revive(self, value: Any) -> Any:
        """Undo what JSON makes of a tuple, a Path and a whole float."""
        if isinstance(value, list):
            return tuple(map(self.revive, value))
        if self.scalar is float and type(value) is int:
            return float(value)
        return Path(value) if self.scalar is Path and type(value) is str else value

    def check(self, label: str, value: Any) -> None:
        """Refuse a value of the wrong kind or out of range."""
        if value is None and self.optional:
            return
        if self.many and type(value) is not tuple:
            self._refuse(label, value)
        if not all(map(self._accepts, value if self.many else (value,))):
            self._refuse(label, value)

    def _accepts(self, value: Any) -> bool:
        if isinstance(value, bool) and self.scalar is not bool:
            return False  # to Python, True is an int
        kinds: Any = (int, float) if self.scalar is float else self.scalar
        return (
            isinstance(value, kinds)
            and (self.scalar is not float or math.isfinite(value))
            and (self.choices is None or value in self.choices)
            and (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
        )

    def _refuse(self, label: str, value: Any) -> NoReturn:
        choices = list(map(str, self.choices or ()))
        expected = f"one of {', '.join(choices)}" if choices else _EXPECTED[self.scalar]
        if self.minimum is not None:
            expected += f", at least {self.minimum}"
        if self.maximum is not None:
            expected += f", at most {self.maximum}"
        raise UserError(
            f"{'Each item of ' if self.many else ''}`{label}` must be {expected}. "
            f"Received: {show(value)}.{suggest(show(value), choices)}"
        )


def options_of(ConfigClass: type) -> dict[str, Option]:
    """Return the options of a dataclass whose fields are made by `option`."""
    hints = typing.get_type_hints(ConfigClass)
    return {
        field.name: Option(
            field.name, field.default, *_kind(hints[field.name]), **field.metadata
        )
        for field in dataclasses.fields(ConfigClass)
    }


def _kind(hint: Any) -> tuple[type, bool, bool]:
    """Return the scalar type of a field, whether it may be None, whether many."""
    kind, optional, many = hint, False, False
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        arms = [arm for arm in typing.get_args(kind) if arm is not types.NoneType]
        kind, optional = (arms[0], True) if len(arms) == 1 else (None, False)
    if typing.get_origin(kind) is tuple and typing.get_args(kind)[1:] == (...,):
        kind, many = typing.get_args(kind)[0], True
    if kind not in _EXPECTED or (many and kind in (bool, Path)):
        raise TypeError(f"A field of a configuration cannot have the type {hint}.")
    return kind, optional, many


def show(value: Any) -> str:
    """Write a value as the command line takes it."""
    if isinstance(value, tuple):
        return ",".join(map(show, value))
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return str(value) or "(empty)"


def suggest(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean ...?" if something like the word is known, else ""."""
    import difflib  # only a mistake needs it

    known = list(known)
    near = [name for name in known if word and name.startswith(word)]
    near = near or difflib.get_close_matches(word, known, 1, cutoff=0.7)
    return f" Did you mean {near[0]}?" if near else ""
