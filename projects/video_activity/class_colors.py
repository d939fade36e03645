"""A color for each class: green for calm, amber for odd, red for what alarms."""

import re
from collections.abc import Sequence

NOT_JUDGED = "#8696a3"

_TONES = {
    "calm": r"^(no|not|non|without)[^a-z]|normal|safe|calm|empty|quiet|idle|walk",
    "odd": r"suspic|unusual|odd|loiter|maybe|possib|warn|unsure",
    "alarm": r"crim|fight|violen|assault|robb|bully|bulli|theft|steal|crash|attack"
    r"|danger|weapon|fire|vandal|fall",
}
# The same as on the page.
_COLORS = {
    "calm": ("#14917f", "#5d9b3c", "#2f7fb8"),
    "odd": ("#e0a100", "#d17a22", "#b8963e"),
    "alarm": ("#d2331f", "#b3267d", "#8c3b1f"),
    "other": ("#3b6fc9", "#8457c2", "#1f95ad", "#96723f", "#6a7b8a", "#c25d9a"),
}


def choose_colors(classes: Sequence[str]) -> dict[str, str]:
    """Return a color, "#rrggbb", for each class, by what its name suggests.

    Classes of one kind get different colors as long as there are some.
    """
    colors, used = {}, dict.fromkeys(_COLORS, 0)
    for name in classes:
        tone = _tone(name)
        colors[name] = _COLORS[tone][used[tone] % len(_COLORS[tone])]
        used[tone] += 1
    return colors


def to_rgb(color: str) -> tuple[int, int, int]:
    """Return "#rrggbb" as three numbers, 0 to 255."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def _tone(name: str) -> str:
    found = (t for t, words in _TONES.items() if re.search(words, name, re.IGNORECASE))
    return next(found, "other")
