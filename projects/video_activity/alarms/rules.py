"""When a class raises an alarm, and when that is over."""

from dataclasses import dataclass

from projects.video_activity.alarms.daily_hours import DailyHours
from projects.video_activity.alarms.toml_table import Table

OFF_SHARE = 0.7  # of the threshold at which an incident begins, unless told otherwise
_DAY = 86_400.0


@dataclass(frozen=True)
class Rule:
    """What makes an incident of one class.

    An incident begins when at least `windows` of the latest `of` windows have a
    probability of `on` or more and that has lasted `minimum_seconds`. It ends when
    `clear_windows` judged windows in a row are below `off`; then there is none
    for `cooldown` seconds.

    Attributes:
        label: The class.
        on: Probability from which a window counts.
        off: Probability below which a window speaks against the incident.
        windows: How many windows must count ...
        of: ... of the latest so many.
        minimum_seconds: From the start of the first that counted.
        clear_windows: Windows in a row that end the incident.
        cooldown: Seconds.
        quiet: Stretches of the day in which incidents are not told.
        actions: The names of what is done; None: every action there is.
    """

    label: str
    on: float = 0.8
    off: float = 0.56
    windows: int = 2
    of: int = 3
    minimum_seconds: float = 0.0
    clear_windows: int = 2
    cooldown: float = 60.0
    quiet: tuple[DailyHours, ...] = ()
    actions: tuple[str, ...] | None = None


def read_rule(table: Table) -> Rule:
    """Read a rule out of its table.

    Raises:
        UserError: A key is missing, unknown, or of no sense.
    """
    label = table.text("class")
    on = table.number("on", least=0.01, most=1)
    windows = table.whole("windows", 2, least=1, most=100)
    rule = Rule(
        label,
        on,
        off=table.number("off", round(OFF_SHARE * on, 4), least=0, most=on),
        windows=windows,
        of=table.whole("of", max(3, windows), least=windows, most=100),
        minimum_seconds=table.number("minimum_seconds", 0.0, least=0, most=_DAY),
        clear_windows=table.whole("clear_windows", 2, least=1, most=100),
        cooldown=table.number("cooldown", 60.0, least=0, most=_DAY),
        quiet=_read_hours(table),
        actions=table.texts("actions", None),
    )
    table.finish()
    return rule


def _read_hours(table: Table) -> tuple[DailyHours, ...]:
    texts = table.texts("quiet", ())
    hours = [DailyHours.parse(text) for text in texts]
    if None in hours:
        table.refuse(
            "quiet", 'stretches of the day, like ["08:00-18:00"]', ", ".join(texts)
        )
    return tuple(hours)
