"""The file of alarms: which classes raise them, when, and what is done then."""

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import UserError
from projects.video_activity.alarms.actions.action import Action
from projects.video_activity.alarms.actions.kinds import KINDS
from projects.video_activity.alarms.rules import Rule, read_rule
from projects.video_activity.alarms.toml_table import Table, suggest

_LARGEST = 1 << 20  # bytes


@dataclass(frozen=True)
class Settings:
    """What a file of alarms says.

    Attributes:
        rules: One for each class that raises alarms.
        actions: What can be done, by name, in the order of the file.
        path: The file.
    """

    rules: tuple[Rule, ...]
    actions: Mapping[str, Action]
    path: Path

    def check_classes(self, classes: Sequence[str]) -> None:
        """Refuse alarms for classes that the model does not know.

        Raises:
            UserError: There is one.
        """
        for rule in self.rules:
            if rule.label not in classes:
                raise UserError(
                    f"Expected of `class` in {self.path} one of the classes of the"
                    f" model: {', '.join(classes)}. Received: {rule.label}."
                    f"{suggest(rule.label, classes)}"
                )

    def with_actions(self, actions: Mapping[str, Action]) -> "Settings":
        """Return settings in which every class has these actions."""
        rules = (dataclasses.replace(rule, actions=None) for rule in self.rules)
        return Settings(tuple(rules), actions, self.path)

    def actions_of(self, rule: Rule) -> tuple[str, ...]:
        """Return the names of what is done about a class."""
        return tuple(self.actions) if rule.actions is None else rule.actions


def read_settings(path: Path) -> Settings:
    """Read and check a file of alarms; secrets must be in the environment.

    Raises:
        UserError: There is no such file, it is no TOML, or a key of it is missing,
            unknown or of no sense: file, key, what was expected and received.
    """
    return settings_of(_read(path), path)


def settings_of(values: Mapping[str, Any], path: Path) -> Settings:
    """Check what was read from a file of alarms.

    Raises:
        UserError: See `read_settings`.
    """
    rest = dict(values)
    alarms, actions = rest.pop("alarm", []), rest.pop("action", {})
    for key in rest:
        raise UserError(
            f"Expected in {path} only [[alarm]] and [action.NAME]. Received: {key}."
            f"{suggest(key, ('alarm', 'action'))}"
        )
    settings = Settings(_read_rules(alarms, path), _read_actions(actions, path), path)
    _check_actions(settings)
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise UserError(
            f"Expected a file of alarms. Received: {path} ({error.strerror}). Copy"
            " projects/video_activity/alarms/example.toml and change it."
        ) from None
    try:
        return tomllib.loads(content[:_LARGEST].decode())
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"Expected TOML in {path}. Received: {str(error) or 'too deep a nest'}."
            " Texts stand in double quotes, and each key once."
        ) from None


def _read_rules(alarms: Any, path: Path) -> tuple[Rule, ...]:
    if not (isinstance(alarms, list) and alarms) or not all(
        isinstance(alarm, dict) for alarm in alarms
    ):
        raise UserError(
            f"Expected at least one [[alarm]] in {path}, with double brackets."
            f" Received: {'none' if not alarms else '[alarm]'}."
        )
    rules: dict[str, Rule] = {}
    for number, alarm in enumerate(alarms, start=1):
        rule = read_rule(Table(alarm, f"[[alarm]] number {number}", path))
        if rule.label in rules:
            raise UserError(
                f"Expected one [[alarm]] for each class in {path}. Received: two for"
                f" {rule.label}. Join them."
            )
        rules[rule.label] = rule
    return tuple(rules.values())


def _read_actions(actions: Any, path: Path) -> dict[str, Action]:
    read = {}
    for name, values in actions.items() if isinstance(actions, dict) else ():
        if not isinstance(values, dict):
            break
        table = Table(values, f"[action.{name}]", path)
        kind = table.text("kind", name)
        if kind not in KINDS:
            table.refuse("kind", f"one of {', '.join(KINDS)}", kind)
        read[name] = KINDS[kind].read(table)
        table.finish()
    if not isinstance(actions, dict) or len(read) < len(actions):
        raise UserError(
            f"Expected tables [action.NAME] in {path}. Received: {actions}. Write,"
            " for example, [action.print] on a line of its own."
        )
    return read


def _check_actions(settings: Settings) -> None:
    for number, rule in enumerate(settings.rules, start=1):
        for name in rule.actions or ():
            if name not in settings.actions:
                raise UserError(
                    f"Expected of `actions` in [[alarm]] number {number} of"
                    f" {settings.path} names of its tables [action.NAME]:"
                    f" {', '.join(settings.actions) or 'there are none'}. Received:"
                    f" {name}.{suggest(name, settings.actions)}"
                )
