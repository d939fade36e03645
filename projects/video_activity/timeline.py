"""From the verdicts of windows to stretches of time in which one thing goes on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from projects.video_activity.verdicts import Verdict

_GAP = 0.5  # seconds between verdicts that still belong together
_BAR = 20  # characters


@dataclass(frozen=True)
class Stretch:
    """A time of which the same is said.

    Attributes:
        start: Seconds.
        end: Seconds.
        label: The class; None if not judged.
        probability: Of the class, mean over the time; None if not judged.
        reason: Why it was not judged.
    """

    start: float
    end: float
    label: str | None
    probability: float | None
    reason: str = ""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold: milliseconds, probabilities of 4 digits."""
        known = self.probability is not None
        return {
            "start": round(self.start, 3),
            "end": round(self.end, 3),
            "label": self.label,
            "probability": round(self.probability, 4) if known else None,
            "reason": self.reason,
        }

    def __str__(self) -> str:
        """Return one line: "0:30.0 - 0:45.0  criminal 94 %"."""
        when = f"{clock(self.start)} - {clock(self.end)}"
        if self.label is None:
            return f"{when}  not judged: {self.reason}"
        return f"{when}  {self.label} {100 * self.probability:.0f} %"


class Stretches:
    """Merges verdicts of one source as they come, in order of time.

    Where windows overlap, a moment belongs to the window whose middle is nearer.
    """

    def __init__(self) -> None:
        self._number = -1
        self._before: Stretch | None = None  # the last one, but for its last window
        self._window: Stretch | None = None  # what belongs to the last window alone

    def add(self, verdict: Verdict) -> dict[int, Stretch]:
        """Return what is new or has changed, by its number in the row.

        The last stretch grows or another begins; one that was told before becomes
        shorter where the new window is nearer.
        """
        said = (verdict.label, verdict.probability, verdict.reason)
        changed, window = {}, Stretch(verdict.start, verdict.end, *said)
        if self._window is not None:
            end = _boundary(self._window.end, verdict.start)
            self._window = replace(self._window, end=max(end, self._window.start))
            changed[self._number] = self._last()
            window = replace(window, start=max(self._window.end, verdict.start))
        if window.seconds <= 0:
            return changed
        if changed and _belong_together(changed[self._number], window):
            self._before = changed[self._number]
        else:
            self._before, self._number = None, self._number + 1
        self._window = window
        return changed | {self._number: self._last()}

    def _last(self) -> Stretch:
        if self._before is None:
            return self._window
        return _join(self._before, self._window)


def find_stretches(verdicts: Iterable[Verdict]) -> list[Stretch]:
    """Merge verdicts in a row that say the same.

    Args:
        verdicts: Of one source, in order of time.

    Returns:
        Stretches in order that do not overlap; nothing stands where no window was.
    """
    merging, found = Stretches(), dict[int, Stretch]()
    for verdict in verdicts:
        found |= merging.add(verdict)
    return list(found.values())


def share_out(verdicts: Sequence[Verdict]) -> Iterator[tuple[float, float, Verdict]]:
    """Yield begin and end of the time that belongs to each verdict alone."""
    begin = verdicts[0].start if verdicts else 0.0
    for number, verdict in enumerate(verdicts):
        end, begin = verdict.end, max(begin, verdict.start)
        for following in verdicts[number + 1 : number + 2]:
            end = _boundary(end, following.start)
        if end > begin:
            yield begin, end, verdict
        begin = max(begin, end)


def count_seconds(
    stretches: Iterable[Stretch], classes: Sequence[str]
) -> dict[str | None, float]:
    """Return the seconds of each class, and under None those not judged."""
    seconds: dict[str | None, float] = dict.fromkeys([*classes, None], 0.0)
    for stretch in stretches:
        seconds[stretch.label] += stretch.seconds
    return seconds


def describe(verdict: Verdict, width: int = 0) -> str:
    """Return one line with a bar: "0:03.0  criminal  94 %  ###################-".

    Args:
        verdict: Of one window.
        width: Of the longest name of a class, characters.
    """
    when = f"{clock(verdict.start):>7}"
    if verdict.label is None:
        return f"{when}  {'-':{width}}        not judged: {verdict.reason}"
    filled = round(_BAR * verdict.probability)
    bar = filled * "#" + (_BAR - filled) * "-"
    share = f"{100 * verdict.probability:3.0f} %"
    return f"{when}  {verdict.label:{width}}  {share}  {bar}"


def summarize(stretches: Sequence[Stretch], classes: Sequence[str]) -> str:
    """Return the stretches, a line each, and the seconds of each class."""
    counted = count_seconds(stretches, classes)
    shares = [
        f"{name or 'not judged'} {seconds:.1f} s"
        for name, seconds in counted.items()
        if seconds or name
    ]
    return "\n".join([*(f"  {stretch}" for stretch in stretches), ", ".join(shares)])


def clock(seconds: float) -> str:
    """Write a time as people do: 0:07.4, 12:30.0, 1:02:30.0."""
    tenths = round(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{rest // 10:02d}.{rest % 10}"


def _boundary(end: float, start: float) -> float:
    """Return up to when a window counts that ends at `end`; the next starts at `start`.

    Seconds; halfway where they overlap: their middles are equally near there.
    """
    return (end + start) / 2 if start < end else end


def _belong_together(before: Stretch, after: Stretch) -> bool:
    same = (before.label, before.reason) == (after.label, after.reason)
    return same and after.start - before.end <= _GAP


def _join(before: Stretch, after: Stretch) -> Stretch:
    probability = None
    if before.probability is not None:
        share = after.seconds / (before.seconds + after.seconds)
        probability = (1 - share) * before.probability + share * after.probability
    return replace(before, end=after.end, probability=probability)
