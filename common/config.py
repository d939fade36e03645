"""A frozen dataclass is the command line: one name in code, flag and config.json.

    @dataclasses.dataclass(frozen=True)
    class Config:
        context_length: int = option(60, "trading days in one window", minimum=1)

    config, given = parse_config(Config, argv, "Train the forecaster.")

A field may be an int, float, str, bool or Path, one of these or None, or a tuple
of ints, floats or strs, which is a comma-separated list on the command line. The
word `none` gives None, except where text is wanted: there it is a word.
"""

import argparse
import dataclasses
import math
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from common.errors import UserError

Config = TypeVar("Config")

_EXPECTED = {
    int: "a whole number",
    float: "a finite number",
    str: "text",
    Path: "a path",
    bool: "true or false",
}
_METAVAR = {int: "INT", float: "FLOAT", str: "TEXT", Path: "PATH"}


def option(
    default: Any,
    help: str,
    *,
    choices: Sequence[Any] | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    positional: bool = False,
) -> Any:
    """Declare one option of a program, as the default of a dataclass field.

    Args:
        default: The value when neither a flag nor a preset gives one.
        help: One phrase for `--help`, with the unit.
        choices: The values that are accepted; None accepts all.
        minimum: The least accepted number; bounds also hold inside a tuple.
        maximum: The greatest accepted number.
        positional: Whether the value is given without a flag (one field at most).

    Returns:
        A `dataclasses.Field`.
    """
    rules = {"choices": choices, "minimum": minimum, "maximum": maximum}
    metadata = {"help": help, "positional": positional, **rules}
    return dataclasses.field(default=default, metadata=metadata)


def parse_config(
    ConfigClass: type[Config],
    argv: Sequence[str] | None,
    description: str,
    presets: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[Config, frozenset[str]]:
    """Read a configuration from the command line.

    Args:
        ConfigClass: A frozen dataclass whose fields are all made by `option`.
        argv: The arguments (None: those of the process).
        description: What the program does, for `--help`.
        presets: Named sets of defaults for `--preset`; flags override them.

    Returns:
        The configuration, and the names of the fields that the command line
        spoke of, by a flag or by `--preset`: a resumed run must not contradict
        these.

    Raises:
        UserError: An unknown flag, a value of the wrong kind or out of range, or
            a contradiction that `ConfigClass.__post_init__` found.
    """
    presets = presets or {}
    options = _options(ConfigClass)
    preset = _preset_option(presets)
    parser = _build_parser(
        [*options.values(), *([preset] if presets else [])], description
    )
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        flags = [known.flag for known in (preset, *options.values())]
        raise UserError(
            f"Expected only what --help lists. Received: {unknown[0]}."
            + _suggest(unknown[0].split("=")[0], flags)
        )
    texts = vars(arguments)
    given: dict[str, Any] = {}
    if preset.name in texts:
        chosen = texts.pop(preset.name)
        preset.check(preset.flag, chosen)
        given |= presets[chosen]
    given |= {name: options[name].parse(text) for name, text in texts.items()}
    for name, known in options.items():
        known.check(known.flag, given.get(name, known.default))
    return ConfigClass(**given), frozenset(given)


def select(Part: type[Config], config: Any) -> Config:
    """Return the dataclass `Part` with the fields of `config` of the same names."""
    names = [field.name for field in dataclasses.fields(Part)]
    return Part(**{name: getattr(config, name) for name in names})


def config_to_dict(config: Any) -> dict[str, Any]:
    """Return the fields of `config` as values that JSON can hold."""
    values = {name: getattr(config, name) for name in _options(type(config))}
    for name, value in values.items():
        if isinstance(value, Path | tuple):
            values[name] = str(value) if isinstance(value, Path) else list(value)
    return values


def config_from_dict(ConfigClass: type[Config], values: Mapping[str, Any]) -> Config:
    """Rebuild a configuration from what `config_to_dict` returned.

    Raises:
        UserError: A field is unknown, missing, of the wrong kind or out of range.
    """
    options = _options(ConfigClass)
    unknown = [name for name in values if name not in options]
    missing = [name for name in options if name not in values]
    if unknown or missing:
        raise UserError(
            "The saved configuration must have the options of this program. "
            f"Received: unknown {unknown}, missing {missing}. It belongs to another "
            "program or version; use that one, or train again."
        )
    revived = {name: options[name].revive(value) for name, value in values.items()}
    for name, value in revived.items():
        options[name].check(f"{name} in the saved configuration", value)
    return ConfigClass(**revived)


@dataclasses.dataclass(frozen=True)
class _Option:
    """One field of a configuration: its kind, its bounds and its flag."""

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
        kinds = (int, float) if self.scalar is float else self.scalar
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
            f"Received: {_show(value)}.{_suggest(_show(value), choices)}"
        )


def _options(ConfigClass: type) -> dict[str, _Option]:
    hints = typing.get_type_hints(ConfigClass)
    return {
        field.name: _Option(
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


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message.removeprefix('argument ')}. --help shows how.")


def _preset_option(presets: Mapping[str, Mapping[str, Any]]) -> _Option:
    contents = (
        f"{name} is " + " ".join(f"{key}={_show(value)}" for key, value in set_.items())
        for name, set_ in presets.items()
    )
    help = f"set of defaults that flags override; {'; '.join(contents)}"
    return _Option("preset", None, str, False, False, help, choices=tuple(presets))


def _build_parser(options: Iterable[_Option], description: str) -> _Parser:
    # Argparse finds the words; defaults, kinds and bounds are this module's own.
    parser = _Parser(
        description=description,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    for known in options:
        text = f"{known.help} (default: {_show(known.default)})".replace("%", "%%")
        settings: dict[str, Any] = {"help": text}
        if known.scalar is bool:
            settings["action"] = argparse.BooleanOptionalAction
        elif known.choices is not None:
            settings["metavar"] = "{" + ",".join(map(str, known.choices)) + "}"
        else:
            settings["metavar"] = _METAVAR[known.scalar] + (",..." * known.many)
        if known.positional:
            settings["nargs"] = "?"
        parser.add_argument(known.flag, **settings)
    return parser


def _show(value: Any) -> str:
    """Write a value as the command line takes it."""
    if isinstance(value, tuple):
        return ",".join(map(_show, value))
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return str(value) or "(empty)"


def _suggest(word: str, known: Iterable[str]) -> str:
    import difflib  # only a mistake needs it

    known = list(known)
    near = [name for name in known if word and name.startswith(word)]
    near = near or difflib.get_close_matches(word, known, 1, cutoff=0.7)
    return f" Did you mean {near[0]}?" if near else ""
