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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from common.errors import UserError
from common.option_values import Option, options_of, show, suggest

Config = TypeVar("Config", bound=Any)

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
    options = options_of(ConfigClass)
    preset = _preset_option(presets)
    groups = _by_class(ConfigClass, options)
    if presets:
        groups[0][1].append(preset)
    parser = _build_parser(groups, description)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        flags = [known.flag for known in (preset, *options.values())]
        raise UserError(
            f"Expected only what --help lists. Received: {unknown[0]}."
            + suggest(unknown[0].split("=")[0], flags)
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
    values = {name: getattr(config, name) for name in options_of(type(config))}
    for name, value in values.items():
        if isinstance(value, Path | tuple):
            values[name] = str(value) if isinstance(value, Path) else list(value)
    return values


def config_from_dict(ConfigClass: type[Config], values: Mapping[str, Any]) -> Config:
    """Rebuild a configuration from what `config_to_dict` returned.

    Raises:
        UserError: A field is unknown, missing, of the wrong kind or out of range.
    """
    options = options_of(ConfigClass)
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


def _by_class(
    ConfigClass: type, options: Mapping[str, Option]
) -> list[tuple[str, list[Option]]]:
    """Return the options under the class that declares them, the program's own first.

    The first line of a base's docstring is its heading in `--help`.
    """
    left, groups = dict(options), dict[str, list[Option]]()
    for kind in ConfigClass.__mro__:
        names = [name for name in vars(kind).get("__annotations__", ()) if name in left]
        if names or kind is ConfigClass:
            title = (kind.__doc__ or "").strip().split("\n")[0].rstrip(".")
            groups.setdefault(title, []).extend(left.pop(name) for name in names)
    return list(groups.items())


class _Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message.removeprefix('argument ')}. --help shows how.")


def _preset_option(presets: Mapping[str, Mapping[str, Any]]) -> Option:
    contents = (
        f"{name} is " + " ".join(f"{key}={show(value)}" for key, value in set_.items())
        for name, set_ in presets.items()
    )
    help = f"set of defaults that flags override; {'; '.join(contents)}"
    return Option("preset", None, str, False, False, help, choices=tuple(presets))


def _build_parser(
    groups: Sequence[tuple[str, Sequence[Option]]], description: str
) -> _Parser:
    # Argparse finds the words; defaults, kinds and bounds are this module's own.
    parser = _Parser(
        description=description,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    for number, (title, options) in enumerate(groups):
        place = parser.add_argument_group(title.lower()) if number else parser
        for known in options:
            place.add_argument(known.flag, **_settings(known))
    return parser


def _settings(known: Option) -> dict[str, Any]:
    text = f"{known.help} (default: {show(known.default)})".replace("%", "%%")
    settings: dict[str, Any] = {"help": text}
    if known.scalar is bool:
        settings["action"] = argparse.BooleanOptionalAction
    elif known.choices is not None:
        settings["metavar"] = "{" + ",".join(map(str, known.choices)) + "}"
    else:
        settings["metavar"] = _METAVAR[known.scalar] + (",..." * known.many)
    if known.positional:
        settings["nargs"] = "?"
    return settings
