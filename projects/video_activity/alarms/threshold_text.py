"""Thresholds in the text of a file of alarms; the rest of it stays as it is."""

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from common.errors import UserError
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.alarms.settings import settings_of
from projects.video_activity.alarms.thresholds import Choice
from projects.video_activity.given_source import hide_password

_HEADER = re.compile(r"\s*\[")
_ALARM = re.compile(r"\s*\[\[\s*alarm\s*\]\]")
_THRESHOLD = re.compile(r"(\s*)(on|off)\s*=[^#]*?(\s*#.*)?$")

_ACTIONS = """
[action.print]

# example.toml beside the program has the others: sound, clip, webhook, mqtt, email.
"""


def new_text(choices: Sequence[Choice], footage: str) -> str:
    """Return a file with one alarm for each choice.

    Args:
        choices: From `choose_threshold`.
        footage: The name of what they were chosen on, for a comment.
    """
    name = hide_password(footage)
    parts = [f"# Chosen by calibrate.py on {name!a}, on which nothing happened.\n"]
    parts += map(_alarm, choices)
    return "\n".join(parts) + _ACTIONS


def change_text(path: Path, choices: Sequence[Choice]) -> str:
    """Return the text of a file of alarms with other thresholds; comments stay.

    Args:
        path: The file.
        choices: One for each alarm of it, in their order.

    Raises:
        UserError: The thresholds do not stand on lines of their own.
    """
    text = path.read_text(encoding="utf-8")
    lines, number = [], -1
    inside = False
    for line in text.splitlines():
        if _HEADER.match(line):
            inside = bool(_ALARM.match(line))
            number += inside
        found = _THRESHOLD.fullmatch(line) if inside else None
        if not found or number >= len(choices):
            lines.append(line)
        elif found[2] == "on":
            rule, indent, remark = choices[number].rule, found[1], found[3] or ""
            lines += [f"{indent}on = {rule.on}{remark}", f"{indent}off = {rule.off}"]
    changed = "\n".join(lines) + "\n"
    _check(changed, [choice.rule for choice in choices], path)
    return changed


def _alarm(choice: Choice) -> str:
    rule = choice.rule
    label = json.dumps(rule.label, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"""[[alarm]]
# {choice.to_text()}
class = {label}
on = {rule.on}
off = {rule.off}
windows = {rule.windows}
of = {rule.of}
clear_windows = {rule.clear_windows}
cooldown = {rule.cooldown:g}
"""


def _check(text: str, rules: Sequence[Rule], path: Path) -> None:
    try:
        changed = settings_of(tomllib.loads(text), path).rules
    except tomllib.TOMLDecodeError:
        changed = ()
    if list(changed) != list(rules):
        raise UserError(
            f"Expected in {path} each [[alarm]], and each `on` and `off` in it, on a"
            " line of its own. Received: another form of TOML. Rewrite it so."
        )
