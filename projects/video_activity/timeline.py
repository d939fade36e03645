"""From the verdicts of windows to stretches of time in which one thing goes on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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

    def __str__(self) -> str:
        """Return one line: "0:30.0 - 0:45.0  criminal 94 %"."""
        when = f"{clock(self.start)} - {clock(self.end)}"
        if self.label is None:
            return f"{when}  not judged: {self.reason}"
        return f"{when}  {self.label} {100 * self.probability:.0f} %"


def find_stretches(verdicts: Iterable[Verdict]) -> list[Stretch]:
    """Merge verdicts in a row that say the same.

    Args:
        verdicts: Of one source, in order of time. Where windows overlap, a moment
            belongs to the window whose middle is nearer.

    Returns:
        Stretches in order that do not overlap; nothing stands where no window was.
    """
    stretches: list[Stretch] = []
    for start, end, verdict in share_out(list(verdicts)):
        same = (verdict.label, verdict.probability, verdict.reason)
        new = Stretch(start, end, *same)
        if stretches and _belong_together(stretches[-1], new):
            stretches[-1] = _join(stretches[-1], new)
        else:
            stretches.append(new)
    return stretches


def share_out(verdicts: Sequence[Verdict]) -> Iterator[tuple[float, float, Verdict]]:
    """Yield begin and end of the time that belongs to each verdict alone."""
    begin = verdicts[0].start if verdicts else 0.0
    for number, verdict in enumerate(verdicts):
        end, following = verdict.end, verdicts[number + 1 : number + 2]
        begin = max(begin, verdict.start)
        if following and following[0].start < end:
            end = (end + following[0].start) / 2
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


def _belong_together(before: Stretch, after: Stretch) -> bool:
    same = (before.label, before.reason) == (after.label, after.reason)
    return same and after.start - before.end <= _GAP


def _join(before: Stretch, after: Stretch) -> Stretch:
    probability = None
    if before.probability is not None:
        weighted = before.seconds * before.probability
        weighted += after.seconds * after.probability
        probability = weighted / (before.seconds + after.seconds)
    return replace(before, end=after.end, probability=probability)
